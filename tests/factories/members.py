"""People who act for organisations."""

from __future__ import annotations

from accounts.models import Resident
from common import clock
from organisations.enums import MemberRole
from organisations.models import MemberInvitation, Organisation, OrganisationMember
from tests.factories.accounts import ResidentFactory


def make_organisation_member(
    organisation: Organisation,
    role: MemberRole = MemberRole.MANAGER,
    resident: Resident | None = None,
) -> OrganisationMember:
    """Somebody who took up an invitation."""
    resident = resident or ResidentFactory()
    now = clock.now()
    invitation = MemberInvitation.objects.create(
        organisation=organisation,
        role=role,
        token_hash=f"{MemberInvitation.objects.count():0>64}",
        invited_by=resident.user,
        accepted_by=resident.user,
        created_at=now,
        expires_at=now,
        closed_at=now,
    )
    made: OrganisationMember = OrganisationMember.objects.create(
        account=resident.user,
        organisation=organisation,
        role=role,
        name=resident.name,
        invitation=invitation,
        since=now,
    )
    return made
