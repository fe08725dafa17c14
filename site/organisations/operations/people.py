"""Who acts for an organisation: asked by mail, put out, or the next manager.

Attacks this answers:
- a link read from a log or a forwarded mail: it works once, for 14 days, only its hash is kept;
  whoever takes it up stands in the list by the name of their own account;
- somebody lets themselves in by SQL: the database takes a member only of an invitation that this
  account took up (`organisations.walls`), and never lets one back in who was put out;
- mail to strangers through us: 20 invitations a day.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction

from accounts.models import Resident, User
from common import clock
from common.refusal import Refused
from organisations.enums import MemberRole
from organisations.models import MemberInvitation, Organisation, OrganisationMember
from organisations.operations.letters import tell, tell_account
from organisations.queries import membership_of
from tenants.actors import at_reception
from tenants.hosts import portal_url
from tenants.models import Municipality

INVITATION_DAYS = 14
INVITATIONS_A_DAY = 20


@transaction.atomic
def invite_member(
    organisation: Organisation,
    email: str,
    role: MemberRole,
    invited_by: User,
    municipality: Municipality | None = None,
) -> MemberInvitation:
    """Ask whoever reads `email` to act for `organisation`; a mail carries the link.

    `municipality`: of whose staff `invited_by` is, who lets the first manager of an organisation
    in. Raises `Refused("too_many_invitations", limit)`.
    """
    now = clock.now()
    sent = MemberInvitation.objects.filter(
        organisation=organisation, created_at__gt=now - timedelta(days=1)
    )
    if sent.count() >= INVITATIONS_A_DAY:
        raise Refused("too_many_invitations", limit=INVITATIONS_A_DAY)
    token = secrets.token_urlsafe(32)
    email = email.strip().lower()
    invitation = MemberInvitation.objects.create(
        organisation=organisation,
        role=role,
        email=email,
        token_hash=_hash(token),
        municipality=municipality,
        invited_by=invited_by,
        created_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    tell(
        [email],
        "invited",
        organisation=organisation.name,
        url=portal_url(f"/organisations/invitation/{token}/"),
        days=INVITATION_DAYS,
    )
    return invitation


@transaction.atomic
def take_back_invitation(invitation_id: int, organisation: Organisation) -> None:
    """End an invitation nobody has taken up; nothing happens where there is none."""
    MemberInvitation.objects.filter(
        pk=invitation_id, organisation=organisation, closed_at=None
    ).update(closed_at=clock.now(), email="")


def open_invitation(token: str) -> MemberInvitation:
    """The invitation that `token` opens. Raises `Refused("invitation_invalid")`."""
    with at_reception():
        invitation = MemberInvitation.objects.filter(
            token_hash=_hash(token), closed_at=None, expires_at__gt=clock.now()
        ).first()
    if invitation is None:
        raise Refused("invitation_invalid")
    return invitation


@transaction.atomic
def accept_invitation(token: str, resident: Resident) -> OrganisationMember:
    """Let `resident` act for the organisation that invited them; who does already stays as is.

    Raises `Refused("invitation_invalid")`.
    """
    invitation = open_invitation(token)
    with at_reception():
        # One statement decides who is first, however often the form is sent.
        taken = MemberInvitation.objects.filter(pk=invitation.pk, closed_at=None).update(
            closed_at=clock.now(), accepted_by=resident.user_id, email=""
        )
    if not taken:
        raise Refused("invitation_invalid")
    if known := membership_of(resident.user_id, invitation.organisation_id):
        if known.role == invitation.role:
            return known
        known.ended_at = clock.now()
        known.save(update_fields=["ended_at"])
    return OrganisationMember.objects.create(
        account_id=resident.user_id,
        organisation_id=invitation.organisation_id,
        role=invitation.role,
        name=resident.name,
        invitation=invitation,
        since=clock.now(),
    )


@transaction.atomic
def remove_member(member_id: int, organisation: Organisation, by: User) -> None:
    """End a membership, also one's own; nothing happens where it is over. Whom somebody else has
    put out is told by mail.

    Raises `Refused("last_manager")`: nobody could let anybody in any more.
    """
    # Locks all, so that two managers who remove each other leave one.
    members = {
        member.pk: member
        for member in OrganisationMember.objects.select_for_update(of=("self",), no_key=True)
        .filter(organisation=organisation, ended_at=None)
        .order_by("pk")
    }
    member = members.get(member_id)
    if member is None:
        return
    managers = [one.pk for one in members.values() if one.is_manager]
    if managers == [member.pk]:
        raise Refused("last_manager")
    member.ended_at = clock.now()
    member.save(update_fields=["ended_at"])
    if member.account_id != by.pk:
        tell_account(member.account_id, "taken_out", organisation=organisation.name)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
