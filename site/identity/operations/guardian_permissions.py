"""Who of a municipality's staff takes guardians' papers."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from tenants.staff.roles import Role

TAKERS = (Role.ADMINISTRATOR, Role.REGISTRATION_OFFICER)


def make_permissions() -> None:
    """Give the roles their permissions in the active municipality; safe to repeat."""
    permissions = Permission.objects.filter(
        content_type__app_label="identity",
        codename__in=["view_guardianconsent", "add_guardianconsent"],
    )
    for group in Group.objects.filter(name__in=TAKERS):
        group.permissions.add(*permissions)
