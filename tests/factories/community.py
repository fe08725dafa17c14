"""Rooms, posts and the people who write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from accounts.models import Resident, User
from common import clock
from community.models import Post, Room
from community.operations.defaults import FIRST_ROOM
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.factories.accounts import ResidentFactory
from tests.factories.registration import register_resident


def make_registrant(municipality: Municipality, **fields: Any) -> Resident:
    """A resident who is registered with `municipality`."""
    resident: Resident = ResidentFactory(**fields)
    register_resident(resident, municipality)
    return resident


def first_room(municipality: Municipality) -> Room:
    """ひろば, the room every municipality has from the start, at `/rooms/hiroba/`."""
    with municipality_context(municipality):
        return Room.objects.get(slug=FIRST_ROOM)


def make_room(municipality: Municipality, name: str = "釣り好きの部屋", **fields: Any) -> Room:
    """Another room of `municipality`."""
    with municipality_context(municipality):
        return Room.objects.create(name=name, **({"slug": "tsuri"} | fields))


def make_post(
    municipality: Municipality,
    author: Resident | User,
    body: str = "はじめまして。",
    *,
    room: Room | None = None,
    parent: Post | None = None,
    at: datetime | None = None,
    hidden: str = "",
    **fields: Any,
) -> Post:
    """A row as the operations leave it, `at` a moment (by default long ago: an hour).

    An account writes in the municipality's name. `hidden` is the reason, if it is hidden.
    """
    at = at or clock.now() - timedelta(hours=1)
    if isinstance(author, Resident):
        fields["author_id"] = author.pk
    else:
        fields["staff_user"] = author
    if hidden:
        fields |= {"hidden_at": at, "hidden_reason": hidden}
    room = room or first_room(municipality)
    with municipality_context(municipality):
        return Post.objects.create(
            room=room,
            parent=parent,
            body=body,
            created_at=at,
            **({"client_key": uuid4()} | fields),
        )


def bodies(municipality: Municipality) -> list[str]:
    """All that is written in all rooms of `municipality`, oldest first."""
    with municipality_context(municipality):
        return list(Post.objects.order_by("created_at", "pk").values_list("body", flat=True))
