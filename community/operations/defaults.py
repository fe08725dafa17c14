"""The first room of a new municipality, and who looks after rooms."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from community.models import Room
from tenants.staff.roles import Role

FIRST_ROOM = "hiroba"
_ROLES = (Role.ADMINISTRATOR, Role.ROOM_MODERATOR)
_PERMISSIONS = ("view_room", "add_room", "change_room", "moderate_post")


def make_first_room() -> Room:
    """ひろば, the place for everybody; safe to repeat.

    Its words are content, which staff may change, not the platform's interface: they are
    Japanese whatever language the server was started in.
    """
    room, _created = Room.objects.get_or_create(
        slug=FIRST_ROOM,
        defaults={
            "name": "ひろば",
            "description": "だれでも自由に話せる場所です。"
            "自己紹介や、地域の思い出をお書きください。",
        },
    )
    return room


def make_permissions() -> None:
    """Let administrators and room moderators of the active schema at rooms; safe to repeat."""
    permissions = Permission.objects.filter(
        content_type__app_label="community", codename__in=_PERMISSIONS
    )
    for group in Group.objects.filter(name__in=_ROLES):
        group.permissions.add(*permissions)
