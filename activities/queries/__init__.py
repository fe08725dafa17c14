"""What can be asked of activities, in the municipality whose schema is active."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from activities.models import (
    ActivityIndexPage,
    ActivityPage,
    DesignationTaskState,
    ProjectSettings,
    Session,
    ThanksNote,
)
from activities.models.sessions import SessionQuerySet
from common import clock


def session_by_uuid(uuid: UUID) -> Session | None:
    """A session of a published activity of this municipality; None for any other."""
    return Session.objects.public().filter(uuid=uuid).first()


def lock_session(uuid: UUID) -> Session | None:
    """As `session_by_uuid`, locked until the end of the transaction: lock before you count."""
    return Session.objects.public().filter(uuid=uuid).select_for_update(of=("self",)).first()


def sessions_to_judge(
    page_id: int | None = None, organisation_id: int | None = None
) -> SessionQuerySet:
    """All sessions, published or not, of one activity or of every activity of an organisation:
    whether they are designated may have another answer now."""
    of = {"page": page_id} if page_id else {"page__organisation": organisation_id}
    return Session.objects.filter(**of)


def sessions_between(first: date, last: date) -> SessionQuerySet:
    """Sessions of published activities that begin from `first` to `last`, both included."""
    return Session.objects.public().between(first, last)


def public_activities() -> QuerySet[ActivityPage]:
    """Published activities in the source language."""
    return ActivityPage.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE)


def thanks_for_sessions(uuids: Collection[UUID]) -> dict[UUID, str]:
    """The note of thanks of each of these sessions that has one."""
    rows = ThanksNote.objects.filter(session__uuid__in=uuids)
    return dict(rows.values_list("session__uuid", "text"))


def activities_for_choice() -> QuerySet[ActivityPage]:
    """All activities in the source language, drafts too, by name; for staff's lists of choices."""
    rows = ActivityPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
    return rows.order_by("title", "pk")


def activity_index() -> ActivityIndexPage | None:
    """The list of activities in the source language."""
    return (
        ActivityIndexPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
        .order_by("path")
        .first()
    )


def live_activity(page_id: int) -> ActivityPage | None:
    """A published activity in the source language, with its sessions; None for any other."""
    return public_activities().filter(pk=page_id).prefetch_related("sessions").first()


def session_for_staff(uuid: UUID, user: Any) -> Session | None:
    """A session, published or not, of an activity that `user` may edit; None otherwise."""
    session = Session.objects.filter(uuid=uuid).select_related("page").first()
    if session is None or not session.page.permissions_for_user(user).can_edit():
        return None
    return session


def activity_for_staff(page_id: int, user: Any) -> ActivityPage | None:
    """An activity in the source language that `user` may edit; None for any other."""
    page = ActivityPage.objects.filter(
        pk=page_id, locale__language_code=settings.LANGUAGE_CODE
    ).first()
    if page is None or not page.permissions_for_user(user).can_edit():
        return None
    return page


def draft_of(page: ActivityPage) -> ActivityPage:
    """The page as its editor shows it: the newest revision, published or not."""
    draft: Any = page.get_latest_revision_as_object()
    return draft


def own_templates() -> QuerySet[ActivityPage]:
    """Activities that were kept as templates, by name; of an organisation's none that was never
    published: all organisations see them."""
    return (
        ActivityPage.objects.filter(is_template=True, locale__language_code=settings.LANGUAGE_CODE)
        .exclude(organisation__isnull=False, first_published_at=None)
        .select_related("organisation")
        .order_by("title", "pk")
    )


def staff_is_changing(page: ActivityPage) -> bool:
    """Whether the unpublished draft of a public activity is staff's own work, which no organisation
    hands in or publishes for them. What an officer wrote while answering a review is not. A page
    that staff have locked is theirs, whatever its draft."""
    if page.locked:
        return True
    draft = page.latest_revision
    if not page.live or not page.has_unpublished_changes or draft is None or draft.user_id is None:
        return False
    answered = DesignationTaskState.objects.filter(
        workflow_state__object_id=str(page.pk), finished_at__gte=draft.created_at
    )
    return not answered.exists()


def projects_waiting() -> QuerySet[ActivityPage]:
    """Projects that wait for the municipality's word, oldest first; with `handed_in_at` and the
    number of the workflow's `task_state_id`."""
    waiting = DesignationTaskState.objects.filter(
        status=DesignationTaskState.STATUS_IN_PROGRESS,
        workflow_state__object_id=Cast(OuterRef("pk"), CharField()),
    )
    return (
        ActivityPage.objects.annotate(
            task_state_id=Subquery(waiting.values("pk")[:1]),
            handed_in_at=Subquery(waiting.values("started_at")[:1]),
        )
        .filter(task_state_id__isnull=False)
        .select_related("organisation")
        .order_by("handed_in_at", "pk")
    )


def answers_to(pages: Collection[ActivityPage]) -> dict[int, list[DesignationTaskState]]:
    """How each of these projects was handed in and answered, newest first, by the page's number;
    one query."""
    found: dict[int, list[DesignationTaskState]] = {}
    states = DesignationTaskState.objects.filter(
        workflow_state__object_id__in=[str(page.pk) for page in pages]
    )
    for state in states.select_related("workflow_state").order_by("-pk"):
        found.setdefault(state.page_id, []).append(state)
    return found


def projects_of(organisation_id: int) -> QuerySet[ActivityPage]:
    """An organisation's activities here, drafts too, with sessions, reports and notes of thanks."""
    return (
        ActivityPage.objects.filter(
            organisation=organisation_id, locale__language_code=settings.LANGUAGE_CODE
        )
        .prefetch_related("sessions__report", "sessions__thanks")
        .order_by("-latest_revision_created_at", "-pk")
    )


def session_of(organisation_id: int, uuid: UUID) -> Session | None:
    """A session of an organisation's published activity; None for any other."""
    return Session.objects.public().filter(uuid=uuid, page__organisation=organisation_id).first()


def is_run_by_another(uuid: UUID, organisation_id: int) -> bool:
    """Whether a session that is there, public or not, is no longer of this organisation."""
    return Session.objects.filter(uuid=uuid).exclude(page__organisation=organisation_id).exists()


def reports_due() -> SessionQuerySet:
    """Sessions of organisations that are over and have no report yet, oldest first."""
    return (
        Session.objects.public()
        .planned()
        .filter(ends_at__lt=clock.now(), page__organisation__isnull=False, report=None)
        .order_by("ends_at", "pk")
    )


def reports_overdue() -> SessionQuerySet:
    """Those whose report is late by the municipality's own number of days."""
    days = ProjectSettings.current().report_days
    return reports_due().filter(ends_at__lt=clock.now() - timedelta(days=days))
