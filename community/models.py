"""A municipality's rooms and what is written in them.

A resident is only an opaque id here: names come through `registration.queries`.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.rules.moderation import REASON_LENGTH
from community.rules.posting import MAX_LENGTH

# Why a post is hidden whose writer has closed the account; staff read it among the other reasons.
# A word of the record, not of the interface: Japanese for everybody.
LEFT = "退会"


class RoomQuerySet(models.QuerySet["Room"]):
    def listed(self) -> RoomQuerySet:
        """All rooms in their order, each with `last_post_at`, None where nobody has written."""
        return self.annotate(
            last_post_at=Max("posts__created_at", filter=Q(posts__hidden_at=None))
        ).order_by("sort_order", "pk")


class Room(models.Model):
    """A place where people registered with this municipality write to each other (R24).

    A closed room can still be read. Rooms are closed, not deleted: what people wrote stays.
    """

    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(
        pgettext_lazy("of a room", "address"),
        max_length=50,
        unique=True,
        help_text=_("The last part of the room's address: letters, digits and hyphens."),
    )
    description = models.CharField(
        _("what the room is for"),
        max_length=300,
        blank=True,
        help_text=_("Shown in the list of rooms and above the posts."),
    )
    is_open = models.BooleanField(
        _("open for posts"),
        default=True,
        help_text=_("Untick to stop new posts. What was written can still be read."),
    )
    sort_order = models.PositiveIntegerField(_("order"), default=0, editable=False)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    sort_order_field = "sort_order"  # Wagtail's list then lets staff move the rows

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        default_permissions = ("view", "add", "change")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    def threads(self) -> PostQuerySet:
        """Posts that are not answers, oldest first."""
        return self.filter(parent=None).order_by("created_at", "pk")

    def up_to(self, post: Post) -> PostQuerySet:
        """Those written no later than `post`, itself included."""
        return self.filter(
            Q(created_at__lt=post.created_at) | Q(created_at=post.created_at, pk__lte=post.pk)
        )

    def written_since(self, author_id: uuid.UUID, moment: datetime) -> PostQuerySet:
        """What one resident wrote after `moment`, in any room, hidden or not."""
        return self.filter(author_id=author_id, created_at__gt=moment)


class Post(models.Model):
    """A post of a resident, or of staff in the municipality's name; or an answer to one.

    Exactly one of `author_id` (the resident) and `staff_user` is set. `client_key` is made
    with the form: the same form sent twice is one post. A hidden post keeps its body for
    staff; everybody else sees the reason in its place. Of somebody who has closed the account
    nothing but the place is left: no body, and an `author_id` that is nobody's.
    """

    room = models.ForeignKey(
        Room, verbose_name=_("room"), on_delete=models.PROTECT, related_name="posts"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("answer to"),
        on_delete=models.PROTECT,
        related_name="answers",
        null=True,
        blank=True,
    )
    author_id = models.UUIDField(_("resident"), null=True, editable=False)
    # Accounts live in the shared schema and are anonymised, never deleted.
    staff_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("staff member"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        editable=False,
        related_name="+",
    )
    body = models.TextField(_("text"), max_length=MAX_LENGTH)
    client_key = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("written at"))
    hidden_at = models.DateTimeField(_("hidden at"), null=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("hidden by"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        editable=False,
        related_name="+",
    )
    hidden_reason = models.CharField(
        _("reason"), max_length=REASON_LENGTH, blank=True, editable=False
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        default_permissions = ()
        permissions = [("moderate_post", _("Read, write, hide and show posts as staff"))]
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["author_id", "client_key"], name="community_post_once_a_resident"
            ),
            models.UniqueConstraint(
                fields=["staff_user", "client_key"], name="community_post_once_a_member"
            ),
            models.CheckConstraint(
                condition=Q(author_id=None, staff_user__isnull=False)
                | Q(author_id__isnull=False, staff_user=None),
                name="community_post_one_author",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_reason="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                name="community_post_hidden_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["room", "parent", "created_at"], name="community_post_in_room"),
            models.Index(fields=["author_id", "created_at"], name="community_post_of_author"),
        ]

    def __str__(self) -> str:
        # Stands in the history of the site: no word of the post itself.
        return f"{self.room} #{self.pk}"

    def clean(self) -> None:
        if self.parent is not None and self.parent.parent_id is not None:
            raise ValidationError(_("An answer cannot be answered."))

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def is_erased(self) -> bool:
        """Nobody can post nothing: whoever wrote this has left."""
        return not self.body

    @property
    def is_by_staff(self) -> bool:
        return self.staff_user_id is not None
