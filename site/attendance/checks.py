"""What must hold before the platform starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_LARGEST_ID = 255  # one byte of a pass


@register(Tags.security)
def check_pass_keys(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Passes are signed with a key of their own in production."""
    errors = []
    kids = [kid for kid, _number in settings.PASS_KEYS]
    if len(set(kids)) < len(kids) or any(
        not (0 <= kid <= _LARGEST_ID and 0 < number < _P256_ORDER)
        for kid, number in settings.PASS_KEYS
    ):
        errors.append(
            Error(
                "PASS_KEYS: each id once, from 0 to 255, each key a private number of the curve "
                "P-256 in hexadecimal digits.",
                id="attendance.E001",
            )
        )
    if settings.IS_PRODUCTION and not settings.PASS_KEYS_ARE_OWN:
        errors.append(
            Error(
                "PASS_KEYS is missing: residents' passes would be signed with a key made from "
                "SECRET_KEY.",
                id="attendance.E002",
            )
        )
    return errors
