"""What whoever runs a check-in does by buttons: staff on their screen, organisations on theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from attendance.codes.day import day_codes
from attendance.enums import Attendance
from attendance.forms.desk import (
    DeviceForm,
    EndDeviceForm,
    OutcomeForm,
    PaperListForm,
    WalkInForm,
)
from attendance.models import SessionClosing
from attendance.operations.devices import end_device, make_device
from attendance.operations.outcomes import close_session, say_outcome
from attendance.operations.paper_list import enter_paper_list
from attendance.operations.scans.overview import (
    devices_of,
    live_count,
    missing_numbers,
    outcomes_of,
)
from attendance.operations.walk_ins import enter_walk_in
from attendance.views.sentences import sentence_for
from common.refusal import Refused
from organisations.models import Organisation
from tenants.models import Municipality

# Gives the link of a new device, and nothing otherwise.
Act = Callable[[Municipality, Any, dict[str, Any], User], str | None]
Action = tuple[type[Form], Act]
# A slip, or a try too many: what was entered stays.
_SLIPS = {"hours_out_of_range", "not_on_record", "too_many_attempts", "cannot_count"}


def press(
    request: HttpRequest, session: Any, by: User, actions: Mapping[str, Action]
) -> tuple[dict[str, Form], str]:
    """Do the `action` that a POST names: the form with what is wrong in it, under that name, or
    the link of a new device. With neither it is done or was refused, and the reader is told."""
    name = request.POST.get("action", "")
    if name not in actions:
        raise Http404
    form_class, act = actions[name]
    form = form_class(request.POST)
    if not form.is_valid():
        return {name: form}, ""
    municipality = request.municipality  # type: ignore[attr-defined]
    try:
        link = act(municipality, session, form.cleaned_data, by) or ""
    except Refused as refusal:
        if refusal.code in _SLIPS:
            form.add_error(None, sentence_for(refusal))
            return {name: form}, ""
        messages.error(request, sentence_for(refusal))
        return {}, ""
    if not link:
        messages.success(request, _said(name, form.cleaned_data))
    return {}, link


def _said(name: str, data: dict[str, Any]) -> str:
    if name != "walk_in":
        return _("It is done.")
    # The same words whether it was new: who came before is not told to whoever knows a number.
    return _(
        "The participation of the person with registration number %(number)s is recorded (where"
        " it was already, it stays as it is)."
    ) % {"number": data["number"]}


def running(municipality: Municipality, session: Any, key_number: int) -> dict[str, Any]:
    """What both screens show of a check-in; `day_code` is False where the digits do not count."""
    uuid = session.uuid
    missing = missing_numbers(municipality, uuid)
    return {
        "count": live_count(municipality, uuid),
        "devices": [
            (device, missing.get(device.pk, [])) for device in devices_of(municipality, uuid)
        ],
        "outcomes": outcomes_of(municipality, uuid),
        "closing": SessionClosing.objects.filter(session_uuid=uuid).first(),
        "day_code": not session.page.changing_code_only
        and day_codes(uuid, session.day, key_number)[0],
        "attendance": Attendance.choices,
    }


def _make_device(
    place: Municipality,
    session: Any,
    data: dict[str, Any],
    by: User,
    organisation: Organisation | None,
) -> str:
    return make_device(place, session.snapshot(), data["label"], by, organisation).url


def _end_device(place: Municipality, session: Any, data: dict[str, Any], by: User) -> None:
    end_device(place, session.uuid, data["device"], by)


def _outcome(
    place: Municipality, session: Any, data: dict[str, Any], by: User, by_organisation: bool
) -> None:
    outcome = Attendance(data["outcome"])
    say_outcome(
        place, session.uuid, data["sign_up"], outcome, by,
        hours=data["hours"], by_organisation=by_organisation,
    )  # fmt: skip


def _paper(
    place: Municipality, session: Any, data: dict[str, Any], by: User, by_organisation: bool
) -> None:
    enter_paper_list(place, session.uuid, data["ticked"], by, by_organisation=by_organisation)


def _walk_in(
    place: Municipality,
    session: Any,
    data: dict[str, Any],
    by: User,
    organisation: Organisation | None,
) -> None:
    enter_walk_in(place, session.uuid, **data, by=by, organisation=organisation)


def _close(place: Municipality, session: Any, data: dict[str, Any], by: User) -> None:
    close_session(place, session.uuid, by)


def of_the_organiser(organisation: Organisation | None = None) -> dict[str, Action]:
    """What staff can do for a session, or a member of the `organisation` that runs it."""
    is_partner = organisation is not None
    return {
        "device": (DeviceForm, partial(_make_device, organisation=organisation)),
        "end_device": (EndDeviceForm, _end_device),
        "outcome": (OutcomeForm, partial(_outcome, by_organisation=is_partner)),
        "paper": (PaperListForm, partial(_paper, by_organisation=is_partner)),
        "walk_in": (WalkInForm, partial(_walk_in, organisation=organisation)),
        "close": (Form, _close),
    }
