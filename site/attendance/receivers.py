"""Plugs sign-ups into the activities' pages and their admin."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from accounts.registry import merge_part
from activities.registry import (
    SessionStatus,
    session_links,
    session_removal_guard,
    session_status_provider,
    workspace_links,
)
from attendance.operations.merge import take_over
from attendance.operations.sign_ups import cancel_upcoming, give_back_upcoming
from attendance.queries import sessions_with_people, status_of_sessions
from identity.signals import consent_withdrawn
from privacy.registry import closing_part

merge_part("attendance")(take_over)


@closing_part("sign-ups")
def an_account_closes(resident: Resident) -> None:
    cancel_upcoming(resident)


@session_status_provider
def session_status(request: HttpRequest, uuids: list[UUID]) -> dict[UUID, SessionStatus]:
    """Places taken, and whether the visitor has one."""
    return {
        uuid: SessionStatus(taken=taken, mine=mine)
        for uuid, (taken, mine) in status_of_sessions(
            request.municipality,  # type: ignore[attr-defined]
            uuids,
            getattr(request, "resident", None) or None,
        ).items()
    }


@session_removal_guard("attendance")
def keep_sessions_with_people(uuids: list[UUID]) -> dict[UUID, Any]:
    """A session that people signed up for or took part in stays."""
    reason = _("People have signed up for this date or taken part in it. Please keep it.")
    return dict.fromkeys(sessions_with_people(uuids), reason)


@session_links("attendance")
def participants_link(session: Any) -> list[tuple[Any, str]]:
    return [
        (_("Sign-ups and participants"), reverse("attendance_participants", args=[session.uuid])),
        (_("Check-in"), reverse("attendance_check_in", args=[session.uuid])),
    ]


@workspace_links("attendance")
def sign_ups_link(session: Any) -> list[tuple[Any, str]]:
    address = reverse(
        "attendance:workspace_sign_ups", args=[session.page.organisation_id, session.uuid]
    )
    return [(_("Who has signed up"), address)]


@receiver(consent_withdrawn, dispatch_uid="attendance.give_back_upcoming")
def a_guardian_no_longer_agrees(sender: Any, child: Resident, **kwargs: Any) -> None:
    give_back_upcoming(child)
