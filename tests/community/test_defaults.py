"""What a new municipality starts with, and who looks after its rooms."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from community.models import Room
from community.operations.defaults import make_first_room, make_permissions
from community.permissions import may_moderate
from tenants.context import municipality_context
from tenants.staff.roles import Role
from tests.factories.community import first_room
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db


def test_every_municipality_starts_with_one_open_room(kesennuma, hida):
    for municipality in (kesennuma, hida):
        with municipality_context(municipality):
            assert [(room.name, room.is_open) for room in Room.objects.listed()] == [
                ("ひろば", True)
            ]


def test_setting_up_again_leaves_what_staff_changed(kesennuma):
    room = first_room(kesennuma)
    with municipality_context(kesennuma):
        room.name, room.is_open = "みんなの広場", False
        room.save()
        make_first_room()
        make_permissions()
        kept = Room.objects.get()
    assert (kept.name, kept.is_open) == ("みんなの広場", False)


@pytest.mark.parametrize("role", Role.values)
def test_administrators_and_moderators_look_after_rooms_where_they_work(kesennuma, hida, role):
    user = make_member(kesennuma, role)
    answers = []
    for municipality in (kesennuma, hida):
        with municipality_context(municipality):
            answers.append(may_moderate(type(user).objects.get(pk=user.pk)))
    assert answers == [role in {Role.ADMINISTRATOR, Role.ROOM_MODERATOR}, False]


def test_a_deactivated_moderator_looks_after_nothing(kesennuma):
    user = make_member(kesennuma, Role.ROOM_MODERATOR, is_active=False)
    with municipality_context(kesennuma):
        assert not may_moderate(user)


def test_nobody_may_delete_rooms_or_posts(kesennuma):
    with municipality_context(kesennuma):
        held = Permission.objects.filter(content_type__app_label="community", group__isnull=False)
        names = set(held.values_list("codename", flat=True))
    assert names == {"view_room", "add_room", "change_room", "moderate_post"}
