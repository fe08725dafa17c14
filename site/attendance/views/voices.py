"""Participants' words about an activity: the author's page on the portal, the organisation's in its
workspace."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import resident_required
from activities.queries import session_of
from attendance.forms.voices import VoiceAnswerForm, VoiceForm
from attendance.models import Voice
from attendance.operations.voices import (
    answer_voice,
    take_back_answer,
    take_back_voice,
    write_voice,
)
from attendance.queries.voices import (
    VOICES_PER_PAGE,
    published_voices,
    record_to_speak_of,
    voice_of,
)
from attendance.views.sentences import sentence_for
from common.refusal import Refused
from organisations.permissions import for_members
from tenants.enums import MunicipalityStatus
from tenants.queries import municipalities_with_status

# Where the sentence of a refusal stands; above the form otherwise.
_FIELDS = {"no_text": "text", "text_short": "text", "name_short": "signed_as"}


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_voice(request: HttpRequest, code: str, session_uuid: UUID) -> HttpResponse:
    """Say a word about what one took part in, change it, or take it back: this also where the
    municipality is suspended or closed."""
    municipality = municipalities_with_status().filter(pk=code).first()
    if municipality is None:
        raise Http404
    resident = request.resident  # type: ignore[attr-defined]
    is_open = municipality.status == MunicipalityStatus.PUBLISHED
    record = record_to_speak_of(resident, municipality, session_uuid) if is_open else None
    voice = voice_of(resident, municipality, session_uuid)
    if record is None and voice is None:
        raise Http404
    if request.method == "POST" and "take_back" in request.POST:
        take_back_voice(resident, session_uuid)
        messages.success(request, _("Your words have been taken back."))
        return redirect("portal:history")
    if request.method == "POST" and not is_open:
        raise Http404
    form = VoiceForm(
        request.POST if request.method == "POST" else None,
        initial={"text": voice.text, "signed_as": voice.signed_as} if voice else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            write_voice(resident, municipality, session_uuid, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(_FIELDS.get(refusal.code), sentence_for(refusal))
        else:
            messages.success(request, _("Thank you. The municipality reads your words first."))
            return redirect(request.path)
    return render(
        request,
        "attendance/my_voice.html",
        {
            "form": form if record else None,
            "voice": voice,
            "about": record or voice,
            "place": municipality,
        },
        status=400 if form.errors else 200,
    )


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_voices(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """What is public about a session of the organisation's own, and its answers to it. POST names
    the `voice`."""
    membership = request.membership  # type: ignore[attr-defined]
    session = session_of(membership.organisation_id, session_uuid)
    if session is None:
        raise Http404
    asked = _number(request.POST.get("voice"))
    if "take_back" in request.POST:
        take_back_answer(asked, session)
        messages.success(request, _("Your answer has been taken back."))
        return redirect(request.path)
    form = VoiceAnswerForm(request.POST, auto_id=f"voice-{asked}-%s") if asked else None
    if form is not None and form.is_valid():
        user = request.resident.user  # type: ignore[attr-defined]
        try:
            answer_voice(asked, session, membership.organisation, user, form.cleaned_data["text"])
        except Refused as refusal:
            form.add_error(_FIELDS.get(refusal.code), sentence_for(refusal))
        else:
            messages.success(request, _("Thank you. The municipality reads your answer first."))
            return redirect(request.path)
    voices = published_voices(request.municipality, [session_uuid])  # type: ignore[attr-defined]
    page = Paginator(voices, VOICES_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, form if form and one.pk == asked else _answer_form(one)) for one in page]
    return render(
        request,
        "attendance/workspace_voices.html",
        {"session": session, "page": page, "rows": rows, "form": form},
        status=400 if form and form.errors else 200,
    )


def _answer_form(voice: Voice) -> VoiceAnswerForm:
    answer = getattr(voice, "answer", None)
    return VoiceAnswerForm(
        initial={"text": answer.text if answer else ""}, auto_id=f"voice-{voice.pk}-%s"
    )


def _number(text: str | None) -> int:
    """Of a form of ours; 0 is no row's."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
