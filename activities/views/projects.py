"""Projects of organisations, in the municipality's admin: what waits, and reports that lack."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activities.enums import DesignationAction
from activities.forms import ProjectSettingsForm
from activities.models import ActivityReport, ProjectSettings
from activities.queries import projects_waiting, reports_due, reports_overdue
from activities.views.organisations import coordinators_only

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
            "waiting": projects_waiting(),
            "actions": DesignationAction,
            "overdue": overdue,
            "due": reports_due().exclude(pk__in=[session.pk for session in overdue]),
            "reports": ActivityReport.objects.select_related("session__page__organisation")[
                :REPORTS_SHOWN
            ],
            "form": form,
        },
    )
