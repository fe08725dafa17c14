"""National parameters on the operator's host: versions, a draft tried out, a replay (R29)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.refusal import Refused
from registration.enums import RegistrationKind, ReplayKind
from registration.forms.parameters import ParametersForm
from registration.models import NationalParameters, Replay
from registration.operations.parameters import ask_for_replay, draft_parameters, put_in_force
from registration.queries import parameters_on
from registration.views.staff_premium import names_of
from registration.views.staff_refusals import sentence_for
from tenants.views.confirm import recently_confirmed
from tenants.views.operator import operator_required

LATEST = 20
_NOT_SHOWN = {"id", "version", "effective_from", "created_at", "set_by"}


def _values(row: NationalParameters) -> list[tuple[str, Any]]:
    """Each field with its name and value, in the order of the model."""
    shown = []
    for field in NationalParameters._meta.concrete_fields:
        if field.name in _NOT_SHOWN:
            continue
        value: Any = getattr(row, field.name)
        if field.choices:
            value = getattr(row, f"get_{field.name}_display")()
        shown.append((str(field.verbose_name), value))
    return shown


@require_safe
@operator_required
def versions(request: HttpRequest) -> HttpResponse:
    """All versions, the newest first; which is in force, and drafts that are not."""
    rows = list(NationalParameters.objects.order_by("-effective_from", "-pk"))
    current = parameters_on().version
    names = names_of([row.set_by_id for row in rows])
    today = clock.today()
    return render(
        request,
        "registration/operator/parameters.html",
        {
            "versions": [
                {
                    "row": row,
                    "values": _values(row),
                    "by": names.get(row.set_by_id, ""),
                    "in_force": row.version == current,
                    "to_come": row.effective_from > today,
                }
                for row in rows
            ],
            "drafts": Replay.objects.filter(kind=ReplayKind.PREVIEW, made=None)[:LATEST],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def new(request: HttpRequest) -> HttpResponse:
    """Enter a version, beginning with what holds; then see what it would change."""
    current = NationalParameters.objects.in_force_on(clock.today())
    initial = {"effective_from": clock.today()}
    if request.method == "POST":
        form = ParametersForm(request.POST)
        if form.is_valid():
            try:
                made = draft_parameters(request.user, form.cleaned_data)  # type: ignore[arg-type]
            except Refused as refusal:
                form.add_error(None, sentence_for(refusal))
            else:
                return redirect("registration_operator:preview", made.pk)
    else:
        form = ParametersForm(instance=current, initial=initial)
    return render(request, "registration/operator/new.html", {"form": form})


@require_safe
@operator_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the draft says beside what holds, how many decisions would come out otherwise, and
    the button that puts it in force."""
    run = get_object_or_404(Replay, pk=pk, kind=ReplayKind.PREVIEW)
    draft = run.as_parameters()
    now = NationalParameters.objects.in_force_on(clock.today())
    compared = [
        (name, before, after, before != after)
        for (name, before), (_same, after) in zip(_values(now), _values(draft), strict=True)
    ]
    return render(
        request,
        "registration/operator/preview.html",
        {"run": run, "draft": draft, "compared": compared, "counts": _counts(run)},
    )


@require_POST
@operator_required
@recently_confirmed("POST")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the draft in force from its day on."""
    run = get_object_or_404(Replay, pk=pk, kind=ReplayKind.PREVIEW)
    try:
        made = put_in_force(run, request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, sentence_for(refusal))
        return redirect("registration_operator:preview", pk)
    messages.success(request, _("Version %s has been made.") % made.version)
    return redirect("registration_operator:parameters")


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def replays(request: HttpRequest) -> HttpResponse:
    """Have every stored decision made again, and see how earlier replays ended."""
    if request.method == "POST":
        ask_for_replay(request.user)  # type: ignore[arg-type]
        return redirect("registration_operator:replays")
    rows = list(Replay.objects.filter(kind=ReplayKind.REPLAY)[:LATEST])
    names = names_of([row.asked_by_id for row in rows])
    return render(
        request,
        "registration/operator/replays.html",
        {
            "runs": [(row, names.get(row.asked_by_id, ""), _counts(row)) for row in rows],
            "is_running": any(row.finished_at is None for row in rows),
        },
    )


def _counts(run: Replay) -> list[tuple[str, int]]:
    """Registrations that hold, by the name in force of their kind."""
    parameters = parameters_on()
    return [
        (parameters.name_of(kind.value), run.registrations.get(kind.value, 0))
        for kind in RegistrationKind
    ]
