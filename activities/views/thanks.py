"""The note of thanks for one session: in the municipality's admin, and in the workspace of the
organisation that ran it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activities.forms import ThanksForm
from activities.models import ThanksNote
from activities.operations.thanks import write_thanks
from activities.queries import session_for_staff, session_of
from common.refusal import Refused
from organisations.permissions import for_members


@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write it, or put it right."""
    session = session_for_staff(uuid, request.user)
    if session is None:
        raise Http404
    note = ThanksNote.objects.filter(session=session).first()
    form = ThanksForm(request.POST or None, initial={"text": note.text if note else ""})
    if request.method == "POST" and form.is_valid():
        try:
            write_thanks(session, form.cleaned_data["text"], request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            form.add_error(None, _sentence(refusal))
        else:
            messages.success(request, _("Your thanks are shown to those who took part."))
            return redirect(request.path)
    return render(
        request, "activities/admin/thanks.html", {"session": session, "form": form, "note": note}
    )


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def thank(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """The same by a member of the organisation, of a session of its own that is over."""
    membership = request.membership  # type: ignore[attr-defined]
    session = session_of(membership.organisation_id, session_uuid)
    if session is None or not session.is_over or session.is_cancelled:
        raise Http404
    note = ThanksNote.objects.filter(session=session).first()
    form = ThanksForm(
        request.POST if request.method == "POST" else None,
        initial={"text": note.text if note else ""},
    )
    if request.method == "POST" and form.is_valid():
        try:
            write_thanks(
                session,
                form.cleaned_data["text"],
                request.resident.user,  # type: ignore[attr-defined]
                organisation=membership.organisation,
            )
        except Refused as refusal:
            form.add_error(None, _sentence(refusal))
        else:
            messages.success(request, _("Your thanks are shown to those who took part."))
            return redirect("organisations:home", membership.organisation_id)
    return render(
        request,
        "activities/workspace/thanks.html",
        {"session": session, "form": form, "note": note},
        status=400 if form.errors else 200,
    )


def _sentence(refusal: Refused) -> str:
    match refusal.code:
        case "session_is_cancelled":
            return _("This date is cancelled.")
        case "session_not_over":
            return _("This date is not over yet. Please write your thanks afterwards.")
    return _("Please write something.")
