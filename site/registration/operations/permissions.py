"""Which roles see the list of registrants, which open particulars, enter people who come to the
counter and decide on premium registrations. What the municipality asks for, administrators set.

Coordinators know from the list who is registered and where they live; whoever signs up for an
activity tells them name and telephone number there. Editors, moderators and readers see nobody.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from tenants.staff.roles import Role

_OFFICE = (Role.ADMINISTRATOR, Role.REGISTRATION_OFFICER)
# App and name of each permission.
PERMISSIONS: dict[tuple[str, str], tuple[Role, ...]] = {
    ("registration", "view_registrants"): (*_OFFICE, Role.COORDINATOR),
    ("registration", "open_registrant"): _OFFICE,
    ("registration", "change_premiumapplication"): _OFFICE,
    ("registration", "add_municipalconditions"): (Role.ADMINISTRATOR,),
    # Lists of earlier participations name people who have no account.
    ("attendance", "add_importbatch"): _OFFICE,
    ("accounts", "add_counterentry"): _OFFICE,
    ("accounts", "view_counterentry"): _OFFICE,
}


def make_permissions() -> None:
    """Give the roles' groups of the active schema their permissions; safe to repeat."""
    groups = {group.name: group for group in Group.objects.filter(name__in=Role.values)}
    found = Permission.objects.select_related("content_type").filter(
        codename__in=[name for _app, name in PERMISSIONS]
    )
    for permission in found:
        for role in PERMISSIONS.get((permission.content_type.app_label, permission.codename), ()):
            groups[role].permissions.add(permission)
