"""Mails between organisations and the municipality's coordinators about projects."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop

from activities.models import ActivityPage, DesignationTaskState, ProjectSettings, Session
from notifications.operations import enqueue
from organisations.operations.letters import addresses_of, addresses_of_office
from tenants.context import current_municipality
from tenants.hosts import admin_url, municipality_url

PROJECT_NEWS = "activities.project_news"
_SUBJECTS = {
    "designated": gettext_noop("Published: %(title)s"),
    "refused": gettext_noop("Not designated: %(title)s"),
    "returned": gettext_noop("Please change: %(title)s"),
    "submitted": gettext_noop("To be decided: %(title)s"),
    "published": gettext_noop("Published by an organisation: %(title)s"),
    "changed": gettext_noop("Changed: %(title)s"),
    "closed": gettext_noop("No longer public: %(title)s"),
    "reported": gettext_noop("A report has arrived: %(title)s"),
    "date_cancelled": gettext_noop("Date cancelled: %(title)s"),
    "date_moved": gettext_noop("Date moved: %(title)s"),
}


def tell_organisation(review: DesignationTaskState, page: ActivityPage) -> None:
    """The answer to a project, with comment and reasons."""
    if page.organisation is None:
        return
    municipality = current_municipality()
    words = {
        "title": page.title,
        "municipality": municipality.full_name,
        "outcome": review.outcome,
        "comment": review.comment,
        "page": page,
        "url": municipality_url(municipality, f"/workspace/{page.organisation_id}/"),
    }
    _send(addresses_of(page.organisation), review.outcome, "review_answered", words)


def tell_coordinators(page: ActivityPage, news: str, date: Session | None = None) -> None:
    """Have the worker mail the coordinators, unless the municipality wants no such mails; what
    waits for their decision they always learn of. Of projects of organisations alone; `date` where
    the news is of one of the activity's."""
    if page.organisation_id is None:
        return
    if news == "submitted" or ProjectSettings.current().tells_coordinators:
        enqueue(
            PROJECT_NEWS,
            # The first of several moves that the worker tells together says what was before.
            {
                "page": page.pk,
                "news": news,
                "date": date.pk if date else None,
                "before": len(date.earlier) - 1 if date else 0,
            },
            current_municipality().code,
            dedupe_key=f"{current_municipality().code}:{page.pk}:{news}:{date.pk if date else ''}",
        )


def deliver_news(page_id: int, news: str, date_id: int | None = None, before: int = -1) -> None:
    """Mail them; by the worker, in the municipality's schema. Of a page or a date that is gone
    nothing. `before` is the place among the date's earlier times of what it was moved from."""
    page = ActivityPage.objects.filter(pk=page_id).select_related("organisation").first()
    date = Session.objects.filter(pk=date_id).first() if date_id else None
    if page is None or (date_id and date is None):
        return
    title = page.get_latest_revision_as_object().title
    words = {
        "title": title,
        "organiser": page.organiser_name,
        "news": news,
        "date": date,
        "before": date.moved_from[before] if date and news == "date_moved" else None,
        "url": admin_url(
            current_municipality(),
            "/admin/projects/" if news == "submitted" else f"/admin/pages/{page.pk}/edit/",
        ),
    }
    _send(addresses_of_office(), news, "project_news", words)


def _send(addresses: list[str], subject: str, letter: str, words: dict[str, Any]) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        headline = translation.gettext(_SUBJECTS[subject]) % words
        body = render_to_string(f"activities/mail/{letter}.txt", words)
        for address in addresses:
            EmailMessage(subject=headline, body=body, to=[address]).send()
