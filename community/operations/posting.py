"""Writing in a room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import Resident, User
from common import clock
from common.plain_text import tidy
from common.refusal import Refused
from community.models import Post, Room
from community.rules.posting import WINDOW_MINUTES, PostInput, may_post
from identity.queries import standing_of
from registration.queries import is_registered
from tenants.context import current_municipality


@transaction.atomic
def post(
    resident_id: UUID, room: Room, body: str, client_key: UUID, parent: Post | None = None
) -> Post:
    """Write in `room` of the active municipality, or answer `parent` there.

    The same form sent again gives the post it made the first time. Raises `Refused` with the
    code of the first condition of `may_post` not met and its data, or `already_sent` where
    the form was used before for other words.
    """
    # One writer a person: else several at once would all count before any has written.
    resident = Resident.objects.select_for_update(of=("self",), no_key=True).get(pk=resident_id)
    body = tidy(body)
    author = {"author_id": resident_id}
    if made := _made_before(author, room, body, client_key, parent):
        return made
    now = clock.now()
    recent = Post.objects.written_since(resident_id, now - timedelta(minutes=WINDOW_MINUTES))
    room, parent = _locked(room, parent)
    decision = may_post(
        PostInput(
            body=body,
            room_open=room.is_open,
            registered=is_registered(resident_id, current_municipality()),
            lacks_consent=standing_of(resident).lacks_consent,
            recent_posts=recent.count(),
            answers=_answerable(room, parent),
        )
    )
    if not decision.allowed:
        raise Refused(decision.unmet[0].code, **decision.unmet[0].data)
    return Post.objects.create(
        room=room, parent=parent, body=body, client_key=client_key, created_at=now, **author
    )


@transaction.atomic
def post_as_staff(
    staff_user: User, room: Room, body: str, client_key: UUID, parent: Post | None = None
) -> Post:
    """Write in the municipality's name; `staff_user` is kept, not shown.

    Staff write as often as they need to. Raises `Refused` as `post` does.
    """
    body = tidy(body)
    author = {"staff_user_id": staff_user.pk}
    room, parent = _locked(room, parent)
    if made := _made_before(author, room, body, client_key, parent):
        return made
    decision = may_post(
        PostInput(body=body, room_open=room.is_open, answers=_answerable(room, parent))
    )
    if not decision.allowed:
        raise Refused(decision.unmet[0].code, **decision.unmet[0].data)
    return Post.objects.create(
        room=room,
        parent=parent,
        body=body,
        client_key=client_key,
        created_at=clock.now(),
        **author,
    )


def _made_before(
    author: dict[str, Any], room: Room, body: str, client_key: UUID, parent: Post | None
) -> Post | None:
    made = Post.objects.filter(client_key=client_key, **author).first()
    if made is None:
        return None
    if (made.room_id, made.parent_id, made.body) != (room.pk, parent and parent.pk, body):
        raise Refused("already_sent")
    return made


def _locked(room: Room, parent: Post | None) -> tuple[Room, Post | None]:
    """Room and post as they are now, kept so: closing or hiding waits, or has won."""
    room = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    if parent is not None:
        parent = Post.objects.select_for_update(no_key=True).get(pk=parent.pk)
    return room, parent


def _answerable(room: Room, parent: Post | None) -> bool | None:
    if parent is None:
        return None
    return parent.room_id == room.pk and parent.parent_id is None and not parent.is_hidden
