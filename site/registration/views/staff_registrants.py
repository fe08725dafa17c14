"""Registrants in the municipality's admin: a list of names, and more for who says why."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from privacy.enums import Particular, StaffPurpose
from privacy.forms.access import PurposeForm
from privacy.models import AccessRecord, ExportRecord
from privacy.models.access import GRANTED_FOR
from privacy.operations.access import record_access
from privacy.permissions import APPROVE, EXPORT, INSPECT, may
from registration.forms.registrants import RegistrantFilterForm
from registration.models import Registration
from registration.permissions import DECIDE, OPEN, VIEW
from registration.queries import parameters_on, registrations_here
from registration.queries.registrants import registrants
from registration.views.histories import what_happened, why_it_ended
from tenants.models import Municipality

PER_PAGE = 50
# What opens at the click, and what the resident reads was shown.
OPENED = (
    Particular.KANA,
    Particular.BIRTH_DATE,
    Particular.POSTAL_CODE,
    Particular.ADDRESS,
    Particular.PHONE,
    Particular.EMAIL,
    Particular.HISTORY,
)


def permitted(permission: str) -> Any:
    """Never kept by a browser; 403 for staff without `permission`."""

    def guard(view: Any) -> Any:
        @never_cache
        @permission_required(permission, raise_exception=True)
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, *args, **kwargs)

        return guarded

    return guard


def place_of_request(request: HttpRequest) -> Municipality:
    return request.municipality  # type: ignore[attr-defined, no-any-return]


@require_safe
@permitted(VIEW)
def registrant_list(request: HttpRequest) -> HttpResponse:
    """Name and municipality of residence, number, kind and since when; nothing else."""
    filters = RegistrantFilterForm(request.GET)
    chosen = filters.chosen()
    found = registrants(place_of_request(request), **chosen)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    parameters, language = parameters_on(), get_language() or "ja"
    return render(
        request,
        "registration/admin/registrants.html",
        {
            "page_title": _("Registrants"),
            "header_icon": "group",
            "filters": filters,
            "filtered": bool(chosen),
            "page": page,
            "rows": [(row, parameters.name_of(row.kind, language)) for row in page],
            "may_open": may(request.user, OPEN),
            "may_export": may(request.user, EXPORT) and "state" not in chosen,
            "may_see_exports": may(request.user, EXPORT) or may(request.user, APPROVE),
            "may_inspect": may(request.user, INSPECT),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(OPEN)
@sensitive_post_parameters()
def registrant(request: HttpRequest, pk: int) -> HttpResponse:
    """One registrant's particulars, to who has said why within the last fifteen minutes.

    A link that was passed on asks its reader for a purpose of their own. Another municipality's
    registration is not found.
    """
    place = place_of_request(request)
    found = get_object_or_404(Registration.objects.filter(municipality=place), pk=pk)
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        record_access(
            place,
            [found.resident_id],
            request.user,
            StaffPurpose(form.cleaned_data["purpose"]),
            form.cleaned_data["note"],
            OPENED,
        )
        return redirect("registration_registrant", pk)
    # A page of the counter's that showed less opens nothing here.
    granted = AccessRecord.objects.open_to(request.user, place).filter(
        resident_id=found.resident_id, particulars__contains=[code.value for code in OPENED]
    )
    context = {"registration": found, "header_icon": "user", "page_title": found.name}
    if request.method == "POST" or not granted.exists():
        minutes = int(GRANTED_FOR.total_seconds() // 60)
        context |= {"form": form, "minutes": minutes}
        return render(request, "registration/admin/purpose.html", context)
    names = parameters_on().names(get_language() or "ja")
    earlier = registrations_here(found).prefetch_related("events")
    context |= {
        "kind": names[found.kind],
        "registrations": [(one.number, _history(one, names["premium"])) for one in earlier],
        "may_apply": found.is_active and may(request.user, DECIDE),
        "looks": _looks_at(found) if may(request.user, INSPECT) else None,
    }
    return render(request, "registration/admin/registrant.html", context)


def _history(registration: Registration, premium: str) -> list[tuple[Any, str, str]]:
    return [
        (event.at, what_happened(event, premium), why_it_ended(event) or event.reason)
        for event in registration.events.all()
    ]


def _looks_at(registration: Registration) -> Any:
    """Who looked at this person here, for whoever inspects; the newest fifty."""
    here = AccessRecord.objects.at_municipality(registration.municipality)
    return here.filter(resident_id=registration.resident_id)[:PER_PAGE]


@require_safe
@permitted(INSPECT)
def records(request: HttpRequest) -> HttpResponse:
    """Every look and every step of an export here, with the name of who it was."""
    place = place_of_request(request)
    what = "exports" if request.GET.get("what") == "exports" else "looks"
    found: Any = (
        ExportRecord.objects.at_municipality(place)
        if what == "exports"
        else AccessRecord.objects.at_municipality(place)
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    numbers: dict[Any, str] = {}
    if what == "looks":
        residents = {row.resident_id for row in page}
        shown = Registration.objects.filter(municipality=place, resident_id__in=residents)
        numbers = dict(shown.order_by("registered_at").values_list("resident_id", "number"))
    return render(
        request,
        "registration/admin/records.html",
        {
            "page_title": _("Records of looks and exports"),
            "header_icon": "history",
            "what": what,
            "page": page,
            "rows": [(row, numbers.get(getattr(row, "resident_id", None), "")) for row in page],
        },
    )
