"""Plugs sign-ups into the activities' pages and their admin."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from accounts.registry import merge_part
from activities.registry import (
    SessionStatus,
    component_counter,
    people_counter,
    session_links,
    session_removal_guard,
    session_status_provider,
    words_counter,
    words_of_participants,
    workspace_links,
)
from activities.registry.desk import (
    MOST_TASKS,
    DeskTask,
    SessionNumbers,
    desk_list,
    numbers_provider,
)
from activities.signals import (
    activity_designated,
    activity_published,
    session_cancelled,
    session_moved,
    thanks_written,
)
from attendance.operations.ledger.afterwards import (
    COUNT_AFTERWARDS,
    count_some,
    count_those_of_organisation,
    count_those_of_page,
)
from attendance.operations.ledger.objecting import OBJECTION_NEWS, tell_office
from attendance.operations.merge import take_over
from attendance.operations.sign_ups import cancel_upcoming, give_back_upcoming
from attendance.operations.signing_up.changes import call_off, move_session, settle
from attendance.operations.signing_up.moving import PROMOTE
from attendance.operations.signing_up.promoting import promote
from attendance.operations.thanks import (
    THANKS,
    THANKS_MAIL,
    bring_thanks,
    spread_thanks,
    thank,
)
from attendance.queries import sessions_with_people, status_of_sessions
from attendance.queries.components import booked_components
from attendance.queries.coordinator import (
    numbers_of_sessions,
    people_to_tell,
    reports_to_review,
    sign_ups_to_answer,
)
from attendance.queries.voices import VOICES_PER_PAGE, how_many_to_read, published_voices
from common import clock
from identity.signals import consent_withdrawn
from notifications.registry import handler
from organisations.enums import Pattern
from organisations.models import Standing
from organisations.signals import standing_given
from privacy.registry import closing_part
from tenants.context import current_municipality
from tenants.models import Municipality

merge_part("attendance")(take_over)


@closing_part("sign-ups")
def an_account_closes(resident: Resident) -> None:
    cancel_upcoming(resident)


@session_status_provider
def session_status(request: HttpRequest, uuids: list[UUID]) -> dict[UUID, SessionStatus]:
    """Places taken, and whether the visitor has one or has asked for one."""
    return {
        uuid: SessionStatus(taken=taken, mine=mine, asked=asked)
        for uuid, (taken, mine, asked) in status_of_sessions(
            request.municipality,  # type: ignore[attr-defined]
            uuids,
            getattr(request, "resident", None) or None,
        ).items()
    }


@component_counter
def booked_along(uuids: list[UUID]) -> dict[UUID, dict[str, int]]:
    """How much of the packages is booked, in the municipality whose schema is active."""
    return booked_components(current_municipality(), uuids)


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
        (_("Sign-ups by how they stand"), reverse("attendance_sign_up_desk", args=[session.uuid])),
    ]


@workspace_links("attendance")
def check_in_and_sign_ups_links(session: Any) -> list[tuple[Any, str]]:
    """The check-in first: on the day it is what the person in charge looks for."""
    which = [session.page.organisation_id, session.uuid]
    links = [
        (_("Check-in"), reverse("attendance:workspace_check_in", args=which)),
        (_("Who has signed up"), reverse("attendance:workspace_sign_ups", args=which)),
    ]
    if session.is_over:
        links.append(
            (_("Words of participants"), reverse("attendance:workspace_voices", args=which))
        )
    return links[1:] if session.is_cancelled else links


@words_of_participants
def words_on_a_page(request: HttpRequest, uuids: list[UUID]) -> dict[str, Any] | None:
    """Two queries; one where nobody has said anything."""
    voices = published_voices(request.municipality, uuids)  # type: ignore[attr-defined]
    page = Paginator(voices, VOICES_PER_PAGE).get_page(request.GET.get("page"))
    if not page.paginator.count:
        return None
    return {"template": "attendance/voices.html", "page": page}


@words_counter
def words_on_dates(request: HttpRequest, uuids: list[UUID]) -> dict[UUID, int]:
    rows = published_voices(request.municipality, uuids).order_by()  # type: ignore[attr-defined]
    counted = rows.select_related(None).values_list("session_uuid")
    return dict(counted.annotate(Count("pk")))


@numbers_provider
def numbers_on_the_desk(municipality: Municipality, uuids: list[UUID]) -> dict[UUID, Any]:
    return {
        uuid: SessionNumbers(signed_up=signed_up, took_part=took_part)
        for uuid, (signed_up, took_part) in numbers_of_sessions(municipality, uuids).items()
    }


@desk_list("sign_ups_to_answer", _("Sign-ups to answer"))
def waiting_sign_ups(municipality: Municipality) -> list[DeskTask]:
    return [
        DeskTask(title, number, reverse("attendance_sign_up_desk", args=[uuid]), at)
        for uuid, title, number, at in sign_ups_to_answer(municipality, MOST_TASKS)
    ]


@desk_list("voices", _("Words of participants to read"))
def waiting_voices(municipality: Municipality) -> list[DeskTask]:
    number, since = how_many_to_read(municipality)
    title = _("Not public before you decide")
    return [DeskTask(title, number, reverse("attendance_voices"), since)] if number else []


@desk_list("reports_to_review", _("Reports on remote activities to review"))
def waiting_reports(municipality: Municipality) -> list[DeskTask]:
    return [
        DeskTask(title, number, reverse("attendance_check_in", args=[uuid]), at)
        for uuid, title, number, at in reports_to_review(municipality, MOST_TASKS)
    ]


@handler(OBJECTION_NEWS)
def tell_of_an_objection(payload: dict[str, Any]) -> None:
    tell_office(payload["objection"])


handler(THANKS)(spread_thanks)
handler(THANKS_MAIL)(thank)


@receiver(thanks_written, dispatch_uid="attendance.bring_thanks")
def a_note_of_thanks_is_written(
    sender: Any, session: Any, text: str, page: Any, organisation: Any, **kwargs: Any
) -> None:
    bring_thanks(session, text, page, organisation)


@receiver(consent_withdrawn, dispatch_uid="attendance.give_back_upcoming")
def a_guardian_no_longer_agrees(sender: Any, child: Resident, **kwargs: Any) -> None:
    give_back_upcoming(child)


@handler(PROMOTE)
def ask_who_waits(payload: dict[str, Any]) -> None:
    promote(current_municipality(), UUID(payload["session"]))


@receiver(activity_published, dispatch_uid="attendance.settle")
def an_activity_is_published(sender: Any, page: Any, **kwargs: Any) -> None:
    settle(current_municipality(), page.stored_sessions())


handler(COUNT_AFTERWARDS)(count_some)


@receiver(activity_designated, dispatch_uid="attendance.count_afterwards")
def an_activity_is_designated(sender: Any, page: Any, designation: Any, **kwargs: Any) -> None:
    """Also one designated from today on: somebody may be recorded today already."""
    if designation.effective_from <= clock.today():
        count_those_of_page(page, designation.designated_by_id)


@receiver(standing_given, dispatch_uid="attendance.count_afterwards")
def an_organisation_is_trusted(sender: Any, standing: Standing, **kwargs: Any) -> None:
    if standing.pattern == Pattern.TRUSTED and standing.valid_from <= clock.today():
        count_those_of_organisation(standing)


people_counter(people_to_tell)


@receiver(session_cancelled, dispatch_uid="attendance.call_off")
def a_session_is_called_off(
    sender: Any, session: Any, reason: str, page: Any, **kwargs: Any
) -> None:
    call_off(current_municipality(), session.uuid, reason)


@receiver(session_moved, dispatch_uid="attendance.move_session")
def a_session_is_moved(sender: Any, session: Any, before: Any, page: Any, **kwargs: Any) -> None:
    move_session(current_municipality(), session, before)
