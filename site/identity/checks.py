"""What must hold before the platform starts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register
from joserfc.errors import JoseError

from identity.methods.openid import signing_key

_HASH_KEY = 32  # bytes, as SHA-256 gives
_OFFER = ("IDENTITY_ISSUER", "IDENTITY_CLIENT_ID", "IDENTITY_SIGNING_KEY")
_ADDRESSES = (
    "IDENTITY_ISSUER",
    "IDENTITY_AUTHORIZATION_ENDPOINT",
    "IDENTITY_TOKEN_ENDPOINT",
    "IDENTITY_USERINFO_ENDPOINT",
    "IDENTITY_JWKS_URI",
)


@register(Tags.security)
def check_identity(app_configs: Any, **kwargs: Any) -> list[Error]:
    """The provider is set up wholly or not at all, and in production safely."""
    errors = []
    given = [name for name in _OFFER if getattr(settings, name)]
    if given and len(given) < len(_OFFER):
        missing = ", ".join(name for name in _OFFER if name not in given)
        errors.append(Error(f"Identity verification lacks {missing}.", id="identity.E001"))
    fixed = [name for name in _ADDRESSES[1:] if getattr(settings, name)]
    if fixed and len(fixed) < len(_ADDRESSES) - 1:
        errors.append(
            Error("Give all four of the provider's end points, or none.", id="identity.E002")
        )
    if settings.IDENTITY_SIGNING_KEY and not _is_a_key(settings.IDENTITY_SIGNING_KEY):
        errors.append(
            Error(
                "IDENTITY_SIGNING_KEY is no private key on the curve P-256 (PEM or JWK).",
                id="identity.E003",
            )
        )
    return errors + (_in_production() if settings.IS_PRODUCTION else [])


def _in_production() -> list[Error]:
    errors = []
    if not settings.IDENTITY_HASH_KEY_IS_OWN or len(settings.IDENTITY_HASH_KEY) < _HASH_KEY:
        errors.append(
            Error(
                "IDENTITY_HASH_KEY is missing or shorter than 64 hexadecimal digits: whether a "
                "card has an account already could not be told once SECRET_KEY changes.",
                id="identity.E004",
            )
        )
    for name in _ADDRESSES:
        address = getattr(settings, name)
        if address and urlsplit(address).scheme != "https":
            errors.append(Error(f"{name} is not https.", id="identity.E005"))
    return errors


def _is_a_key(text: str) -> bool:
    try:
        key = signing_key(text)
    except (JoseError, ValueError, TypeError):
        return False
    return key.curve_name == "P-256" and key.is_private
