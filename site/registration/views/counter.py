"""The counter, in the municipality's admin: entering people who have no e-mail."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Channel
from accounts.forms import ProfileForm
from accounts.models import ClaimCode, CounterEntry
from accounts.operations.claim_codes import issue_claim_code, open_code_of, printable_code
from accounts.operations.profile import ProfileData
from common.refusal import Refused
from common.text import written_postal_code
from privacy.enums import Particular
from privacy.operations.access import record_at_counter
from registration.forms import FormsTogether, ReceivedForm
from registration.models import Registration
from registration.operations.counter import Received, enter_person
from registration.queries import possible_duplicates, registration_entered
from registration.steps import steps_for
from tenants.models import Municipality

PER_PAGE = 50
ENTER, SEE = "accounts.add_counterentry", "accounts.view_counterentry"
CONFIRMED = "another_person"
# What the paper shows of a resident, and what the resident reads was shown.
SHOWN = (
    Particular.NAME,
    Particular.KANA,
    Particular.BIRTH_DATE,
    Particular.POSTAL_CODE,
    Particular.ADDRESS,
    Particular.PHONE,
)


@never_cache
@permission_required(SEE, raise_exception=True)
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Who was entered here, newest first."""
    rows = CounterEntry.objects.filter(
        municipality=request.municipality  # type: ignore[attr-defined]
    ).select_related("entered_by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    registrations = Registration.objects.in_bulk(
        [entry.registration_number for entry in page], field_name="number"
    )
    listed = [(entry, registrations[entry.registration_number]) for entry in page]
    return render(request, "registration/admin/entries.html", {"page_obj": page, "entries": listed})


@never_cache
@sensitive_post_parameters()
@permission_required(ENTER, raise_exception=True)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The profile, the survey and the consent on one page; people alike are shown first."""
    municipality = request.municipality  # type: ignore[attr-defined]
    data = request.POST if request.method == "POST" else None
    profile, steps, received = ProfileForm(data), steps_for(municipality, data), ReceivedForm(data)
    form = FormsTogether([profile, *(step.form for step in steps), received])
    alike: list[Registration] = []
    if data is not None and _is_valid(form, profile):
        told = _received(request, received)
        if CONFIRMED not in request.POST:
            alike = _alike(municipality, profile, told)
        if not alike:
            made = enter_person(municipality, cast(ProfileData, profile.cleaned_data), told, steps)
            return redirect("registration_counter_entry", pk=made.pk)
    context = {
        "form": form,
        "profile": profile,
        "steps": [step.form for step in steps],
        "received": received,
        "alike": alike,
        "is_open": municipality.is_published,
        "prefecture": municipality.prefecture_municipality(),
    }
    return render(request, "registration/admin/enter.html", context)


def _is_valid(form: FormsTogether, profile: ProfileForm) -> bool:
    if not profile.asked_for_address:
        return form.is_valid()
    for part in form.parts:
        if part is not profile:
            part.errors.clear()  # nobody has asked yet what is still empty there
    return profile.is_valid()


def _alike(municipality: Municipality, profile: ProfileForm, told: Received) -> list[Registration]:
    """Registrants who may be this person.

    The same form sent once more meets the person it has made itself: that one is no other.
    """
    if CounterEntry.objects.filter(key=told.key).exists():
        return []
    entered = profile.cleaned_data
    kana = f"{entered['family_kana']} {entered['given_kana']}"
    return possible_duplicates(municipality, kana, entered["birth_date"])


def _received(request: HttpRequest, form: ReceivedForm) -> Received:
    says = form.cleaned_data
    return Received(
        key=says["key"],
        by=request.user,  # type: ignore[arg-type]
        channel=Channel(says["channel"]),
        paper_kept_at=says["paper_kept_at"],
        email=says["email"].strip().lower(),
    )


@never_cache
@permission_required(SEE, raise_exception=True)
@require_safe
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """What was entered, to print and hand over; the code for whoever issued it, for an hour."""
    found = _entry(request, pk)
    code, registration = open_code_of(found), registration_entered(found)
    record_at_counter(registration.municipality, found.resident_id, request.user, SHOWN)
    return render(
        request,
        "registration/admin/entry.html",
        {
            "entry": found,
            "registration": registration,
            "postal_code": written_postal_code(registration.postal_code),
            "code": printable_code(code, request.user),  # type: ignore[arg-type]
            "open_code": code,
            "is_claimed": ClaimCode.objects.filter(resident_id=found.resident_id)
            .exclude(used_at=None)
            .exists(),
        },
    )


@never_cache
@permission_required(ENTER, raise_exception=True)
@require_POST
def new_code(request: HttpRequest, pk: int) -> HttpResponse:
    """A new code, for who has lost the paper; the old one is good for nothing any more."""
    found = _entry(request, pk)
    try:
        issue_claim_code(found, request.user)  # type: ignore[arg-type]
    except Refused:
        messages.error(request, _("The account is the person's own already: no code is needed."))
    else:
        messages.success(request, _("There is a new code. The old one can't be used any more."))
    return redirect("registration_counter_entry", pk=found.pk)


def _entry(request: HttpRequest, pk: int) -> CounterEntry:
    return get_object_or_404(
        CounterEntry.objects.select_related("entered_by"),
        pk=pk,
        municipality=request.municipality,  # type: ignore[attr-defined]
    )
