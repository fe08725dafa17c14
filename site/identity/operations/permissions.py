"""Who of a municipality's staff may look at cards."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from tenants.staff.roles import Role

CHECKERS = (Role.ADMINISTRATOR, Role.REGISTRATION_OFFICER)


def make_permissions() -> None:
    """Give the roles their permission in the active municipality; safe to repeat."""
    permission = Permission.objects.get(
        content_type__app_label="identity", codename="add_countercheck"
    )
    for group in Group.objects.filter(name__in=CHECKERS):
        group.permissions.add(permission)
