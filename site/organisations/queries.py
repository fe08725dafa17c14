"""What can be asked of partner organisations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from common import clock
from organisations.models import (
    JointProgramme,
    MemberInvitation,
    Organisation,
    OrganisationMember,
    RunSession,
    Standing,
    StandingRequest,
)
from tenants.context import current_municipality
from tenants.models import Municipality


def standing_on(
    organisation: Organisation, municipality: Municipality, day: date
) -> Standing | None:
    """The standing of an organisation at a municipality in force on `day`."""
    return Standing.objects.at(municipality).filter(organisation=organisation).on(day).first()


def organisations_of(municipality: Municipality, day: date) -> QuerySet[Organisation]:
    """Organisations with a standing at this municipality in force on `day`."""
    standings = Standing.objects.at(municipality).on(day)
    return Organisation.objects.filter(pk__in=standings.values("organisation"))


def standings_in_force(municipality: Municipality, day: date) -> QuerySet[Standing]:
    """A municipality's standings in force on `day`, by the organisation's name."""
    return (
        Standing.objects.at(municipality)
        .on(day)
        .select_related("organisation")
        .order_by("organisation__kana", "organisation__name")
    )


def programmes_of(municipality: Municipality, day: date) -> QuerySet[JointProgramme]:
    """Joint programmes of the organisations with a standing at this municipality on `day`."""
    return JointProgramme.objects.filter(
        organisation__in=organisations_of(municipality, day)
    ).select_related("organisation")


def membership_of(account: int, organisation: int) -> OrganisationMember | None:
    """What an account is to an organisation now; None where it does not act for it."""
    return (
        OrganisationMember.objects.filter(account=account, organisation=organisation, ended_at=None)
        .select_related("organisation")
        .first()
    )


def memberships_of(account: int) -> QuerySet[OrganisationMember]:
    """All organisations an account acts for, by name."""
    return (
        OrganisationMember.objects.filter(account=account, ended_at=None)
        .select_related("organisation")
        .order_by("organisation__kana", "organisation__name")
    )


def members_of(organisation: Organisation) -> QuerySet[OrganisationMember]:
    """Who acts for an organisation, the managers first."""
    return OrganisationMember.objects.filter(organisation=organisation, ended_at=None).order_by(
        "-role", "since", "pk"
    )


def open_invitations_of(organisation: Organisation) -> QuerySet[MemberInvitation]:
    """Invitations that can still be taken up."""
    return MemberInvitation.objects.filter(
        organisation=organisation, closed_at=None, expires_at__gt=clock.now()
    ).order_by("created_at")


def workspaces_of(account: int, municipality: Municipality) -> list[OrganisationMember]:
    """For which organisations with a standing at `municipality` today an account acts."""
    standings = Standing.objects.at(municipality).on(clock.today())
    return list(memberships_of(account).filter(organisation__in=standings.values("organisation")))


def is_run_by(organisation: int, session_uuid: UUID) -> bool:
    """Whether the organisation runs this session of the active municipality; asked by itself, the
    database says yes only while it is recognised there and the account is its member."""
    rows = RunSession.objects.filter(organisation=organisation, session_uuid=session_uuid)
    return rows.filter(municipality=current_municipality()).exists()


def requests_to(municipality: Municipality) -> QuerySet[StandingRequest]:
    """Requests that wait for this municipality's answer, oldest first."""
    return (
        StandingRequest.objects.filter(municipality=municipality, outcome="")
        .select_related("organisation")
        .order_by("requested_at", "pk")
    )


def requests_of(organisations: Collection[int]) -> QuerySet[StandingRequest]:
    """What organisations have asked municipalities, newest first."""
    return StandingRequest.objects.filter(organisation__in=organisations).select_related(
        "municipality__local_government__prefecture"
    )


def standings_of(organisations: Collection[int], day: date) -> QuerySet[Standing]:
    """Where organisations are recognised on `day`."""
    return (
        Standing.objects.filter(organisation__in=organisations)
        .on(day)
        .select_related("municipality__local_government__prefecture")
    )


def history_of(organisation: Organisation, municipality: Municipality) -> QuerySet[Standing]:
    """Every standing a municipality gave an organisation, newest first."""
    return (
        Standing.objects.at(municipality)
        .filter(organisation=organisation)
        .order_by("-valid_from", "-pk")
    )
