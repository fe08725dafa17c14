"""Who of a municipality's staff may enter people who have no e-mail."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from tenants.staff.roles import Role

AT_THE_COUNTER = (Role.ADMINISTRATOR, Role.REGISTRATION_OFFICER)


def make_permissions() -> None:
    """Give the roles their permissions in the active municipality; safe to repeat."""
    permissions = Permission.objects.filter(
        content_type__app_label="accounts",
        codename__in=["add_counterentry", "view_counterentry"],
    )
    for group in Group.objects.filter(name__in=AT_THE_COUNTER):
        group.permissions.add(*permissions)
