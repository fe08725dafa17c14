"""What organisations hold of a person: for whom they act, and who asked them to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.queries import read_as_each
from common import clock
from common.holdings import PLACE, PLACE_NAMED, Holding, Person
from organisations.models import MemberInvitation, OrganisationMember, StandingRequest


def _memberships(person: Person) -> list[OrganisationMember]:
    return read_as_each(
        person,
        lambda account, _resident: OrganisationMember.objects.filter(account=account),
    )


def _empty_memberships(person: Person) -> None:
    """That somebody acted for the organisation stays; who, does not."""
    rows = OrganisationMember.objects.filter(account_id__in=person.accounts)
    rows.filter(ended_at=None).update(ended_at=clock.now())
    rows.update(name="")


def _invitations(person: Person) -> list[MemberInvitation]:
    return read_as_each(
        person,
        lambda account, _resident: MemberInvitation.objects.filter(accepted_by=account),
    )


def _requests(person: Person) -> list[StandingRequest]:
    return read_as_each(
        person,
        lambda account, _resident: StandingRequest.objects.filter(
            requested_by=account
        ).select_related(PLACE_NAMED),
    )


HOLDINGS = [
    Holding(
        table="organisations_organisationmember",
        title=_("Organisations you act for"),
        why=_("So that the organisation and the municipality know who acts for it. Your name is "
              "kept until you close your account."),
        rows=_memberships,
        fields=("role", "name", "since", "ended_at"),
        erase=_empty_memberships,
    ),
    Holding(
        table="organisations_memberinvitation",
        title=_("Invitations to organisations that you took up"),
        why=_("To show by whose invitation you act for an organisation."),
        rows=_invitations,
        fields=("role", "created_at", "closed_at"),
        kept=_("It names you by a number; whose it is is then written nowhere. Whom the "
               "organisation let in stays provable."),
    ),
    Holding(
        table="organisations_standingrequest",
        title=_("Requests you made for organisations"),
        why=_("So that the municipality can answer the organisation, and the answer stays known."),
        rows=_requests,
        fields=(PLACE, "plan", "requested_at", "outcome", "reason"),
        kept=_("They are the organisation's, and name you by a number; whose it is is then written "
               "nowhere."),
    ),
]  # fmt: skip
