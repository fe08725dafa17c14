"""The resident's pass: a signed code on their phone, read by a coordinator's device.

The device checks it without a network, so the signature is ECDSA (P-256, SHA-256), which every
browser's WebCrypto knows; the device holds public keys alone and can make no pass.

    pass      = base32(payload (24) | signature (64: r | s)), capitals, without padding: 141 letters
    payload   = pass key id (1) | token key id (1) | day (2) | handle (16) | valid until (4)
    day       = days since 1 January 2020; valid until = seconds since 1970; big-endian
    handle    = AES-256 of the resident's random number, one block, under a key of that day

The handle says to nobody but this platform whose it is, and is another one every day: two
venues cannot tell by it that the same person came. A pass holds for 72 hours, so that it works
after three days without a network.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from common import clock
from common.tokens import BadToken, read_raw

VALID_FOR = timedelta(hours=72)
_FIRST_DAY = date(2020, 1, 1)
_PAYLOAD = 24
_SIDE = 32  # bytes of r, of s, of a coordinate
_SIGNATURE = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True)
class ReadPass:
    """Whose a genuine pass is, and until when it holds."""

    resident_id: UUID
    valid_until: datetime


def make_pass(resident_id: UUID, now: datetime) -> tuple[str, datetime]:
    """A pass made at `now`, and until when it holds."""
    kid, private = settings.PASS_KEYS[0]
    token_kid = settings.TOKEN_KEYS[0][0]
    day = now.astimezone(clock.TOKYO).date()
    until = int((now + VALID_FOR).timestamp())
    handle = _block(token_kid, day).encryptor().update(resident_id.bytes)
    payload = bytes([kid, token_kid]) + _number(day) + handle + until.to_bytes(4, "big")
    r, s = decode_dss_signature(_private(private).sign(payload, _SIGNATURE))
    raw = payload + r.to_bytes(_SIDE, "big") + s.to_bytes(_SIDE, "big")
    return b32encode(raw).decode("ascii").rstrip("="), datetime.fromtimestamp(until, UTC)


def read_pass(text: str) -> ReadPass:
    """Whose pass it is. Raises `BadToken` for a forged or altered one, not for one that is over."""
    raw = read_raw(text)
    if len(raw) != _PAYLOAD + 2 * _SIDE:
        raise BadToken
    payload, signature = raw[:_PAYLOAD], raw[_PAYLOAD:]
    private = dict(settings.PASS_KEYS).get(payload[0])
    if private is None:
        raise BadToken
    r, s = (int.from_bytes(part, "big") for part in (signature[:_SIDE], signature[_SIDE:]))
    try:
        _private(private).public_key().verify(encode_dss_signature(r, s), payload, _SIGNATURE)
    except InvalidSignature:
        raise BadToken from None
    day = _FIRST_DAY + timedelta(days=int.from_bytes(payload[2:4], "big"))
    number = _block(payload[1], day).decryptor().update(payload[4:20])
    until = datetime.fromtimestamp(int.from_bytes(payload[20:], "big"), UTC)
    return ReadPass(UUID(bytes=number), until)


def public_keys() -> list[dict[str, str]]:
    """The keys that passes are checked with, as JWK; `kid` is the payload's first byte."""
    keys = []
    for kid, private in settings.PASS_KEYS:
        numbers = _private(private).public_key().public_numbers()
        x, y = (_urlsafe(number) for number in (numbers.x, numbers.y))
        keys.append({"kid": str(kid), "kty": "EC", "crv": "P-256", "x": x, "y": y})
    return keys


def _urlsafe(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes(_SIDE, "big")).decode("ascii").rstrip("=")


def _private(number: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(number, ec.SECP256R1())


def _number(day: date) -> bytes:
    return (day - _FIRST_DAY).days.to_bytes(2, "big")


def _block(token_kid: int, day: date) -> Cipher[modes.ECB]:
    """One block and no more is ever encrypted with it at a time: what ECB is weak in, repeated
    blocks of one message, cannot arise."""
    key = dict(settings.TOKEN_KEYS).get(token_kid)
    if key is None:
        raise BadToken
    of_the_day = hmac.digest(key, b"pass-handle" + _number(day), hashlib.sha256)
    return Cipher(algorithms.AES(of_the_day), modes.ECB())  # noqa: S305 - see above


def handles_of(resident_id: UUID, days: list[date]) -> list[str]:
    """The handles of a resident's passes of these days, in hexadecimal digits: for the device of a
    session that the resident has signed up for."""
    token_kid = settings.TOKEN_KEYS[0][0]
    return [_block(token_kid, day).encryptor().update(resident_id.bytes).hex() for day in days]
