"""Codes on paper: issuing one, printing it, finding whose it is."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import ClaimCode, CounterEntry, User
from accounts.rules import claim_codes
from common import clock
from common.refusal import Refused
from tenants.actors import at_reception

# As long as it takes to print, also if the printer is out of paper.
SHOWN_FOR = timedelta(hours=1)


@transaction.atomic
def issue_claim_code(entry: CounterEntry, issued_by: User) -> ClaimCode:
    """A code for the person of `entry`, printed once and good for a year; ends an older one.

    Raises `Refused("claimed_already")` where the account has become the person's own.
    """
    open_one = ClaimCode.objects.select_for_update(of=("self",)).filter(
        resident_id=entry.resident_id, used_at=None, ended_at=None
    )
    if ClaimCode.objects.filter(resident_id=entry.resident_id).exclude(used_at=None).exists():
        raise Refused("claimed_already")
    now = clock.now()
    for older in open_one:
        older.ended_at = now
        older.save(update_fields=["ended_at"])
    nonce = secrets.token_hex(16)
    return ClaimCode.objects.create(
        resident_id=entry.resident_id,
        municipality_id=entry.municipality_id,
        nonce=nonce,
        code_hash=_hash(_code(nonce, settings.TOKEN_KEYS[0][1]), settings.TOKEN_KEYS[0][1]),
        issued_by=issued_by,
        issued_at=now,
        expires_at=now + timedelta(days=settings.CLAIM_CODE_DAYS),
    )


def open_code_of(entry: CounterEntry) -> ClaimCode | None:
    """The code that the person of `entry` can use at present."""
    return ClaimCode.objects.filter(
        resident_id=entry.resident_id, used_at=None, ended_at=None, expires_at__gt=clock.now()
    ).first()


def printable_code(code: ClaimCode | None, user: User) -> str:
    """What to print, in groups; "" but for whoever issued it, within an hour.

    It is worked out anew each time: no table, session or log ever holds it.
    """
    if code is None or code.issued_by_id != user.pk or code.issued_at + SHOWN_FOR < clock.now():
        return ""
    for _kid, secret in settings.TOKEN_KEYS:
        written = _code(code.nonce, secret)
        if hmac.compare_digest(_hash(written, secret), code.code_hash):
            return claim_codes.grouped(written)
    return ""


def code_named(written: str) -> ClaimCode | None:
    """The open code that reads `written` (see `accounts.rules.claim_codes.read`)."""
    hashes = [_hash(written, secret) for _kid, secret in settings.TOKEN_KEYS]
    with at_reception():
        return (
            ClaimCode.objects.filter(
                code_hash__in=hashes, used_at=None, ended_at=None, expires_at__gt=clock.now()
            )
            .select_related("resident__user", "resident__residence", "municipality")
            .first()
        )


def _code(nonce: str, secret: bytes) -> str:
    digest = hmac.digest(secret, b"claim code" + nonce.encode(), hashlib.sha256)
    return claim_codes.write(int.from_bytes(digest, "big") % claim_codes.NUMBERS)


def _hash(written: str, secret: bytes) -> str:
    """Keyed: 55 bits could be tried out against a plain hash in a stolen dump."""
    return hmac.new(secret, b"claim hash" + written.encode(), hashlib.sha256).hexdigest()
