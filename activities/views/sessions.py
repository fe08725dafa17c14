"""Dates by a rule, and moving or cancelling one, in the municipality's admin."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.forms import CancelForm, DatesForm, MoveForm
from activities.models import Session
from activities.operations.change_session import cancel_session, move_session
from activities.operations.dates import add_dates, taken_starts
from activities.queries import activity_for_staff, draft_of, session_for_staff
from activities.views.date_sentences import sentence_for
from common.refusal import Refused


def add_by_rule(request: HttpRequest, page_id: int) -> HttpResponse:
    """The form; with it sent, a preview; confirmed, the dates stand in the draft."""
    page = activity_for_staff(page_id, request.user)
    if page is None:
        raise Http404
    draft = draft_of(page)
    form = DatesForm(request.POST or None, initial=_like_the_last(draft))
    preview: list[Any] = []
    if request.method == "POST" and form.is_valid():
        if "add" in request.POST:
            number = add_dates(page, form.times, request.user, **form.common)  # type: ignore[arg-type]
            messages.success(request, _added(number))
            return redirect("wagtailadmin_pages:edit", page.pk)
        taken = taken_starts(draft)
        preview = [(starts, ends, starts in taken) for starts, ends in form.times]
    return render(
        request,
        "activities/admin/add_dates.html",
        {"page": page, "form": form, "preview": preview},
    )


def _like_the_last(draft: Any) -> dict[str, Any]:
    """The form begins like the last session there is."""
    last = max(draft.sessions.all(), key=lambda one: one.starts_at, default=None)
    if last is None:
        return {}
    names = ("place", "meeting_point", "capacity")
    return {name: getattr(last, name) for name in names}


def _added(number: int) -> str:
    return ngettext(
        "%(number)s date was added to the draft. It is public once you publish the page.",
        "%(number)s dates were added to the draft. They are public once you publish the page.",
        number,
    ) % {"number": number}


def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Move or cancel one session; those who signed up are told."""
    session = session_for_staff(uuid, request.user)
    if session is None:
        raise Http404
    cancels = "cancel" in request.POST
    posted = request.POST or None
    move = MoveForm(None if cancels else posted, instance=session)
    cancel = CancelForm(posted if cancels else None)
    form = cancel if cancels else move
    if request.method == "POST" and form.is_valid():
        try:
            _carry_out(session, form, request.user)
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            messages.success(
                request,
                _("The date is cancelled.") if cancels else _("The date has been moved."),
            )
            return redirect("wagtailadmin_pages:edit", session.page_id)
    return render(
        request,
        "activities/admin/change_session.html",
        {"session": session, "move": move, "cancel": cancel},
    )


def _carry_out(session: Session, form: MoveForm | CancelForm, user: Any) -> None:
    if isinstance(form, CancelForm):
        cancel_session(session, form.cleaned_data["reason"], user)
    else:
        move_session(session, **form.cleaned_data, by=user)
