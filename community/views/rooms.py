"""The municipality's rooms, for those registered with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.queries import resident_for
from common.refusal import Refused
from community.forms import PostForm
from community.models import Post, Room
from community.operations import post
from community.queries import ShownPost, page_of, rooms, threads_page
from community.rules.posting import may_read
from community.views.sentences import sentence_for
from identity.queries import standing_of
from registration.queries import is_registered

View = Callable[..., HttpResponse]


def registrants_only(view: View) -> View:
    """Lets registrants in; tells everybody else what the rooms are and how to get there.

    Not signed in: 200 with the way to sign in, because it is an invitation. Signed in but not
    registered here: 403 with the way to register. Decided before any room is looked up, so
    that nobody learns which rooms there are. The page is never cached.
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        resident = resident_for(request)
        if resident is None:
            return render(request, "community/invitation.html")
        municipality = request.municipality  # type: ignore[attr-defined]
        if not may_read(registered=is_registered(resident.pk, municipality)).allowed:
            return render(request, "community/not_registered.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


@registrants_only
@require_http_methods(["GET", "HEAD"])
def room_list(request: HttpRequest) -> HttpResponse:
    """All rooms of the municipality."""
    return render(request, "community/rooms.html", {"rooms": rooms(), "is_registered": True})


@registrants_only
@require_http_methods(["GET", "HEAD", "POST"])
def room_view(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of posts with their answers; POST writes one and shows it in its place."""
    room = get_object_or_404(Room, slug=slug)
    resident_id: UUID = request.resident.pk  # type: ignore[attr-defined]
    bound: PostForm | None = None
    parent: Post | None = None
    if request.method == "POST":
        parent = _answered(request, room)
        bound = PostForm(request.POST, answer_to=parent.pk if parent else None)
        written = _write(bound, resident_id, room, parent)
        if written is not None:
            messages.success(request, _("Your post is in the room."))
            where = reverse("community:room", args=[room.slug])
            return redirect(f"{where}?page={page_of(written)}#post-{written.pk}")
    number = page_of(parent) if parent else request.GET.get("page")
    municipality = request.municipality  # type: ignore[attr-defined]
    page = threads_page(room, municipality, resident_id, number)
    lacks_consent = standing_of(request.resident).lacks_consent  # type: ignore[attr-defined]
    may_write = room.is_open and not lacks_consent
    return render(
        request,
        "community/room.html",
        {
            "room": room,
            "page": page,
            "threads": _with_forms(page, bound, parent, may_write),
            "form": bound if bound and not parent else PostForm(),
            "may_write": may_write,
            # What was typed is shown even where posting is not possible now.
            "show_form": may_write or (bound is not None and parent is None),
            "is_registered": True,
        },
        status=409 if bound else 200,
    )


def _answered(request: HttpRequest, room: Room) -> Post | None:
    """The post an answer is for. One that is none of this room's is an unknown page."""
    given = request.POST.get("parent", "")
    if not given:
        return None
    # The length too: Python refuses to read thousands of digits, which would be our fault.
    if not re.fullmatch(r"[0-9]{1,18}", given):
        raise Http404
    return get_object_or_404(Post, pk=given, room=room)


def _write(form: PostForm, resident_id: UUID, room: Room, parent: Post | None) -> Post | None:
    """The post, or None with the reason in the form."""
    if not form.is_valid():
        form.renew_key()
        return None
    data = form.cleaned_data
    try:
        return post(resident_id, room, data["body"], data["client_key"], parent)
    except Refused as refusal:
        form.add_error("body", sentence_for(refusal))
        if refusal.code == "already_sent":
            form.renew_key()
        return None


def _with_forms(
    threads: Any, bound: PostForm | None, parent: Post | None, may_write: bool
) -> list[tuple[ShownPost, PostForm | None]]:
    """Each post with the form to answer it, None where it cannot be answered."""
    rows: list[tuple[ShownPost, PostForm | None]] = []
    for thread in threads:
        form = PostForm(answer_to=thread.id) if may_write and not thread.is_hidden else None
        if bound and parent and thread.id in (parent.pk, parent.parent_id):
            form = bound
        rows.append((thread, form))
    return rows
