"""Which roles see the list of registrants, and which open particulars.

Coordinators know from the list who is registered and where they live; whoever signs up for an
activity tells them name and telephone number there. Editors, moderators and readers see nobody.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from tenants.staff.roles import Role

_OFFICE = (Role.ADMINISTRATOR, Role.REGISTRATION_OFFICER)
PERMISSIONS: dict[str, tuple[Role, ...]] = {
    "view_registrants": (*_OFFICE, Role.COORDINATOR),
    "open_registrant": _OFFICE,
}


def make_permissions() -> None:
    """Give the roles' groups of the active schema their permissions; safe to repeat."""
    groups = {group.name: group for group in Group.objects.filter(name__in=Role.values)}
    found = Permission.objects.filter(
        content_type__app_label="registration", codename__in=PERMISSIONS.keys()
    )
    for permission in found:
        for role in PERMISSIONS[permission.codename]:
            groups[role].permissions.add(permission)
