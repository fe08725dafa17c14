"""The card shown at a municipality's counter, looked at by two members of staff."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from common import clock
from common.refusal import Refused
from identity.enums import Assurance, CheckStatus, Method
from identity.methods.proof import Proof
from identity.models import CounterCheck
from identity.rules.validity import valid_until


@dataclass(frozen=True)
class SecondLook:
    """A check that a colleague has proposed, and the account of who looks the second time."""

    check: CounterCheck
    confirmer: int


class Counter:
    """See `identity.methods.proof.ProofMethod`."""

    method = Method.COUNTER
    assurance = Assurance.LEVEL_2
    is_offered = True

    def prove(self, evidence: SecondLook) -> Proof:
        """Raises `Refused`: "check_over" once decided or too late, "same_person"."""
        check, now = evidence.check, clock.now()
        seen = check.seen
        if check.status != CheckStatus.PROPOSED or check.expires_at <= now or seen is None:
            raise Refused("check_over")
        if check.proposed_by_id == evidence.confirmer:
            raise Refused("same_person")
        return Proof(
            method=self.method,
            assurance=self.assurance,
            attributes=seen,
            proved_at=now,
            valid_until=valid_until(
                now, settings.IDENTITY_VALID_YEARS, check.card_until, clock.TOKYO
            ),
            municipality=check.municipality_id,
            checked_by=check.proposed_by_id,
            confirmed_by=evidence.confirmer,
        )
