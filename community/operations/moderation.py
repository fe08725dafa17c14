"""Hiding a post with a reason, and showing it again; both stand in the site's history."""

from __future__ import annotations

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from common import clock
from common.plain_text import tidy
from common.refusal import Refused
from community.models import Post
from community.rules.moderation import may_hide

HIDDEN, SHOWN = "community.hide", "community.unhide"


@transaction.atomic
def hide(post: Post, staff_user: User, reason: str) -> Post:
    """Take a post's words out of the room; `reason` stands in their place for everybody.

    Raises `Refused` with `reason_given` or `reason_short` (data: length, limit), or
    `already_hidden` (data: reason) where a colleague gave another reason first.
    """
    post = _lock(post)
    reason = " ".join(tidy(reason).split())
    if post.is_hidden:
        if post.hidden_reason != reason:
            raise Refused("already_hidden", reason=post.hidden_reason)
        return post
    decision = may_hide(reason)
    if not decision.allowed:
        raise Refused(decision.unmet[0].code, **decision.unmet[0].data)
    post.hidden_at, post.hidden_by, post.hidden_reason = clock.now(), staff_user, reason
    post.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    log(post, HIDDEN, user=staff_user, data={"reason": reason})
    return post


@transaction.atomic
def unhide(post: Post, staff_user: User) -> Post:
    """Show a post again; nothing happens where it is not hidden, or nothing is left of it."""
    post = _lock(post)
    if post.is_erased or not post.is_hidden:
        return post
    reason = post.hidden_reason
    post.hidden_at, post.hidden_by, post.hidden_reason = None, None, ""
    post.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    log(post, SHOWN, user=staff_user, data={"reason": reason})
    return post


def _lock(post: Post) -> Post:
    return (
        Post.objects.select_for_update(of=("self",), no_key=True)
        .select_related("room")
        .get(pk=post.pk)
    )
