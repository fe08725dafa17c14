"""What can be asked of rooms and posts of the active municipality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet

from community.models import Post, Room
from registration.queries import display_names
from tenants.models import Municipality

THREADS_PER_PAGE = 20


@dataclass(frozen=True)
class ShownPost:
    """A post as a reader in the room gets it. Of a hidden one no word leaves this module.

    `author` is empty where it is not said: a post is hidden, or its writer is no longer
    registered.
    """

    id: int
    author: str
    is_own: bool
    is_by_staff: bool
    body: str
    created_at: datetime
    is_hidden: bool
    hidden_reason: str
    is_erased: bool
    answers: tuple[ShownPost, ...] = ()


def rooms() -> QuerySet[Room]:
    """The rooms in their order, each with the moment of its last post."""
    return Room.objects.listed()


def page_of(post: Post) -> int:
    """The number of the page a post stands on; an answer stands with what it answers."""
    thread = post.parent or post
    before = Post.objects.filter(room_id=thread.room_id).threads().up_to(thread).count()
    return max(1, -(-before // THREADS_PER_PAGE))


def threads_page(
    room: Room, municipality: Municipality, reader_id: UUID, number: int | str | None = None
) -> Page[ShownPost]:
    """One page of a room, oldest first; the last page unless `number` says which.

    A number that is none or too high gives the first or the last page. Four queries,
    whatever is on the page.
    """
    answers = Post.objects.order_by("created_at", "pk")
    threads = room.posts.threads().prefetch_related(  # type: ignore[attr-defined]
        Prefetch("answers", queryset=answers)
    )
    paginator: Paginator[Post] = Paginator(threads, THREADS_PER_PAGE)
    page: Page = paginator.get_page(paginator.num_pages if number is None else number)
    posts = list(page.object_list)
    everyone = [post for thread in posts for post in (thread, *thread.answers.all())]
    names = names_of(everyone, municipality)
    page.object_list = [_shown(thread, names, reader_id, municipality) for thread in posts]
    return page


def names_of(posts: Iterable[Post], municipality: Municipality) -> dict[UUID, str]:
    """Short names of the residents who wrote `posts` and are still registered; one query."""
    return display_names(municipality, [post.author_id for post in posts if post.author_id])


def posts_for_staff(room: Room | None = None, hidden: bool | None = None) -> QuerySet[Post]:
    """Newest first, with room and who hid them; of one room, or only hidden or shown ones."""
    posts = Post.objects.select_related("room", "staff_user", "hidden_by").order_by(
        "-created_at", "-pk"
    )
    if room is not None:
        posts = posts.filter(room=room)
    if hidden is not None:
        posts = posts.filter(hidden_at__isnull=not hidden)
    return posts


def _shown(
    post: Post, names: Mapping[UUID, str], reader_id: UUID, municipality: Municipality
) -> ShownPost:
    hidden = post.is_hidden
    answers: Iterable[Post] = post.answers.all() if post.parent_id is None else ()
    author = names.get(post.author_id, "") if post.author_id else municipality.name
    return ShownPost(
        id=post.pk,
        # A name beside the reason would be an accusation in public.
        author="" if hidden else author,
        is_own=post.author_id == reader_id,
        is_by_staff=post.is_by_staff,
        body="" if hidden else post.body,
        created_at=post.created_at,
        is_hidden=hidden,
        hidden_reason=post.hidden_reason,
        is_erased=post.is_erased,
        answers=tuple(_shown(answer, names, reader_id, municipality) for answer in answers),
    )
