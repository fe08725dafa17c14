"""Keeping a proof of identity (R10, R11)."""

from __future__ import annotations

import copy

from django.db import IntegrityError, transaction

from accounts.models import Resident
from common import clock
from common.refusal import Refused
from identity.methods import Proof
from identity.models import Verification
from identity.queries import holder_of
from identity.registry import obstacle_for
from identity.signals import proof_changed

REPLACED, MERGED = "replaced", "merged"
_CARD_IS_TAKEN = "identity_one_account_a_person"


def ask_obstacles(resident: Resident) -> None:
    """Raises `Refused` with the code of what stands in the way (a guardian's consent)."""
    if code := obstacle_for(resident):
        raise Refused(code)


@transaction.atomic
def keep_proof(resident: Resident, proof: Proof) -> Verification:
    """Make `proof` the one that holds for `resident`; an earlier one ends.

    Raises `Refused`: an obstacle's code, asked with the birth date that was proved, whatever the
    profile says; "card_of_another_account" where the same card has one.
    """
    # Two callbacks at once come one after the other.
    Resident.objects.select_for_update().get(pk=resident.pk)
    ask_obstacles(as_proved(resident, proof))
    Verification.objects.filter(resident_id=resident.pk, ended_at=None).update(
        ended_at=clock.now(), end_reason=REPLACED
    )
    kept = insert(resident, proof)
    proof_changed.send(sender=Verification, resident=resident)
    return kept


def insert(resident: Resident, proof: Proof) -> Verification:
    """The row. Raises `Refused("card_of_another_account")` or `Refused("already_verified")`."""
    try:
        with transaction.atomic():
            return Verification.objects.create(
                resident_id=resident.pk,
                method=proof.method,
                assurance=proof.assurance,
                subject_hash=proof.subject_hash,
                attributes=proof.attributes.as_json(),
                verified_at=proof.proved_at,
                valid_until=proof.valid_until,
                municipality_id=proof.municipality,
                checked_by_id=proof.checked_by,
                confirmed_by_id=proof.confirmed_by,
            )
    except IntegrityError as error:
        taken = _CARD_IS_TAKEN in str(error)
        raise Refused("card_of_another_account" if taken else "already_verified") from None


def as_proved(resident: Resident, proof: Proof) -> Resident:
    """The resident with the birth date that was proved; not to be saved."""
    proved = copy.copy(resident)
    proved.birth_date = proof.attributes.birth_date
    return proved


def card_is_anothers(resident_id: object, proof: Proof) -> bool:
    """Whether another account than this resident's holds the card now."""
    holder = holder_of(proof.subject_hash)
    return holder is not None and holder.resident_id != resident_id
