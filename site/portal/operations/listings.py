"""Keeping the index like the municipalities' pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from activities.queries import live_activity, public_activities
from common import clock
from notifications.operations import enqueue
from portal.models import ActivityListing
from portal.rules.words import words_of
from tenants.context import current_municipality

INDEX_ACTIVITY = "index_activity"
_TITLE, _REST = "A", "C"


def ask_to_index(page_id: int) -> None:
    """Have the worker bring the index up to date with one page of the active municipality."""
    enqueue(
        INDEX_ACTIVITY,
        {"page_id": page_id},
        municipality_code=current_municipality().code,
        dedupe_key=f"{current_municipality().code}:{page_id}",
    )


@transaction.atomic
def index_activity(page_id: int) -> None:
    """Replace the rows of one activity page of the active municipality; safe to repeat."""
    municipality = current_municipality()
    ActivityListing.objects.filter(municipality=municipality, page_id=page_id).delete()
    page = live_activity(page_id)
    if page is None:
        return
    sessions = [s for s in page.sessions.all() if s.ends_at >= clock.now() and not s.is_cancelled]
    programme = page.joint_programme.uuid if page.joint_programme else None
    ActivityListing.objects.bulk_create(
        _row(page, session, municipality, programme) for session in sessions
    )
    if sessions:
        text = " ".join([page.summary, municipality.full_name, page.get_category_display()])
        ActivityListing.objects.filter(municipality=municipality, page_id=page_id).update(
            words=_vector(page.title, _TITLE) + _vector(text, _REST)
        )


def index_municipality() -> None:
    """Bring the index up to date with every activity of the active municipality."""
    for page_id in public_activities().values_list("pk", flat=True):
        index_activity(page_id)


def _row(page: Any, session: Any, municipality: Any, programme: UUID | None) -> ActivityListing:
    snapshot = session.snapshot()
    return ActivityListing(
        municipality=municipality,
        prefecture_code=municipality.prefecture_code,
        page_id=page.pk,
        session_uuid=snapshot.session_uuid,
        title=page.title,
        summary=page.summary,
        category=page.category,
        place=snapshot.place,
        is_remote=page.is_remote,
        is_paid=page.is_paid,
        designated=snapshot.is_designated,
        starts_at=snapshot.starts_at,
        ends_at=snapshot.ends_at,
        is_urgent=page.is_urgent,
        joint_programme=programme,
        page_path=snapshot.page_path,
    )


def _vector(text: str, weight: str) -> SearchVector:
    return SearchVector(Value(" ".join(words_of(text))), config="simple", weight=weight)
