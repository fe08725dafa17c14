"""Requests as the office that handles them sees them: a municipality's, or the operator's.

The same screens on two hosts. An `Office` says whose requests they are, what addresses are
called there and which frame they are shown in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.refusal import Refused
from privacy.enums import CaseChannel, CaseKind
from privacy.forms import cases as forms
from privacy.models import Case, CaseTerm
from privacy.operations import cases as operations
from privacy.rules.cases import UNDECIDED
from privacy.views.case_steps import STEPS
from privacy.views.sentences import sentence_for
from tenants.models import Municipality

PER_PAGE = 50


@dataclass(frozen=True)
class Office:
    """Who handles: `municipality` (None: the operator), and how its screens are put together."""

    municipality: Municipality | None
    names: str
    base: str
    form: str
    colleagues: Callable[[], QuerySet[Any]] | None = None

    def url(self, name: str, *arguments: Any) -> str:
        return reverse(f"{self.names}{name}", args=arguments)

    def cases(self) -> Any:
        return Case.objects.at(self.municipality)


def _show(
    request: HttpRequest, office: Office, template: str, title: str, **context: Any
) -> HttpResponse:
    return render(
        request,
        f"privacy/office/{template}.html",
        {
            "office": office,
            "page_title": title,
            "header_icon": "clipboard-list",
            "list_url": office.url("cases"),
            **context,
        },
    )


def case_list(request: HttpRequest, office: Office) -> HttpResponse:
    """What is due first comes first; decided ones can be asked for."""
    form = forms.CaseFilterForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = office.cases()
    chosen = {
        "": found,
        "undecided": found.undecided(),
        "overdue": found.overdue(),
    }.get(state, found.filter(status=state))
    today = clock.today()
    counts = found.aggregate(
        undecided=Count("pk", filter=Q(status__in=UNDECIDED)),
        overdue=Count("pk", filter=Q(status__in=UNDECIDED, deadline__lt=today)),
    )
    page = Paginator(_undecided_first(chosen), PER_PAGE).get_page(request.GET.get("page"))
    return _show(
        request,
        office,
        "cases",
        _("Requests about personal data"),
        filters=form,
        page=page,
        rows=[(case, office.url("case", case.pk)) for case in page],
        counts=counts,
        new_url=office.url("case_new"),
        term_url=office.url("case_term") if office.municipality else "",
    )


def _undecided_first(cases: Any) -> Any:
    return cases.order_by(F("decided_at").desc(nulls_first=True), "deadline", "pk")


def case_new(request: HttpRequest, office: Office) -> HttpResponse:
    """Enter what came at the counter or by letter."""
    form = forms.PaperCaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        case = operations.enter_case(
            office.municipality,
            request.user,
            operations.Asked(data["key"], CaseKind(data["kind"]), data["subject"], data["wanted"]),
            operations.Applicant(data["name"], data["contact"], data["email"]),
            CaseChannel(data["channel"]),
            data["received_on"],
        )
        messages.success(request, _("The request has been entered."))
        return redirect(office.url("case", case.pk))
    return _show(
        request, office, "form", _("Enter a request"), form=form, submit=_("Enter the request")
    )


def case_detail(request: HttpRequest, office: Office, pk: int) -> HttpResponse:
    """Everything about one request, and the steps that may be taken now."""
    case = _case_or_404(office, pk)
    return _show(
        request,
        office,
        "case",
        _("Request %s") % case.number,
        case=case,
        events=case.events.all(),
        steps=[
            (office.url("case_step", case.pk, name), step.title)
            for name, step in STEPS.items()
            if step.is_open(case) and (step.needs_colleagues <= bool(office.colleagues))
        ],
    )


def case_step(request: HttpRequest, office: Office, pk: int, step: str) -> HttpResponse:
    """Ask what the step needs, then take it."""
    case = _case_or_404(office, pk)
    chosen = STEPS.get(step)
    if chosen is None or (chosen.needs_colleagues and office.colleagues is None):
        raise Http404
    more = {"colleagues": office.colleagues()} if chosen.needs_colleagues else {}  # type: ignore[misc]
    form = chosen.form(request.POST if request.method == "POST" else None, **more)
    if request.method == "POST" and form.is_valid():
        try:
            chosen.take(case.pk, request.user, form.cleaned_data)
        except Refused as refusal:
            messages.error(request, sentence_for(refusal))
        else:
            messages.success(request, _("This has been recorded."))
        return redirect(office.url("case", case.pk))
    return _show(
        request,
        office,
        "form",
        f"{_('Request %s') % case.number}: {chosen.title}",
        form=form,
        submit=chosen.title,
        cancel_url=office.url("case", case.pk),
        case=case,
    )


def case_term(request: HttpRequest, office: Office) -> HttpResponse:
    """How many days decisions take here."""
    municipality = office.municipality
    if municipality is None:
        raise Http404
    days = CaseTerm.objects.days_at(municipality)
    form = forms.TermForm(
        request.POST if request.method == "POST" else None, initial={"days": days}
    )
    if request.method == "POST" and form.is_valid():
        operations.set_term(municipality, form.cleaned_data["days"])
        messages.success(request, _("The number of days has been set."))
        return redirect(office.url("cases"))
    return _show(request, office, "form", _("Days until the decision"), form=form, submit=_("Save"))


def _case_or_404(office: Office, pk: int) -> Case:
    return get_object_or_404(office.cases(), pk=pk)
