"""Projects of organisations, in the municipality's admin: to decide on, and reports that lack."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activities.forms import ProjectSettingsForm, ReturnForm, ReviewForm
from activities.models import ActivityReport, ProjectSettings
from activities.operations.reviews import decide_project, return_project
from activities.queries import reports_due, reports_overdue, reviews_waiting
from activities.views.organisations import coordinators_only
from common.refusal import Refused

REPORTS_SHOWN = 50


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def projects(request: HttpRequest) -> HttpResponse:
    """What waits for the municipality's word, whose report is overdue, and how it is followed."""
    settings = ProjectSettings.current()
    form = ProjectSettingsForm(
        request.POST if request.method == "POST" else None, instance=settings
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The change is kept."))
        return redirect(request.path)
    overdue = list(reports_overdue())
    return render(
        request,
        "activities/admin/projects.html",
        {
            "reviews": reviews_waiting(),
            "overdue": overdue,
            "due": reports_due().exclude(pk__in=[session.pk for session in overdue]),
            "reports": ActivityReport.objects.select_related("session__page__organisation")[
                :REPORTS_SHOWN
            ],
            "form": form,
        },
    )


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """One project: both questions of R18, or back to the organisation with a comment."""
    waiting = reviews_waiting().filter(pk=review_id).first()
    if waiting is None:
        raise Http404
    returns = request.method == "POST" and "return" in request.POST
    answers = ReviewForm(request.POST if request.method == "POST" and not returns else None)
    back = ReturnForm(request.POST if returns else None, prefix="back")
    form = back if returns else answers
    if request.method == "POST" and form.is_valid():
        try:
            if returns:
                return_project(review_id, request.user, form.cleaned_data["comment"])  # type: ignore[arg-type]
            else:
                decide_project(
                    review_id,
                    request.user,  # type: ignore[arg-type]
                    answers.answers,
                    form.cleaned_data["comment"],
                )
        except Refused:
            messages.error(request, _("Somebody has already answered."))
        else:
            messages.success(request, _("The organisation has been told."))
        return redirect("activities_projects")
    return render(
        request,
        "activities/admin/review.html",
        {
            "review": waiting,
            "page": waiting.page.get_latest_revision_as_object(),
            "form": answers,
            "back": back,
        },
    )
