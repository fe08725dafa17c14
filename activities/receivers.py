"""From Wagtail's signals to ours, and the defaults of a new municipality."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, TaskState
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from accounts.models import Resident, User
from accounts.registry import merge_part
from activities.enums import DesignationAction
from activities.models import ActivityPage, Session
from activities.models.listing import next_activities
from activities.operations.calls import call_once
from activities.operations.defaults import (
    make_activity_index,
    make_activity_permissions,
    make_designation_workflow,
    make_permissions,
)
from activities.operations.designate import designate
from activities.operations.letters import PROJECT_NEWS, deliver_news, tell_coordinators
from activities.operations.need_mails import NEED_WITHDRAWN, tell_office
from activities.operations.needs import take_over, tell_of_publication
from activities.operations.reviews import Answers, decide_project, return_project
from activities.operations.sessions import settle_draft
from activities.queries import projects_waiting, public_activities, reports_overdue
from activities.registry import project_answer, session_links
from activities.registry.desk import MOST_TASKS, DeskTask, desk_list
from activities.signals import activity_published, activity_unpublished
from activities.views import workspace_home, workspace_needs  # noqa: F401 - sections of the workspace
from common.refusal import Refused
from notifications.registry import handler
from organisations.operations.runs import keep_run_sessions
from pages.registry import FrontPageSection, front_page_section
from privacy.operations.known import places_remembered
from tenants.context import current_municipality, municipality_context
from tenants.models import Municipality
from tenants.signals import template_built


@session_links("thanks")
def thanks_link(session: Session) -> list[tuple[Any, str]]:
    """Once it is over."""
    if not session.is_over or session.is_cancelled:
        return []
    return [(_("Words of thanks"), reverse("activities_thanks", args=[session.uuid]))]


@merge_part("needs")
def needs_of_one_person(kept: Resident, other: Resident) -> None:
    """In every municipality the other account was known to."""
    for municipality in places_remembered(other):
        with municipality_context(municipality):
            take_over(kept, other)


@receiver(template_built, dispatch_uid="activities.make_defaults")
def make_defaults(sender: Any, **kwargs: Any) -> None:
    """The list of activities, coordinators' rights below it, the workflow of designation."""
    index = make_activity_index()
    if index is not None:
        make_activity_permissions(index)
    make_permissions()
    make_designation_workflow()


@receiver(page_published, sender=ActivityPage, dispatch_uid="activities.published")
def activity_went_live(
    sender: Any, instance: ActivityPage, revision: Any = None, **kwargs: Any
) -> None:
    """Record the designation and tell the apps above."""
    with transaction.atomic():
        if instance.is_source:
            designate(instance, revision.user if revision is not None else None)
            settle_draft(instance, revision)
            if instance.is_urgent:
                call_once(instance)
            keep_run_sessions(
                current_municipality(),
                [session.uuid for session in instance.stored_sessions()],
                instance.organisation_id,
            )
            news = "changed" if instance.first_published_at != instance.last_published_at else ""
            tell_coordinators(instance, news or "published")
            if instance.from_need:
                tell_of_publication(instance)
        _tell([instance])


@handler(PROJECT_NEWS)
def deliver_project_news(payload: dict[str, Any]) -> None:
    # What an earlier version of ours wrote names no date.
    deliver_news(payload["page"], payload["news"], payload.get("date"), payload.get("before", -1))


@handler(NEED_WITHDRAWN)
def a_need_is_withdrawn(payload: dict[str, Any]) -> None:
    tell_office(payload["need"])


@receiver(page_unpublished, sender=ActivityPage, dispatch_uid="activities.unpublished")
def activity_went_offline(sender: Any, instance: ActivityPage, **kwargs: Any) -> None:
    """Sent before a deletion too. A translation: the source stays public, less a language."""
    if instance.is_source:
        tell_coordinators(instance, "closed")
        activity_unpublished.send(sender=ActivityPage, page=instance)
    else:
        _tell([instance])


@receiver(post_page_move, dispatch_uid="activities.moved")
def page_moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    """An activity below the page has a new address."""
    _tell(public_activities().filter(path__startswith=instance.path))


@receiver(page_slug_changed, dispatch_uid="activities.slug_changed")
def page_renamed(sender: Any, instance: Page, **kwargs: Any) -> None:
    """As when moved; an activity itself is told of by its publication."""
    if not isinstance(instance, ActivityPage):
        _tell(public_activities().filter(path__startswith=instance.path))


@project_answer
def answer_to_project(
    task_state: TaskState, officer: User, action: str, values: dict[str, Any]
) -> None:
    """By the operation of that answer. What somebody else has answered meanwhile, nobody may."""
    values = dict(values)
    comment = values.pop("comment")
    try:
        if action == DesignationAction.SEND_BACK:
            return_project(task_state, officer, comment)
        else:
            decide_project(task_state, officer, Answers(**values), comment)
    except Refused as refusal:
        raise PermissionDenied from refusal


@front_page_section("activities", order=100)
def activities_on_front_page(request: HttpRequest, home: Page) -> FrontPageSection | None:
    """The next activities; nothing where none is to come."""
    coming = next_activities(home.locale_id)
    if not coming:
        return None
    # The list is where its activities are; asking for it would be one more query.
    first_url = coming[0].page.get_url(request) or ""
    index_url = first_url.rstrip("/").rpartition("/")[0] + "/"
    return FrontPageSection(
        "activities/front_page_section.html", {"activities": coming, "index_url": index_url}
    )


def _tell(pages: Iterable[ActivityPage]) -> None:
    with transaction.atomic():
        for page in pages:
            source = page.source
            if source.is_source and source.live:
                activity_published.send(sender=ActivityPage, page=source)


@desk_list("projects_waiting", _("Projects of organisations to decide on"))
def waiting_projects(municipality: Municipality) -> list[DeskTask]:
    return [
        DeskTask(page.draft_title, 1, reverse("wagtailadmin_pages:edit", args=[page.pk]))
        for page in projects_waiting()[:MOST_TASKS]
    ]


@desk_list("reports_overdue", _("Reports of organisations that are overdue"))
def overdue_reports(municipality: Municipality) -> list[DeskTask]:
    return [
        DeskTask(session.page.title, 1, reverse("activities_projects"), session.starts_at)
        for session in reports_overdue()[:MOST_TASKS]
    ]
