"""The check-in code of a session: what the poster's QR says.

`HTTPS://HOST/C/TOKEN`, all in capitals, so that the QR stays in its small alphanumeric mode.
The token names the municipality and the session; its MAC ties it to this platform's keys.
Times are not in it: a session that is moved keeps its posters.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from common.tokens import sign, verify
from tenants.hosts import portal_url

_PURPOSE = "venue"
_CALENDAR = "calendar"
_CODE_BYTES = 3  # six decimal digits
_LENGTH = _CODE_BYTES + 16


@dataclass(frozen=True)
class VenueCode:
    """What a genuine check-in code says."""

    municipality_code: str
    session_uuid: UUID


def venue_token(municipality_code: str, session_uuid: UUID) -> str:
    """The signed token of one session."""
    return sign(_PURPOSE, int(municipality_code).to_bytes(_CODE_BYTES, "big") + session_uuid.bytes)


def venue_url(municipality_code: str, session_uuid: UUID) -> str:
    """The address the poster's QR leads to, in capitals."""
    return portal_url(f"/c/{venue_token(municipality_code, session_uuid)}").upper()


def read_venue_token(token: str) -> VenueCode:
    """What `token` says. Raises `common.tokens.BadToken` for a forged or altered one."""
    payload = verify(_PURPOSE, token.upper())
    return VenueCode(
        municipality_code=f"{int.from_bytes(payload[:_CODE_BYTES], 'big'):06d}",
        session_uuid=UUID(bytes=payload[_CODE_BYTES:_LENGTH]),
    )


def feed_token(secret: UUID) -> str:
    """The signed token of a resident's calendar: nobody makes one from the database alone."""
    return sign(_CALENDAR, secret.bytes)


def read_feed_token(token: str) -> UUID:
    """The secret in it. Raises `common.tokens.BadToken` for a forged or altered one."""
    return UUID(bytes=verify(_CALENDAR, token.upper()))
