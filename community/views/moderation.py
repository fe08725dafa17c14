"""Posts in the municipality's admin: read, hide with a reason, show again, write as staff."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.refusal import Refused
from community.forms import HideForm, PostFilterForm, PostForm, StaffPostForm
from community.models import Post
from community.operations import hide, post_as_staff, unhide
from community.permissions import may_moderate
from community.queries import names_of, posts_for_staff
from community.views.sentences import sentence_for
from tenants.hosts import municipality_url

POSTS_PER_PAGE = 50
View = Callable[..., HttpResponse]


def moderators_only(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_moderate(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@moderators_only
def post_list(request: HttpRequest) -> HttpResponse:
    """Newest first, filtered by room and by whether they are hidden."""
    filters = PostFilterForm(request.GET)
    page = Paginator(posts_for_staff(**filters.chosen()), POSTS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "community/admin/posts.html",
        {"filters": filters, "page": page, "rows": _named(list(page.object_list), request)},
    )


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def hide_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason; it is what the room will show."""
    post = get_object_or_404(posts_for_staff(), pk=pk)
    form = HideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hide(post, request.user, form.cleaned_data["reason"])  # type: ignore[arg-type]
            messages.success(request, _("The post is hidden. The room shows the reason."))
            return redirect("community_posts:index")
        except Refused as refusal:
            form.add_error("reason", sentence_for(refusal))
    (row,) = _named([post], request)
    return render(request, "community/admin/hide.html", {"form": form, "row": row})


@moderators_only
@require_POST
def unhide_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the post in its room again."""
    unhide(get_object_or_404(Post, pk=pk), request.user)  # type: ignore[arg-type]
    messages.success(request, _("The post is shown in the room again."))
    return redirect("community_posts:index")


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def write_view(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A post in the municipality's name; with `pk` an answer to that post."""
    parent = get_object_or_404(posts_for_staff(), pk=pk) if pk else None
    kind = PostForm if parent else StaffPostForm
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.is_valid():
            data = form.cleaned_data
            room = parent.room if parent else data["room"]
            try:
                post_as_staff(
                    request.user,  # type: ignore[arg-type]
                    room,
                    data["body"],
                    data["client_key"],
                    parent,
                )
                messages.success(request, _("Your post is in the room."))
                return redirect("community_posts:index")
            except Refused as refusal:
                form.add_error("body", sentence_for(refusal))
                if refusal.code == "already_sent":
                    form.renew_key()
        elif "client_key" in form.errors:
            form.renew_key()
    row = _named([parent], request)[0] if parent else None
    return render(request, "community/admin/write.html", {"form": form, "row": row})


def _named(posts: list[Post], request: HttpRequest) -> list[dict[str, Any]]:
    municipality = request.municipality  # type: ignore[attr-defined]
    names = names_of(posts, municipality)
    return [
        {
            "post": post,
            "author": names.get(post.author_id, "") if post.author_id else municipality.name,
            "staff_name": post.staff_user.get_full_name() if post.staff_user else "",
            "hidden_by": post.hidden_by.get_full_name() if post.hidden_by else "",
            "room_url": municipality_url(municipality, f"/rooms/{post.room.slug}/"),
            "answerable": post.parent_id is None and not post.is_hidden and post.room.is_open,
        }
        for post in posts
    ]
