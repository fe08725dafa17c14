"""Needs in the municipality's admin: read, enter, answer, make an activity of."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.enums import NeedState
from activities.forms.needs import AnswerForm, StaffNeedForm
from activities.models import Need
from activities.operations.needs import activity_from_need, delete_need, move_need, tell_need
from activities.permissions import runs_activities
from activities.rules.needs import FORGET_AFTER_DAYS, moves_from
from activities.views.need_sentences import sentence_for
from common.refusal import Refused

NEEDS_PER_PAGE = 50
View = Callable[..., HttpResponse]


def coordinators_only(view: View) -> View:
    """Lets in whoever plans activities here."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not runs_activities(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@coordinators_only
@require_http_methods(["GET", "HEAD"])
def need_list(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first; with `?all=1` every one, newest first."""
    everything = "all" in request.GET
    needs = Need.objects.all() if everything else Need.objects.waiting()
    page = Paginator(needs, NEEDS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "activities/admin/needs.html", {"page": page, "everything": everything})


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def enter_need(request: HttpRequest) -> HttpResponse:
    """For somebody who telephoned or came."""
    form = StaffNeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            need = tell_need(form.values, form.key, entered_by=request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
            form.renew_key()
        else:
            messages.success(request, _("The need has been entered."))
            return redirect("activities_need", need.pk)
    return render(
        request,
        "activities/admin/enter_need.html",
        {"form": form, "kept_days": FORGET_AFTER_DAYS},
    )


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def need_view(request: HttpRequest, pk: int) -> HttpResponse:
    """One need with its contact; POST moves it on, makes an activity of it, or deletes it."""
    need = get_object_or_404(Need.objects.select_related("activity"), pk=pk)
    makes, deletes = "activity" in request.POST, "delete" in request.POST
    by_button = makes or deletes or request.method != "POST"
    form = AnswerForm(need.state, None if by_button else request.POST)
    sentence = ""
    if request.method == "POST" and (by_button or form.is_valid()):
        try:
            if deletes:
                delete_need(need, request.user)  # type: ignore[arg-type]
                messages.success(request, _("The need is deleted, with name and contact."))
                return redirect("activities_needs")
            if makes:
                page = activity_from_need(need, request.user)  # type: ignore[arg-type]
                return redirect("wagtailadmin_pages:edit", page.pk)
            move_need(
                need,
                NeedState(form.cleaned_data["state"]),
                form.cleaned_data["answer"],
                request.user,  # type: ignore[arg-type]
            )
        except Refused as refusal:
            sentence = sentence_for(refusal)
        else:
            messages.success(request, _("Saved. Whoever told it is told by mail, if we can."))
            return redirect("activities_need", need.pk)
    open_to = moves_from(need.state)
    return render(
        request,
        "activities/admin/need.html",
        {
            "need": need,
            "form": form if form.fields["state"].choices else None,  # type: ignore[attr-defined]
            "may_become_activity": NeedState.ACTIVITY in open_to
            or (need.state == NeedState.ACTIVITY and need.activity is None),
            "sentence": sentence,
        },
    )
