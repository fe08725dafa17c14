"""One card, two accounts: they become one, never two identities.

Who comes here has just proved, with the card, to be the person behind the other account.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from accounts.models import Resident, User
from accounts.operations.locking import lock_accounts
from common import clock
from common.refusal import Refused
from identity.enums import Waiting
from identity.methods import Proof
from identity.models import Verification, WaitingProof
from identity.operations.verify import MERGED, keep_proof
from identity.queries import holder_of, waiting_proof_of
from identity.registry import merge_of_accounts
from identity.rules.masking import mask_email
from tenants.actors import acting, at_reception, bearer, current_actor


@dataclass(frozen=True)
class Offer:
    """That the card belongs to another account already."""

    other: Resident
    address: str  # masked
    can_merge: bool


def offer_for(user: User, resident: Resident | None) -> Offer | None:
    """What to show whoever proved to hold a card of another account; None: nothing (any more)."""
    waiting = waiting_proof_of(user, Waiting.MERGE)
    holder = holder_of(waiting.proof["subject_hash"]) if waiting else None
    if holder is None or (resident and holder.resident_id == resident.pk):
        return None
    with at_reception():
        other = Resident.objects.select_related("user").get(pk=holder.resident_id)
    can_merge = resident is not None and merge_of_accounts() is not None
    return Offer(other, mask_email(other.user.email or ""), can_merge)


def merge_accounts(resident: Resident) -> Verification:
    """Bring the other account's everything into this one, and the proof with it.

    The account that is kept is the one that somebody is signed in to: to the other they may have
    lost the way. Raises `Refused`: "nothing_to_merge", "merge_unavailable", and what the merge
    itself refuses.
    """
    merge = merge_of_accounts()
    if merge is None:
        raise Refused("merge_unavailable")
    with transaction.atomic():
        # Both accounts before the proofs that hang on them, as whoever closes one of them does.
        if found := offer_for(resident.user, resident):
            lock_accounts(resident, found.other)
        waiting = (
            WaitingProof.objects.select_for_update()
            .filter(user_id=resident.user_id, waits_for=Waiting.MERGE, expires_at__gt=clock.now())
            .first()
        )
        offer = offer_for(resident.user, resident) if waiting else None
        if waiting is None or offer is None or found is None or offer.other != found.other:
            raise Refused("nothing_to_merge")
        proof = Proof.of_json(waiting.proof)
        waiting.delete()
        with acting(bearer(proof.subject_hash) if current_actor() else None):
            Verification.objects.filter(subject_hash=proof.subject_hash, ended_at=None).update(
                ended_at=clock.now(), end_reason=MERGED
            )
        merge(resident, offer.other)
        return keep_proof(resident, proof)
