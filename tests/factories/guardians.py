"""Minors, guardians whose identity is proved, and consents."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from accounts.models import Resident
from accounts.rules.ages import birthday_in
from common import clock
from identity.enums import Assurance, ConsentMethod, InvitationOutcome, Method, Relation
from identity.models import GuardianConsent, GuardianInvitation, Verification
from identity.operations.guardians import text_in_force
from tests.factories.accounts import ResidentFactory


def birth_date_at(age: int, *, days: int = 0) -> date:
    """Of somebody who is `age` today, and `days` days more."""
    today = clock.today()
    return birthday_in(today, today.year - age) - timedelta(days=days)


def make_minor(**fields: Any) -> Resident:
    """A resident of seventeen, unless told otherwise."""
    made: Resident = ResidentFactory(**({"birth_date": birth_date_at(17, days=30)} | fields))
    return made


def verify(resident: Resident, **fields: Any) -> Verification:
    """A proof that holds, with the particulars of the profile unless told otherwise."""
    now = clock.now()
    proved = {
        "family_name": resident.family_name,
        "given_name": resident.given_name,
        "birth_date": resident.birth_date.isoformat(),
        "address": resident.address,
    }
    attributes = proved | fields.pop("attributes", {})
    values = {
        "method": Method.DIGITAL_AUTH_APP,
        "assurance": Assurance.LEVEL_3,
        "subject_hash": uuid4().hex,
        "verified_at": now,
        "valid_until": now + timedelta(days=365),
    }
    return Verification.objects.create(
        resident=resident, attributes=attributes, **(values | fields)
    )


def make_guardian(**fields: Any) -> Resident:
    """An adult whose identity is proved."""
    made: Resident = ResidentFactory(**fields)
    verify(made)
    return made


def make_consent(child: Resident, guardian: Resident | None = None, **fields: Any) -> Any:
    """A consent that holds, as the operations leave it: by invitation."""
    guardian = guardian or make_guardian()
    now = clock.now()
    invitation = GuardianInvitation.objects.create(
        resident=child,
        guardian=guardian,
        email=guardian.user.email,
        token_hash=uuid4().hex,
        created_at=now,
        expires_at=now,
        outcome=InvitationOutcome.AGREED,
    )
    values = {
        "guardian_name": guardian.name,
        "relation": Relation.PARENT,
        "terms": text_in_force(),
        "method": ConsentMethod.INVITATION,
        "given_at": now,
        "guardian_verified_at": now,
    }
    return GuardianConsent.objects.create(
        resident=child, guardian=guardian, invitation=invitation, **(values | fields)
    )


def token_in(mails: Any) -> str:
    """The secret in the newest mail that carries an invitation."""
    for mail in reversed(list(mails)):
        if found := re.search(r"/guardian/([\w-]+)/", mail.body):
            return found[1]
    raise AssertionError("no invitation was sent")
