"""What whoever runs a check-in does by buttons: staff on their screen, organisations on theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from attendance.enums import Attendance
from attendance.forms.desk import DeviceForm, EndDeviceForm, OutcomeForm, PaperListForm
from attendance.operations.devices import end_device, make_device
from attendance.operations.outcomes import close_session, say_outcome
from attendance.operations.paper_list import enter_paper_list
from attendance.views.sentences import sentence_for
from common.refusal import Refused
from tenants.models import Municipality

# Gives the link of a new device, and nothing otherwise.
Act = Callable[[Municipality, Any, dict[str, Any], User], str | None]
Action = tuple[type[Form], Act]


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
        messages.error(request, sentence_for(refusal))
        return {}, ""
    if not link:
        messages.success(request, _("It is done."))
    return {}, link


def _make_device(place: Municipality, session: Any, data: dict[str, Any], by: User) -> str:
    return make_device(place, session.snapshot(), data["label"], by).url


def _end_device(place: Municipality, session: Any, data: dict[str, Any], by: User) -> None:
    end_device(place, session.uuid, data["device"], by)


def _outcome(place: Municipality, session: Any, data: dict[str, Any], by: User) -> None:
    outcome = Attendance(data["outcome"])
    say_outcome(place, session.uuid, data["sign_up"], outcome, by, hours=data["hours"])


def _paper(place: Municipality, session: Any, data: dict[str, Any], by: User) -> None:
    enter_paper_list(place, session.uuid, data["ticked"], by)


def _close(place: Municipality, session: Any, data: dict[str, Any], by: User) -> None:
    close_session(place, session.uuid, by)


OF_THE_ORGANISER: dict[str, Action] = {
    "device": (DeviceForm, _make_device),
    "end_device": (EndDeviceForm, _end_device),
    "outcome": (OutcomeForm, _outcome),
    "paper": (PaperListForm, _paper),
    "close": (Form, _close),
}
