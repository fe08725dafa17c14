"""Recovery codes: sixteen digits, as they can be typed on any keyboard and read out."""

from __future__ import annotations

import re

AMOUNT = 10
DIGITS = 16
_CODE = re.compile(rf"\d{{{DIGITS}}}")
_GROUP = 4


def written(digits: str) -> str:
    """In groups of four: 1234-5678-9012-3456."""
    return "-".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def is_code(digits: str) -> bool:
    """Whether these are as many ASCII digits as a code has."""
    return digits.isascii() and _CODE.fullmatch(digits) is not None
