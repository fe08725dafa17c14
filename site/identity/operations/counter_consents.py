"""A guardian's consent at the counter, on paper: taken, and taken back, by staff.

The child must be registered with the municipality; the database lets staff write for nobody else.
"""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.rules.ages import is_minor
from common import clock
from common.refusal import Refused
from common.text import normalise_name
from identity.enums import ConsentEnd, ConsentMethod, Relation
from identity.models import GuardianConsent
from identity.operations.guardians import end, keep
from identity.operations.letters import tell
from identity.queries import consent_of
from identity.registry import Registrant
from tenants.hosts import portal_url
from tenants.models import Municipality


@transaction.atomic
def record_at_counter(
    staff_user: User,
    municipality: Municipality,
    child: Registrant,
    *,
    guardian_name: str,
    relation: str,
    kept_at: str,
) -> GuardianConsent:
    """Keep that a guardian signed the text in force. `kept_at`: where the paper lies.

    Raises `Refused`: `of_age`, `consent_holds`.
    """
    if not is_minor(child.birth_date, clock.today()):
        raise Refused("of_age")
    if consent_of(child.resident_id) is not None:
        raise Refused("consent_holds")
    consent = keep(
        resident_id=child.resident_id,
        guardian_name=normalise_name(guardian_name),
        relation=Relation(relation),
        method=ConsentMethod.COUNTER,
        municipality=municipality,
        recorded_by=staff_user,
        kept_at=kept_at,
    )
    # Staff don't know which language a resident reads.
    tell(child.email, "ja", "agreed", child=child.name, url=portal_url("/my/guardian/"))
    return consent


@transaction.atomic
def withdraw_at_counter(staff_user: User, municipality: Municipality, child: Registrant) -> None:
    """End the consent for `child`, however it was given; nothing happens where none holds."""
    consent = (
        GuardianConsent.objects.select_for_update(of=("self",), no_key=True)
        .filter(resident_id=child.resident_id, end_reason="")
        .first()
    )
    if consent is not None:
        end(
            consent,
            ConsentEnd.WITHDRAWN_AT_COUNTER,
            ended_by=staff_user,
            ended_in=municipality.code,
        )
