"""A registration's certificate begins and ends with it; PDFs come from the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from celery.signals import worker_process_init
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from accounts.registry import merge_part
from activities.registry import session_links, workspace_links
from attendance.models import ParticipationRecord
from attendance.signals import participation_amended
from certificates.operations.at_once import (
    ISSUE_ANEW,
    ask_to_issue_anew,
    end_certificates_of,
    issue_anew,
)
from certificates.operations.forgetting import forget_registrants
from certificates.operations.issue import (
    end_all_certificates,
    end_certificates,
    issue_registration_certificate,
)
from certificates.operations.merge import take_over
from certificates.operations.permissions import make_permissions
from certificates.operations.render import RENDER_CERTIFICATE, render
from certificates.operations.revoke import end_certificates_with
from certificates.rendering.documents import warm_up
from notifications.registry import handler
from privacy.registry import closing_part
from registration.models import Registration
from registration.signals import (
    emptied,
    ended,
    ended_at_once,
    premium_changed,
    registered,
    standings_changed,
)
from tenants.actors import acting, bearer
from tenants.models import Municipality
from tenants.signals import template_built

merge_part("certificates")(take_over)
closing_part("certificates")(end_all_certificates)


@receiver(registered, dispatch_uid="certificates.issue")
def issue_with_registration(sender: Any, registration: Registration, **kwargs: Any) -> None:
    issue_registration_certificate(registration)


@receiver(participation_amended, dispatch_uid="certificates.end_with_participation")
def put_right(sender: Any, resident: Resident, record: ParticipationRecord, **kwargs: Any) -> None:
    end_certificates_with(resident, record)


@receiver(ended, dispatch_uid="certificates.end")
def end_with_registration(sender: Any, registration: Registration, **kwargs: Any) -> None:
    end_certificates(registration)


@receiver(ended_at_once, dispatch_uid="certificates.end_at_once")
def end_with_registrations(sender: Any, registration_ids: list[int], **kwargs: Any) -> None:
    end_certificates_of(registration_ids)


@receiver(standings_changed, dispatch_uid="certificates.issue_anew")
def say_something_new(sender: Any, registration_ids: list[int], **kwargs: Any) -> None:
    ask_to_issue_anew(registration_ids)


@handler(ISSUE_ANEW)
def deliver_anew(payload: dict[str, Any]) -> None:
    issue_anew(payload["registration"])


@receiver(premium_changed, dispatch_uid="certificates.follow_premium")
def follow_premium(sender: Any, registration: Registration, **kwargs: Any) -> None:
    """It says kind, last day and long stay: where one is another, a new one replaces it."""
    if registration.is_active:
        issue_registration_certificate(registration)


@receiver(emptied, dispatch_uid="certificates.forget_registrants")
def forget_who_left(
    sender: Any, municipality: Municipality, resident_ids: Iterable[UUID], **kwargs: Any
) -> None:
    forget_registrants(municipality, resident_ids)


@receiver(template_built, dispatch_uid="certificates.permissions")
def give_permissions(sender: Any, **kwargs: Any) -> None:
    make_permissions()


@worker_process_init.connect(dispatch_uid="certificates.warm_up")
def load_fonts(**kwargs: Any) -> None:
    """The first resident after a worker's start does not wait for fonts and styles."""
    warm_up()


@handler(RENDER_CERTIFICATE)
def deliver_rendering(payload: dict[str, Any]) -> None:
    # A certificate may speak of all municipalities: the worker reads this one by its code.
    with acting(bearer(payload["code"])):
        render(payload["certificate"], payload["layout"])


@session_links("certificates")
def poster_link(session: Any) -> list[tuple[Any, str]]:
    if not session.has_poster:
        return []
    return [(_("Check-in poster (PDF)"), reverse("certificates_poster", args=[session.uuid]))]


@workspace_links("certificates")
def workspace_poster_link(session: Any) -> list[tuple[Any, str]]:
    if session.is_cancelled or not session.has_poster:
        return []
    address = reverse(
        "certificates:workspace_poster", args=[session.page.organisation_id, session.uuid]
    )
    return [(_("Check-in poster (PDF)"), address)]
