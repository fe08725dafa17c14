"""The codes that a participant reads: the poster's, and the one on the coordinator's screen.

`HTTPS://HOST/C/TOKEN`, all in capitals, so that the QR stays in its small alphanumeric mode.

The poster's token names municipality, session, the session's day in Japan and the number of
its key; its MAC ties it to this platform's keys. Times are not in it: a session that begins an
hour later keeps its posters, one that is moved to another day does not.

The rotating token names the half minute it was shown in, in place of the day. Its MAC is made
with a secret of that one session, so that a device that scans for the session goes on without
a network and can make no code of any other:

    secret = HMAC-SHA256(platform key, "rotating" | municipality | session | key number)
    token  = base32(kid | municipality (3) | session (16) | key number (1) | step (4) | MAC (16))
    step   = seconds since 1970, divided by 30; numbers are big-endian
    MAC    = HMAC-SHA256(secret, everything before it), cut to 16 bytes
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.conf import settings

from attendance.enums import CheckInMethod
from common.tokens import MAC_BYTES, BadToken, read_raw, sign, verify
from tenants.hosts import portal_url

STEP_SECONDS = 30
_PURPOSE = "venue"
_CODE_BYTES = 3  # six decimal digits
_NAMED = _CODE_BYTES + 16  # municipality and session
_VENUE_LENGTH = 1 + _NAMED + 2 + 1 + MAC_BYTES
_ROTATING_LENGTH = 1 + _NAMED + 1 + 4 + MAC_BYTES
_FIRST_DAY = date(2020, 1, 1)


@dataclass(frozen=True)
class ReadCode:
    """What a genuine code says. A poster's has the session's `day`, a rotating one `shown_at`,
    the beginning of the half minute it was shown in."""

    municipality_code: str
    session_uuid: UUID
    key_number: int
    way: CheckInMethod
    day: date | None = None
    shown_at: datetime | None = None


def venue_token(municipality_code: str, session_uuid: UUID, day: date, key_number: int) -> str:
    """The signed token of a session that begins on `day` in Japan (R19)."""
    days = (day - _FIRST_DAY).days
    payload = _names(municipality_code, session_uuid) + days.to_bytes(2, "big")
    return sign(_PURPOSE, payload + bytes([key_number]))


def venue_url(municipality_code: str, session_uuid: UUID, day: date, key_number: int) -> str:
    """The address the poster's QR leads to, in capitals."""
    return code_url(venue_token(municipality_code, session_uuid, day, key_number))


def code_url(token: str) -> str:
    return portal_url(f"/c/{token}").upper()


def read_token(token: str) -> ReadCode:
    """What a poster's or a rotating token says. Raises `common.tokens.BadToken` for a forged or
    altered one; whether it holds at this moment is for `attendance.rules.classification`."""
    token = token.upper()
    raw = read_raw(token)
    if len(raw) == _ROTATING_LENGTH:
        return _read_rotating(raw)
    if len(raw) != _VENUE_LENGTH:
        raise BadToken
    payload = verify(_PURPOSE, token)
    days = int.from_bytes(payload[_NAMED : _NAMED + 2], "big")
    return ReadCode(
        *_named(payload),
        key_number=payload[-1],
        way=CheckInMethod.VENUE_CODE,
        day=_FIRST_DAY + timedelta(days=days),
    )


def rotating_secret(
    municipality_code: str, session_uuid: UUID, key_number: int, kid: int | None = None
) -> tuple[int, bytes]:
    """The id of the platform's key and the 32 bytes that a session's rotating codes are made
    with. Raises `BadToken` for a key there is none of."""
    if kid is None:
        kid = settings.TOKEN_KEYS[0][0]
    key = dict(settings.TOKEN_KEYS).get(kid)
    if key is None:
        raise BadToken
    named = b"rotating" + _names(municipality_code, session_uuid) + bytes([key_number])
    return kid, hmac.digest(key, named, hashlib.sha256)


def rotating_token(
    municipality_code: str, session_uuid: UUID, key_number: int, at: datetime
) -> str:
    """The token that a device shows at the moment `at`."""
    kid, secret = rotating_secret(municipality_code, session_uuid, key_number)
    step = int(at.timestamp()) // STEP_SECONDS
    named = _names(municipality_code, session_uuid) + bytes([key_number])
    body = bytes([kid]) + named + step.to_bytes(4, "big")
    return b32encode(body + _mac(secret, body)).decode("ascii").rstrip("=")


def _read_rotating(raw: bytes) -> ReadCode:
    body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    kid, payload = body[0], body[1:]
    municipality_code, session_uuid = _named(payload)
    key_number = payload[_NAMED]
    _kid, secret = rotating_secret(municipality_code, session_uuid, key_number, kid)
    if not hmac.compare_digest(_mac(secret, body), mac):
        raise BadToken
    step = int.from_bytes(payload[_NAMED + 1 :], "big")
    return ReadCode(
        municipality_code,
        session_uuid,
        key_number=key_number,
        way=CheckInMethod.ROTATING_CODE,
        shown_at=datetime.fromtimestamp(step * STEP_SECONDS, UTC),
    )


def _mac(secret: bytes, body: bytes) -> bytes:
    return hmac.digest(secret, body, hashlib.sha256)[:MAC_BYTES]


def _names(municipality_code: str, session_uuid: UUID) -> bytes:
    return int(municipality_code).to_bytes(_CODE_BYTES, "big") + session_uuid.bytes


def _named(payload: bytes) -> tuple[str, UUID]:
    return (
        f"{int.from_bytes(payload[:_CODE_BYTES], 'big'):06d}",
        UUID(bytes=payload[_CODE_BYTES:_NAMED]),
    )
