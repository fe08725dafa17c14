"""Who of a municipality's staff may export, approve, handle requests and inspect the records."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from tenants.staff.roles import Role

_OFFICE = (Role.ADMINISTRATOR, Role.REGISTRATION_OFFICER)
PERMISSIONS: dict[str, tuple[Role, ...]] = {
    "export_registrants": _OFFICE,
    "approve_export": _OFFICE,
    "handle_cases": _OFFICE,
    # Who looked at whom, with names: for whoever answers for the municipality.
    "view_accessrecord": (Role.ADMINISTRATOR,),
}


def make_permissions() -> None:
    """Give the roles' groups of the active schema their permissions; safe to repeat."""
    groups = {group.name: group for group in Group.objects.filter(name__in=Role.values)}
    found = Permission.objects.filter(
        content_type__app_label="privacy", codename__in=PERMISSIONS.keys()
    )
    for permission in found:
        for role in PERMISSIONS[permission.codename]:
            groups[role].permissions.add(permission)
