"""What every operation on premium standing needs: whose name, which record, what is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from accounts.models import Resident
from common import clock
from identity.queries import in_the_name_of
from registration.enums import EventKind
from registration.models import PremiumDecision, Registration, RegistrationEvent
from registration.operations.register import lock_resident
from tenants.context import public_context

GOVERNMENT = "municipality__local_government__prefecture"


@dataclass(frozen=True)
class By:
    """Who acts: an account, None for the clock; `channel` where staff act for the resident."""

    account: int | None = None
    channel: str = ""


CLOCK = By()


@contextmanager
def in_their_name(registration: Registration) -> Iterator[Registration]:
    """Inside, the resident acts and is locked; gives the registration as stored, locked too.

    Only within a transaction. The resident comes first in every order of locks: of operations
    of several municipalities on one person one goes on at a time.
    """
    with public_context(), in_the_name_of(registration.resident_id) as resident:
        locked = lock_resident(resident)
        row = (
            Registration.objects.select_for_update(of=("self",), no_key=True)
            .select_related(GOVERNMENT)
            .get(pk=registration.pk)
        )
        row.resident = locked
        yield row


@contextmanager
def as_person(resident: Resident) -> Iterator[Resident]:
    """As `in_their_name`, where no one registration is meant."""
    with public_context(), in_the_name_of(resident.pk) as found:
        yield lock_resident(found)


def record(
    registration: Registration,
    kind: EventKind,
    by: By,
    decision: PremiumDecision | None = None,
    reason: str = "",
) -> None:
    """Add to the history of a registration."""
    RegistrationEvent.objects.create(
        registration=registration,
        kind=kind,
        at=clock.now(),
        actor_id=by.account,
        on_behalf=by.channel,
        decision=decision,
        reason=reason,
    )
