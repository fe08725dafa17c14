"""The code of the day: six digits for whoever cannot scan, on the poster and typed on the portal.

One in a million guesses is right, so guesses are counted (`accounts.rules.limits`).
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import date
from uuid import UUID

from django.conf import settings

DIGITS = 6


def day_codes(session_uuid: UUID, day: date, key_number: int) -> list[str]:
    """The six digits of a session that begins on `day`: of the platform's present key first, then
    of those that still hold."""
    named = b"day-code" + session_uuid.bytes + day.isoformat().encode() + bytes([key_number])
    codes = []
    for _kid, key in settings.TOKEN_KEYS:
        number = int.from_bytes(hmac.digest(key, named, hashlib.sha256)[:8], "big")
        codes.append(f"{number % 10**DIGITS:0{DIGITS}d}")
    return codes


def is_day_code(typed: str, session_uuid: UUID, day: date, key_number: int) -> bool:
    """Whether `typed` is one of them, compared in constant time."""
    codes = day_codes(session_uuid, day, key_number)
    return any([hmac.compare_digest(typed.encode(), code.encode()) for code in codes])
