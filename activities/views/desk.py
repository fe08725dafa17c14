"""The coordinator's desk (コーディネーターの机) and its panel on the admin's start page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.components import Component

from activities.queries.desk import desk_of, match_rate
from activities.registry import links_for
from activities.rules.special_grant import fiscal_year
from activities.views.staff_needs import coordinators_only
from common import clock


@coordinators_only
@require_http_methods(["GET", "HEAD"])
def desk(request: HttpRequest) -> HttpResponse:
    """Today, what comes, what waits, and the match rate of this fiscal year and the last."""
    municipality = request.municipality  # type: ignore[attr-defined]
    this_year = fiscal_year(clock.today())
    year = this_year - 1 if request.GET.get("year") == str(this_year - 1) else this_year
    found = desk_of(municipality)
    return render(
        request,
        "activities/admin/desk.html",
        {
            "desk": found,
            "today": [(row, links_for(row.session)) for row in found.today],
            "rate": match_rate(municipality, year),
            "year": year,
            "other_year": this_year if year != this_year else this_year - 1,
        },
    )


class DeskPanel(Component):
    """Today and what waits, on the start page of whoever runs activities."""

    order = 110
    template_name = "activities/admin/desk_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"desk": desk_of(parent_context["request"].municipality)}
