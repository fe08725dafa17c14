"""Short signed texts for QR codes and links.

A token is base32 of `kid (1 byte) | payload | MAC (16 bytes)`, without padding. Upper-case
letters and the digits 2 to 7 only: QR codes store those in their compact alphanumeric mode,
and nothing needs quoting in a URL. Signed, not secret: whoever holds a token can read its
payload, so it never carries personal data.

Attacks this answers:
- forging or changing a token: HMAC-SHA256, cut to 128 bits, over kid and payload;
- a token made for one purpose used for another (a poster's check-in code shown as a
  certificate): the purpose, with its length, is part of what is signed;
- guessing a MAC byte by byte from response times: comparison in constant time;
- one token written in many ways, to slip past a list of used ones: there is one spelling;
  lower case, padding and spare bits are refused;
- a leaked key: a new one is put first in `TOKEN_KEYS`, old tokens verify until theirs is
  removed.
It does not answer replay or age: who needs that puts a date or a number into the payload.
"""

import base64
import binascii
import hashlib
import hmac

from django.conf import settings

MAC_BYTES = 16


class BadToken(Exception):
    """The text is no token of ours for this purpose. Which check failed is not told."""


def _mac(secret: bytes, purpose: str, body: bytes) -> bytes:
    name = purpose.encode()
    message = len(name).to_bytes(2, "big") + name + body
    return hmac.digest(secret, message, hashlib.sha256)[:MAC_BYTES]


def _encode(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=")


def read_raw(token: str) -> bytes:
    """The bytes of a token in its one spelling, unchecked: for kinds of token that are signed in
    another way. Raises `BadToken`."""
    try:
        raw = base64.b32decode(token + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        raise BadToken from None
    if _encode(raw) != token:  # spare bits set, or padding written out
        raise BadToken
    return raw


def sign(purpose: str, payload: bytes) -> str:
    """A token for `payload`, valid for `purpose` only, made with the first of `TOKEN_KEYS`.

    Length: 8 characters for every 5 of the payload's bytes plus 17.
    """
    kid, secret = settings.TOKEN_KEYS[0]
    body = bytes([kid]) + payload
    return _encode(body + _mac(secret, purpose, body))


def verify(purpose: str, token: str) -> bytes:
    """The payload of a token that any of `TOKEN_KEYS` signed for `purpose`; else BadToken."""
    raw = read_raw(token)
    body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    if not body:
        raise BadToken
    for kid, secret in settings.TOKEN_KEYS:
        if kid == body[0] and hmac.compare_digest(_mac(secret, purpose, body), mac):
            return body[1:]
    raise BadToken
