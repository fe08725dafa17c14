"""Recording that a member of staff looks at somebody, before anything is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import transaction

from common import clock
from privacy.enums import Particular, StaffPurpose
from privacy.models import AccessRecord
from tenants.models import Municipality
from tenants.staff.roles import Role


@dataclass(frozen=True)
class Signature:
    """Who does something, as a line of a record keeps it."""

    actor_id: int | None
    actor_name: str
    actor_roles: str

    def as_fields(self) -> dict[str, Any]:
        return {
            "actor_id": self.actor_id,
            "actor_name": self.actor_name,
            "actor_roles": self.actor_roles,
        }


# What the clock does, and the worker.
NOBODY = Signature(None, "", "")


def signature_of(account: Any) -> Signature:
    """Name and roles of a member of staff at this moment, in the active municipality."""
    names = Group.objects.filter(membership__user_id=account.pk).values_list("name", flat=True)
    # A closed list, so that what stands in the record has a label; the operator holds none.
    roles = [role for role in Role.values if role in set(names)]
    return Signature(account.pk, account.get_full_name()[:60], ",".join(roles))


@transaction.atomic
def record_access(
    municipality: Municipality,
    resident_ids: Iterable[UUID],
    account: Any,
    purpose: StaffPurpose,
    note: str,
    particulars: Iterable[Particular],
) -> list[AccessRecord]:
    """One line for each resident whose particulars are about to be shown to `account`.

    Called before the page that shows them is asked for; for fifteen minutes that page opens to
    this account (`AccessRecord.objects.open_to`).
    """
    signature, now = signature_of(account), clock.now()
    shown = [Particular(code).value for code in particulars]
    return AccessRecord.objects.bulk_create(
        AccessRecord(
            municipality=municipality,
            resident_id=resident_id,
            at=now,
            purpose=purpose,
            note=note,
            particulars=shown,
            **signature.as_fields(),
        )
        for resident_id in resident_ids
    )


def record_at_counter(
    municipality: Municipality,
    resident_id: UUID,
    account: Any,
    particulars: Iterable[Particular],
) -> None:
    """A line for a page of the counter's."""
    record_at_work(municipality, resident_id, account, StaffPurpose.COUNTER, particulars)


def record_at_work(
    municipality: Municipality,
    resident_id: UUID,
    account: Any,
    purpose: StaffPurpose,
    particulars: Iterable[Particular],
) -> None:
    """A line for a page that shows particulars because of what it is for: nobody is asked why.

    Called before the page is made; a page that is opened again within fifteen minutes adds none.
    """
    wanted = sorted(particulars)
    lately = AccessRecord.objects.open_to(account, municipality).filter(
        resident_id=resident_id, purpose=purpose
    )
    if not any(set(wanted) <= set(shown) for shown in lately.values_list("particulars", flat=True)):
        record_access(municipality, [resident_id], account, purpose, "", wanted)
