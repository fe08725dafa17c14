"""Participants' words in the municipality's admin: read before everybody else can."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from activities.views.staff_needs import coordinators_only
from attendance.forms.voices import NotShownForm
from attendance.models import Voice, VoiceAnswer
from attendance.operations.voices import hide_answer, hide_voice, publish_answer, publish_voice
from attendance.queries.voices import voices_for_staff, voices_to_read
from attendance.views.sentences import sentence_for
from common.refusal import Refused

_PER_PAGE = 50
_IDS = {False: "words-%s", True: "answer-%s"}


@coordinators_only
@require_safe
def voices(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first; with `?all=1` every one, newest first."""
    everything = "all" in request.GET
    municipality = request.municipality  # type: ignore[attr-defined]
    rows = voices_for_staff(municipality) if everything else voices_to_read(municipality)
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "attendance/admin/voices.html", {"page": page, "everything": everything})


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def voice(request: HttpRequest, pk: int) -> HttpResponse:
    """One, with the answer to it. POST publishes or hides (`publish`, `hide`) the words, or the
    answer whose number it names (`answer`)."""
    row = voices_for_staff(request.municipality).filter(pk=pk).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    about_answer = bool(request.POST.get("answer"))
    # Two forms of one kind on the page: each has ids of its own.
    form = NotShownForm(
        request.POST if "hide" in request.POST else None, auto_id=_IDS[about_answer]
    )
    sentence = ""
    if request.method == "POST" and ("publish" in request.POST or form.is_valid()):
        try:
            _decide(request, row, form if "hide" in request.POST else None)
        except Refused as refusal:
            if form.is_bound and refusal.code in {"no_text", "text_short"}:
                form.add_error("reason", sentence_for(refusal))
            else:
                sentence = sentence_for(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("attendance_voices")
    return render(
        request,
        "attendance/admin/voice.html",
        {
            "voice": row,
            "form": NotShownForm(auto_id=_IDS[False]) if about_answer else form,
            "answer_form": form if about_answer else NotShownForm(auto_id=_IDS[True]),
            "sentence": sentence,
        },
        status=400 if form.errors or sentence else 200,
    )


def _decide(request: HttpRequest, row: Voice, form: NotShownForm | None) -> None:
    """Publish, or hide for the reason of `form`. The answer is decided on as it was read."""
    by, number = request.user, request.POST.get("answer")
    if number:
        answer: VoiceAnswer | None = getattr(row, "answer", None)
        if answer is None or str(answer.pk) != number:
            raise Refused("voice_changed")
        if form is None:
            publish_answer(answer, by)  # type: ignore[arg-type]
        else:
            hide_answer(answer, by, form.cleaned_data["reason"])  # type: ignore[arg-type]
    elif form is None:
        publish_voice(row, by)  # type: ignore[arg-type]
    else:
        hide_voice(row, by, form.cleaned_data["reason"])  # type: ignore[arg-type]
