"""Codes on paper for people on a list: issuing one, printing it, finding whose it is."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.rules import claim_codes
from attendance.models import EarlierCode, EarlierRecord
from attendance.operations.earlier import keys
from common import clock
from common.refusal import Refused
from tenants.actors import at_reception

# As long as it takes to print, also if the printer is out of paper.
SHOWN_FOR = timedelta(hours=1)


@transaction.atomic
def issue_code(row: EarlierRecord, by: User) -> EarlierCode:
    """A code for the person of `row`, printed once and good for a year; ends an older one.

    Raises `Refused("settled")` where nothing of that person's waits.
    """
    if not row.is_open:
        raise Refused("settled")
    now = clock.now()
    EarlierCode.objects.filter(
        municipality_id=row.municipality_id,
        person_key=row.person_key,
        used_at=None,
        ended_at=None,
    ).update(ended_at=now)
    nonce = secrets.token_hex(16)
    return EarlierCode.objects.create(
        municipality_id=row.municipality_id,
        person_key=row.person_key,
        nonce=nonce,
        code_hash=_hash(_code(nonce, settings.TOKEN_KEYS[0][1]), settings.TOKEN_KEYS[0][1]),
        issued_by=by,
        issued_at=now,
        expires_at=now + timedelta(days=settings.CLAIM_CODE_DAYS),
    )


def open_code_of(row: EarlierRecord) -> EarlierCode | None:
    """The code that the person of `row` can use at present."""
    return EarlierCode.objects.filter(
        municipality_id=row.municipality_id,
        person_key=row.person_key,
        used_at=None,
        ended_at=None,
        expires_at__gt=clock.now(),
    ).first()


def printable_code(code: EarlierCode | None, user: User) -> str:
    """What to print, in groups; "" but for whoever issued it, within an hour. Worked out anew
    each time: no table, session or log ever holds it."""
    if code is None or code.issued_by_id != user.pk or code.issued_at + SHOWN_FOR < clock.now():
        return ""
    for _kid, secret in settings.TOKEN_KEYS:
        written = _code(code.nonce, secret)
        if hmac.compare_digest(_hash(written, secret), code.code_hash):
            return claim_codes.grouped(written)
    return ""


def code_named(written: str) -> EarlierCode | None:
    """The open code that reads `written` (see `accounts.rules.claim_codes.read`)."""
    hashes = [_hash(written, secret) for _kid, secret in settings.TOKEN_KEYS]
    with at_reception():
        return (
            EarlierCode.objects.filter(
                code_hash__in=hashes, used_at=None, ended_at=None, expires_at__gt=clock.now()
            )
            .select_related("municipality")
            .first()
        )


def _code(nonce: str, secret: bytes) -> str:
    digest = hmac.digest(secret, b"earlier code" + nonce.encode(), hashlib.sha256)
    return claim_codes.write(int.from_bytes(digest, "big") % claim_codes.NUMBERS)


def _hash(written: str, secret: bytes) -> str:
    return keys.keyed(secret, "code", written)
