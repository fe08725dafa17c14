"""Who of a municipality's staff may see and revoke certificates."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from tenants.staff.roles import Role

REVOKERS = (Role.ADMINISTRATOR, Role.REGISTRATION_OFFICER)


def make_permissions() -> None:
    """Give the roles their permissions in the active municipality."""
    permissions = Permission.objects.filter(
        content_type__app_label="certificates",
        codename__in=["view_certificate", "change_certificate"],
    )
    for group in Group.objects.filter(name__in=REVOKERS):
        group.permissions.add(*permissions)
