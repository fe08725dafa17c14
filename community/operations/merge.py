"""Two accounts of one person become one: what they wrote stays theirs."""

from __future__ import annotations

from accounts.models import Resident
from community.models import Post
from registration.operations.merge import municipalities_of
from tenants.context import municipality_context


def take_over(kept: Resident, other: Resident) -> None:
    """Posts of `other`, in every municipality the person is or was registered with."""
    for municipality in municipalities_of(kept):
        with municipality_context(municipality):
            Post.objects.filter(author_id=other.pk).update(author_id=kept.pk)
