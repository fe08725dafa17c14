"""Values that stand encrypted in the database: AES-256-GCM, key id in front.

A value is `kid:base64url(nonce | ciphertext | tag)`. The nonce is 96 random bits; the place where
the value belongs (model and field) is authenticated with it.

Attacks this answers:
- a dump, a backup or a disk read without the keys: nothing can be read;
- a changed value, or one moved to another column: it does not decrypt;
- a leaked or worn-out key: put a new one first in `FIELD_KEYS`, run `change_field_key`, and drop
  the old one once no value names it. One key is good for 2^32 values (NIST SP 800-38D, 8.3).
It does not hide whether a value is there or how long it is, and does not bind a value to its row:
who can write to the database can swap two residents' values of one field.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


class Unreadable(Exception):
    """The value is damaged, belongs elsewhere, or its key is not among `FIELD_KEYS`."""


def encrypt(text: str, place: str) -> str:
    """`text` under the first of `FIELD_KEYS`, good only at `place`."""
    kid, key = settings.FIELD_KEYS[0]
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, text.encode(), _context(kid, place))
    return f"{kid}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(value: str, place: str) -> str:
    """What `encrypt` was given. Raises `Unreadable`."""
    kid, _colon, body = value.partition(":")
    try:
        key = dict(settings.FIELD_KEYS)[int(kid)]
        raw = base64.b64decode(body, altchars=b"-_", validate=True)
        opened = _cipher(key).decrypt(
            raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _context(int(kid), place)
        )
    except (KeyError, ValueError, binascii.Error, InvalidTag) as problem:
        raise Unreadable(place) from problem
    return opened.decode()


def current_prefix() -> str:
    """What values under the first key begin with."""
    return f"{settings.FIELD_KEYS[0][0]}:"


def _context(kid: int, place: str) -> bytes:
    return f"{kid}:{place}".encode()


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
