"""A resident applies for premium standing or its renewal (A3.9)."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from common import clock
from common.decision import Decision
from common.refusal import Refused
from registration.enums import (
    OPEN_APPLICATIONS,
    ApplicationKind,
    ApplicationStatus,
    DecisionOccasion,
)
from registration.models import PremiumApplication, PremiumDecision, PremiumStanding, Registration
from registration.operations.premium.common import By, in_their_name
from registration.operations.premium.deciding import keep, read_facts, refusal_of
from registration.operations.premium.ending import delete_documents
from registration.operations.premium.granting import grant
from registration.operations.premium.letters import tell
from registration.operations.premium.renewing import prolong
from registration.operations.register import OnBehalf
from registration.queries import standing_at
from registration.rules.engine import decide, to_json
from registration.rules.facts import Facts
from registration.rules.moves import Move, moved
from registration.rules.terms import is_renewable


def apply(registration: Registration, by: OnBehalf | None = None) -> PremiumApplication:
    """Apply for premium at `registration`, or for its renewal in its last 60 days.

    Where the municipality asks for no documents it is decided at once: granted, or kept as
    refused with its reasons and `Refused` is raised after that ("limit_reached" where nothing
    else is missing, otherwise "conditions_unmet"; data `decision`, `application`). Where it asks
    for documents an application that lacks anything else is refused in the same way, any other
    waits for an officer. An open one is returned as it is: safe to repeat.

    Also raises `Refused`: "premium_not_open" (the municipality takes no registrations, or there
    is none that holds), "already_premium", "renewal_not_open" (data `ends_on`).
    """
    with transaction.atomic():
        application = _apply(registration, by)
    if application.status == ApplicationStatus.REFUSED and application.decision:
        decision = application.decision.decision
        raise Refused(refusal_of(decision), decision=decision, application=application)
    return application


def _apply(registration: Registration, on_behalf: OnBehalf | None) -> PremiumApplication:
    with in_their_name(registration) as row:
        by = By(on_behalf.account, on_behalf.channel) if on_behalf else By(row.resident.user_id)
        if not (row.is_active and row.municipality.is_published):
            raise Refused("premium_not_open")
        if found := _open_one(row):
            return found
        standing = standing_at(row)
        kind = _kind_of(standing)
        # With documents still to come, everything else is judged as if they were there.
        facts = read_facts(row)
        waits = facts.asked.documents
        facts = replace(facts, documents_checked=waits)
        decision = decide(facts)
        if not decision.allowed and (found := _refused_before(row, facts)):
            return found
        occasion = (
            DecisionOccasion.RENEWAL
            if kind == ApplicationKind.RENEWAL
            else DecisionOccasion.APPLICATION
        )
        application = PremiumApplication(
            registration=row,
            resident=row.resident,
            municipality=row.municipality,
            kind=kind,
            on_behalf=by.channel,
        )
        if waits and decision.allowed:
            application.save()
            tell(row, "applied", application=application)
            return application
        kept = keep(row, occasion, facts, decision)
        _decide(application, kept, decision)
        if decision.allowed:
            _carry_out(row, standing, kept, kind, by)
        return application


def _carry_out(
    row: Registration,
    standing: PremiumStanding | None,
    kept: PremiumDecision,
    kind: str,
    by: By,
) -> None:
    if kind == ApplicationKind.RENEWAL and standing:
        standing.registration = row
        prolong(standing, kept, by)
    else:
        grant(row, kept, by)


def _decide(application: PremiumApplication, kept: PremiumDecision, decision: Decision) -> None:
    move = Move.GRANT if decision.allowed else Move.REFUSE
    application.status = ApplicationStatus(moved(application.status, move))
    application.decision, application.decided_at = kept, clock.now()
    application.save()


def _kind_of(standing: PremiumStanding | None) -> ApplicationKind:
    if standing is None or standing.derived_from_id is not None:
        return ApplicationKind.NEW
    if is_renewable(standing.ends_on, clock.today()):
        return ApplicationKind.RENEWAL
    raise Refused("already_premium", ends_on=standing.ends_on)


def _open_one(row: Registration) -> PremiumApplication | None:
    return PremiumApplication.objects.filter(registration=row, status__in=OPEN_APPLICATIONS).first()


def _refused_before(row: Registration, facts: Facts) -> PremiumApplication | None:
    """The same question on the same day has its answer already."""
    return (
        PremiumApplication.objects.select_related("decision")
        .filter(
            registration=row,
            status=ApplicationStatus.REFUSED,
            decided_by=None,
            decision__facts=to_json(facts),
        )
        .first()
    )


@transaction.atomic
def withdraw(application: PremiumApplication) -> PremiumApplication:
    """The resident takes back an open application; documents go at once. Twice is once.

    Raises `IllegalMove` where it has been decided.
    """
    with in_their_name(application.registration):
        row = PremiumApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
        if row.status != ApplicationStatus.WITHDRAWN:
            row.status = ApplicationStatus(moved(row.status, Move.WITHDRAW))
            row.save(update_fields=["status"])
            delete_documents(row)
        return row
