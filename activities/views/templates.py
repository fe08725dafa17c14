"""A new activity from a template, in the municipality's admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from activities.enums import Category
from activities.forms import FromTemplateForm
from activities.operations.templates import activity_from_template
from activities.permissions import may_run_activities
from activities.queries import activity_index, own_templates
from activities.rules.examples import ActivityTemplate, templates
from organisations.enums import OrganisationKind


def choose_template(request: HttpRequest) -> HttpResponse:
    """All templates by kind of organisation, the municipality's own first."""
    index = activity_index()
    if index is None or not may_run_activities(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    municipality: Any = request.municipality  # type: ignore[attr-defined]
    form = FromTemplateForm(municipality, request.POST or None)
    own = own_templates()
    if request.method == "POST" and form.is_valid():
        wanted = request.POST.get("template", "")
        template = templates().get(wanted) or (
            own.filter(pk=wanted).first() if wanted.isascii() and wanted.isdigit() else None
        )
        if template is not None:
            organisation = form.cleaned_data["organisation"]
            page = activity_from_template(template, index, organisation, request.user)  # type: ignore[arg-type]
            return redirect("wagtailadmin_pages:edit", page.pk)
    return render(
        request,
        "activities/admin/templates.html",
        {"form": form, "own": own, "groups": _by_kind()},
    )


def _by_kind() -> list[tuple[Any, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for template in templates().values():
        for kind in template.kinds:
            groups.setdefault(kind, []).append(shown(template))
    return [(kind.label, groups[kind]) for kind in OrganisationKind if kind in groups]


def shown(template: ActivityTemplate) -> dict[str, Any]:
    """An example as it is offered, in the reader's language."""
    in_english = not (get_language() or "ja").startswith("ja")
    return {
        "key": template.key,
        "category": Category(template.category).label,
        "is_paid": template.is_paid,
        "title": template.title_en if in_english else template.title,
        "summary": template.summary_en if in_english else template.summary,
    }
