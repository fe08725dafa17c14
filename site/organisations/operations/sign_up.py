"""An organisation enters itself, and asks municipalities for a standing (R17).

1. A resident enters the organisation and is its first manager (`sign_up_organisation`).
2. A manager asks a municipality (`ask_for_standing`); its office gets a mail.
3. A member of that municipality's staff recognises it, by pattern 1 or 2, or does not, with a
   reason (`answer_request`); the managers get a mail.

Each municipality answers for itself: what one says holds nowhere else.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.models import Resident, User
from common import clock
from common.refusal import Refused
from notifications.operations import enqueue
from organisations.enums import MemberRole, Pattern, RequestOutcome
from organisations.models import Organisation, OrganisationMember, Standing, StandingRequest
from organisations.operations.letters import addresses_of_office, tell, tell_managers
from organisations.operations.standings import give_standing
from organisations.queries import membership_of
from tenants.hosts import admin_url, municipality_url, portal_url
from tenants.models import Municipality

REQUEST_ARRIVED = "organisations.request_arrived"
ORGANISATIONS_EACH = 10  # entered by one account: more is no neighbourhood's treasurer


@transaction.atomic
def sign_up_organisation(resident: Resident, *, name: str, **details: str) -> Organisation:
    """Enter an organisation, whose first manager is `resident`. No corporate number is needed.

    Safe to repeat: one of the same name that this account entered is taken. Raises
    `Refused("too_many_organisations", limit)`.
    """
    account = resident.user
    # The account's row is the lock: the form sent twice makes one.
    User.objects.select_for_update(no_key=True).get(pk=account.pk)
    entered = Organisation.objects.filter(signed_up_by=account)
    if known := entered.filter(name=name, kind=details["kind"]).first():
        return known
    if entered.count() >= ORGANISATIONS_EACH:
        raise Refused("too_many_organisations", limit=ORGANISATIONS_EACH)
    organisation = Organisation.objects.create(name=name, signed_up_by=account, **details)
    OrganisationMember.objects.create(
        account=account,
        organisation=organisation,
        role=MemberRole.MANAGER,
        name=resident.name,
        since=clock.now(),
    )
    return organisation


@transaction.atomic
def ask_for_standing(
    organisation: Organisation, municipality: Municipality, account: User, plan: str
) -> StandingRequest:
    """Ask `municipality` to recognise `organisation`; a request that waits already is enough.

    Raises `Refused`: `not_a_manager`, `has_standing` where it is recognised already.
    """
    member = membership_of(account.pk, organisation.pk)
    if member is None or not member.is_manager:
        raise Refused("not_a_manager")
    waiting = StandingRequest.objects.filter(
        organisation=organisation, municipality=municipality, outcome=""
    )
    if request := waiting.first():
        return request
    if Standing.objects.at(municipality).filter(organisation=organisation).on(clock.today()):
        raise Refused("has_standing")
    try:
        with transaction.atomic():
            request = StandingRequest.objects.create(
                organisation=organisation,
                municipality=municipality,
                plan=plan.strip(),
                requested_by=account,
                requested_at=clock.now(),
            )
    except IntegrityError:
        return waiting.get()
    enqueue(REQUEST_ARRIVED, {"request": request.pk}, municipality.code)
    return request


def tell_office_of_request(request_id: int) -> None:
    """Mail those who answer it; by the worker, in the municipality's schema."""
    request = StandingRequest.objects.select_related("organisation", "municipality").get(
        pk=request_id
    )
    tell(
        addresses_of_office(),
        "standing_asked",
        organisation=request.organisation.name,
        kind=request.organisation.get_kind_display(),
        plan=request.plan,
        url=admin_url(request.municipality, "/admin/organisations/"),
    )


@transaction.atomic
def answer_request(
    request_id: int,
    municipality: Municipality,
    officer: User,
    *,
    pattern: Pattern | None,
    reason: str = "",
) -> StandingRequest:
    """Recognise an organisation by `pattern` from today on, or (None) refuse it with a reason.

    Raises `Refused`: `request_gone` where it is another municipality's, `reason_missing`,
    `already_answered` where somebody has given another answer. The same answer twice is one.
    """
    request = (
        StandingRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
        .filter(pk=request_id, municipality=municipality)
        .first()
    )
    if request is None:
        raise Refused("request_gone")
    outcome = RequestOutcome.REFUSED if pattern is None else RequestOutcome.GIVEN
    if request.outcome:
        if (request.outcome, request.pattern) == (outcome, pattern):
            return request
        raise Refused("already_answered")
    if pattern is None and not reason.strip():
        raise Refused("reason_missing")
    if pattern is not None:
        give_standing(
            request.organisation,
            municipality,
            pattern=pattern,
            valid_from=clock.today(),
            decided_by=officer,
        )
    request.outcome, request.pattern, request.reason = outcome, pattern, reason.strip()
    request.answered_by, request.answered_at = officer, clock.now()
    request.save(update_fields=["outcome", "pattern", "reason", "answered_by", "answered_at"])
    tell_managers(
        request.organisation,
        f"standing_{outcome.value}",
        municipality=municipality.full_name,
        pattern=pattern,
        reason=request.reason,
        url=municipality_url(municipality, "/workspace/")
        if pattern is not None
        else portal_url("/my/organisations/"),
    )
    return request


def take_over(kept: Resident, other: Resident) -> None:
    """Two accounts of one person became one: what the other acted for, this one does."""
    theirs = OrganisationMember.objects.filter(account=other.user_id, ended_at=None)
    own = OrganisationMember.objects.filter(account=kept.user_id, ended_at=None)
    theirs.filter(organisation__in=own.values("organisation")).update(ended_at=clock.now())
    theirs.update(account=kept.user_id)


def end_memberships(resident: Resident) -> None:
    """An account closes: it acts for nobody any more."""
    OrganisationMember.objects.filter(account=resident.user_id, ended_at=None).update(
        ended_at=clock.now()
    )
