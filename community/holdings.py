"""What a municipality's rooms hold of a person."""

from __future__ import annotations

from uuid import uuid4

from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from common import clock
from common.holdings import Field, Holding, Person
from community.models import LEFT, Post


def _posts(person: Person) -> list[Post]:
    rows = Post.objects.filter(author_id__in=person.residents)
    return list(rows.select_related("room"))


def _empty_posts(person: Person) -> None:
    """Their place stays, so that others' answers stand where they stood. A municipality's word on
    a post that it had hidden stays too."""
    Post.objects.filter(author_id__in=person.residents).update(
        author_id=uuid4(),
        body="",
        hidden_at=Coalesce("hidden_at", Value(clock.now())),
        hidden_reason=Coalesce(NullIf("hidden_reason", Value("")), Value(LEFT)),
    )


HOLDINGS = [
    Holding(
        table="community_post",
        title=_("Your posts"),
        why=_("So that people registered with the municipality can read them. Until you close your "
              "account: then what you wrote is deleted, and others' answers stay."),
        rows=_posts,
        fields=(
            Field("room", _("room"), lambda row: row.room.name),
            "body", "created_at", "hidden_at", "hidden_reason",
        ),
        erase=_empty_posts,
        municipal=True,
    ),
]  # fmt: skip
