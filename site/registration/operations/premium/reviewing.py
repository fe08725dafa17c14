"""Officers look at applications: approve, ask, refuse (A3.5, R13).

The view checks who may (permission); here it is checked whose it is: an application that the
officer's municipality cannot read is not theirs.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from common import clock
from common.decision import Decision
from common.refusal import Refused
from registration.enums import (
    ApplicationKind,
    ApplicationStatus,
    DecisionOccasion,
)
from registration.models import (
    ApplicationDocument,
    ApplicationMessage,
    PremiumApplication,
    PremiumDecision,
)
from registration.operations.premium.common import By, in_their_name
from registration.operations.premium.deciding import decide_for, gather, refusal_of
from registration.operations.premium.ending import delete_documents
from registration.operations.premium.granting import grant
from registration.operations.premium.letters import tell
from registration.operations.premium.messages import said_last
from registration.operations.premium.renewing import prolong
from registration.queries import applications_waiting, conditions_of, standing_at
from registration.rules.engine import decide
from registration.rules.moves import Move, moved
from registration.rules.terms import is_renewable
from tenants.context import public_context
from tenants.models import Municipality


@transaction.atomic
def approve(application: PremiumApplication, officer: User) -> PremiumApplication:
    """The documents are in order: decide, and grant where every condition is met.

    With four eyes the first approval proposes, and another member of staff's grants. What was
    granted stays: safe to repeat. Raises `Refused`: "not_yours", "own_proposal",
    "conditions_unmet" or "limit_reached" (data `decision`), "already_premium",
    "renewal_not_open"; the application waits on then. `IllegalMove` in any other status.
    """
    with public_context():
        row = _locked(application)
        if row.status == ApplicationStatus.GRANTED:
            return row
        four_eyes = conditions_of([row.municipality_id])[str(row.municipality_id)].four_eyes
        if row.status == ApplicationStatus.SUBMITTED and four_eyes:
            _require(decide(gather(row.registration, documents_checked=True)))
            row.status, row.first_by = moved(row.status, Move.PROPOSE), officer
            row.save(update_fields=["status", "first_by"])
            return row
        if row.status == ApplicationStatus.PROPOSED and row.first_by_id == officer.pk:
            raise Refused("own_proposal")
        status = ApplicationStatus(moved(row.status, Move.GRANT))
        row.decision = _carry_out(row, By(officer.pk))
        row.status, row.decided_by, row.decided_at = status, officer, clock.now()
        row.save(update_fields=["status", "decision", "decided_by", "decided_at"])
        delete_documents(row)
        return row


def _carry_out(row: PremiumApplication, by: By) -> PremiumDecision:
    with in_their_name(row.registration) as registration:
        standing = standing_at(registration)
        # A term that ended while the office was at work begins anew: nobody applies twice.
        is_renewal = row.kind == ApplicationKind.RENEWAL and standing is not None
        occasion = DecisionOccasion.RENEWAL if is_renewal else DecisionOccasion.APPLICATION
        kept = decide_for(registration, occasion, documents_checked=True)
        _require(kept.decision)
        if not is_renewal:
            grant(registration, kept, by)
        elif standing is None or not is_renewable(standing.ends_on, clock.today()):
            raise Refused("renewal_not_open")
        else:
            standing.registration = registration
            prolong(standing, kept, by)
        return kept


@transaction.atomic
def ask(application: PremiumApplication, officer: User, text: str) -> PremiumApplication:
    """Send the application back with a question; the resident is told by mail that there is one.

    The same question sent twice is one. Raises `Refused`: "not_yours", "text_missing".
    """
    text = text.strip()
    if not text:
        raise Refused("text_missing")
    with public_context():
        row = _locked(application)
        if row.status == ApplicationStatus.RETURNED and said_last(row, text, by_staff=True):
            return row
        row.status, row.first_by = ApplicationStatus(moved(row.status, Move.ASK)), None
        row.save(update_fields=["status", "first_by"])
        ApplicationMessage.objects.create(application=row, author=officer, by_staff=True, text=text)
        with in_their_name(row.registration) as registration:
            tell(registration, "question", application=row)
        return row


@transaction.atomic
def refuse(application: PremiumApplication, officer: User, reason: str) -> PremiumApplication:
    """Refuse with a reason, which the resident is told; the decision of the engine is kept.

    Refused before, it stays as it was. Raises `Refused`: "not_yours", "reason_missing".
    """
    reason = reason.strip()
    if not reason:
        raise Refused("reason_missing")
    with public_context():
        row = _locked(application)
        if row.status == ApplicationStatus.REFUSED:
            return row
        row.status = ApplicationStatus(moved(row.status, Move.REFUSE))
        with in_their_name(row.registration) as registration:
            row.decision = decide_for(
                registration,
                DecisionOccasion.RENEWAL
                if row.kind == ApplicationKind.RENEWAL
                else DecisionOccasion.APPLICATION,
                documents_checked=False,
            )
            tell(registration, "refused", application=row, reason=reason)
        row.reason, row.decided_by, row.decided_at = reason, officer, clock.now()
        row.save(update_fields=["status", "reason", "decision", "decided_by", "decided_at"])
        delete_documents(row)
        return row


def approve_sure(
    municipality: Municipality, officer: User, only: Collection[int] | None = None
) -> int:
    """Approve all that wait and lack nothing but an officer's word; returns how many.

    `only` are keys of applications, where not all are meant. Sure is what has no document to look
    at and every condition met, and with four eyes what another member of staff has proposed. Each
    in a transaction of its own: one that fails keeps no other waiting.
    """
    approved = 0
    with public_context():
        rows = applications_waiting(municipality)
        for row in list(rows if only is None else rows.filter(pk__in=only)):
            if why_unsure(row, officer):
                continue
            try:
                done = approve(row, officer)
            except Refused:
                continue
            approved += done.status == ApplicationStatus.GRANTED
    return approved


def why_unsure(row: PremiumApplication, officer: User) -> str:
    """Why this one is left out of approving many at once, "" where it is not.

    "own_proposal", "four_eyes" (nobody has proposed it yet), "documents" (somebody has to look
    at them), "conditions_unmet".
    """
    conditions = conditions_of([row.municipality_id])[str(row.municipality_id)]
    if row.status == ApplicationStatus.PROPOSED:
        if row.first_by_id == officer.pk:
            return "own_proposal"
    elif conditions.asks_documents or ApplicationDocument.objects.filter(application=row).exists():
        return "documents"
    elif conditions.four_eyes:
        return "four_eyes"
    with public_context():
        decision = decide(gather(row.registration, documents_checked=True))
    return "" if decision.allowed else "conditions_unmet"


def _locked(application: PremiumApplication) -> PremiumApplication:
    """As stored and locked. The resident's lock comes before it, as in every operation."""
    seen = (
        PremiumApplication.objects.filter(pk=application.pk).select_related("registration").first()
    )
    if seen is None:
        raise Refused("not_yours")
    with in_their_name(seen.registration):
        pass
    return (
        PremiumApplication.objects.select_for_update(of=("self",))
        .select_related("registration__municipality__local_government__prefecture", "decision")
        .get(pk=seen.pk)
    )


def _require(decision: Decision) -> None:
    if not decision.allowed:
        raise Refused(refusal_of(decision), decision=decision)
