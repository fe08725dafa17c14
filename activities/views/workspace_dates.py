"""An organisation cancels or moves a public date of its own: once it has seen what that does."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activities.forms import CancelForm, MoveForm
from activities.models import Session
from activities.operations.own_dates import cancel_own_date, move_own_date, require_move
from activities.queries import session_of
from activities.registry import people_to_tell
from activities.views.date_sentences import sentence_for
from common.refusal import Refused
from organisations.permissions import for_members


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def change_date(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Two forms, other times or place and a cancellation. What is sent is first shown again, with
    how many people are told; with `confirmed` it is done, with `again` it can be changed."""
    organisation = request.membership.organisation  # type: ignore[attr-defined]
    session = session_of(organisation.pk, session_uuid)
    if session is None:
        raise Http404
    cancels = "cancel" in request.POST
    posted = request.POST or None
    move = MoveForm(None if cancels else posted, instance=session)
    cancel = CancelForm(posted if cancels else None)
    form = cancel if cancels else move
    if request.method == "POST" and "again" not in request.POST and form.is_valid():
        try:
            if "confirmed" in request.POST:
                _carry_out(request, session, form)
                return redirect("organisations:home", organisation.pk)
            if not isinstance(form, CancelForm):
                require_move(session, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            return _confirm(request, session, form)
    refused = bool(form.is_bound and form.errors)
    return render(
        request,
        "activities/workspace/date_change.html",
        {"session": session, "move": move, "cancel": cancel, "refused": refused},
        status=400 if refused else 200,
    )


def _confirm(request: HttpRequest, session: Session, form: MoveForm | CancelForm) -> HttpResponse:
    return render(
        request,
        "activities/workspace/date_confirm.html",
        {
            "session": session,
            "form": form,
            "cancels": isinstance(form, CancelForm),
            "said": form.cleaned_data,
            "people": people_to_tell(request.municipality, session.uuid),  # type: ignore[attr-defined]
        },
    )


def _carry_out(request: HttpRequest, session: Session, form: MoveForm | CancelForm) -> None:
    organisation = request.membership.organisation  # type: ignore[attr-defined]
    if isinstance(form, CancelForm):
        cancel_own_date(organisation, session.uuid, form.cleaned_data["reason"])
        messages.success(request, _("The date is cancelled. Those who had signed up are told."))
    else:
        move_own_date(organisation, session.uuid, **form.cleaned_data)
        messages.success(request, _("The date has been moved. Those who had signed up are told."))
