"""What can be asked about the staff of the active municipality."""

from __future__ import annotations

from django.db.models import QuerySet

from common import clock
from tenants.staff.models import Invitation, Membership
from tenants.staff.roles import Role


def members() -> QuerySet[Membership]:
    """Who works here, by name; one row a role."""
    return (
        Membership.objects.filter(group__name__in=Role.values)
        .select_related("user", "group")
        .order_by("user__name", "user__email", "group__name")
    )


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that nobody has taken up and that still can be."""
    return (
        Invitation.objects.filter(accepted_at=None, expires_at__gt=clock.now())
        .select_related("group")
        .order_by("created_at")
    )
