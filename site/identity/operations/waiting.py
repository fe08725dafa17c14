"""A proof that came before the profile is kept with it."""

from __future__ import annotations

import logging

from django.db import transaction

from accounts.models import Resident
from common.refusal import Refused
from identity.enums import Waiting
from identity.methods import Proof
from identity.models import Verification
from identity.operations.verify import keep_proof
from identity.queries import waiting_proof_of
from tenants.actors import acting, current_actor, signed_in

logger = logging.getLogger("identity.verification")


@transaction.atomic
def keep_waiting_proof(resident: Resident) -> Verification | None:
    """Called when a profile is made. None where no proof waits, or it can't be kept any more.

    The account could not act as this resident before now, so that is said here.
    """
    waiting = waiting_proof_of(resident.user, Waiting.PROFILE)
    if waiting is None:
        return None
    waiting.delete()
    me = signed_in(resident.user_id, resident.pk) if current_actor() else None
    with acting(me):
        try:
            with transaction.atomic():
                return keep_proof(resident, Proof.of_json(waiting.proof))
        except Refused as refusal:
            logger.warning("VerificationRefusal reason=%s", refusal.code)
            return None
