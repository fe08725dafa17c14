"""What a new municipality gets from this app."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from tenants.staff.roles import Role


def let_staff_choose_the_look() -> None:
    """Administrators and editors of the active municipality may change its theme.

    Safe to repeat: a permission given twice is given once.
    """
    change = Permission.objects.get(content_type__app_label="themes", codename="change_theme")
    for group in Group.objects.filter(name__in=[Role.ADMINISTRATOR, Role.EDITOR]):
        group.permissions.add(change)
