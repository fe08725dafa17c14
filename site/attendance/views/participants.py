"""Who signed up for a session and who came: for the municipality's staff."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.queries import session_for_staff
from attendance.models import SignUp
from attendance.queries import all_records_for, sign_ups_for
from common import clock
from privacy.enums import Particular, StaffPurpose
from privacy.forms.access import PurposeForm
from privacy.models import AccessRecord
from privacy.models.access import GRANTED_FOR
from privacy.operations.access import record_access

# What opens for everybody on the list at a click, and is recorded for each of them.
OPENED = (Particular.KANA, Particular.PHONE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def participants(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """The list to take to the venue; furigana and telephone numbers for who says why.

    Whoever may not edit the activity gets a 404.
    """
    session = session_for_staff(session_uuid, request.user)
    if session is None:
        raise Http404
    municipality = request.municipality  # type: ignore[attr-defined]
    sign_ups = list(sign_ups_for(municipality, session_uuid))
    form = PurposeForm(
        request.POST if request.method == "POST" else None,
        initial={"purpose": StaffPurpose.ACTIVITY},
    )
    if request.method == "POST" and form.is_valid():
        record_access(
            municipality,
            [sign_up.resident_id for sign_up in sign_ups],
            request.user,
            StaffPurpose(form.cleaned_data["purpose"]),
            form.cleaned_data["note"],
            OPENED,
        )
        return redirect(request.path)
    records = list(all_records_for(municipality, session_uuid))
    recorded = {record.resident_id: record for record in records}
    came = {key for key, record in recorded.items() if not record.is_voided}
    signed_up = {sign_up.resident_id for sign_up in sign_ups}
    opened = opened_to(request, sign_ups)
    rows = [
        (sign_up, recorded.get(sign_up.resident_id), sign_up.resident_id in opened)
        for sign_up in sign_ups
    ]
    return render(
        request,
        "attendance/admin/participants.html",
        {
            "session": session.snapshot(),
            "rows": rows,
            "came": len(came),
            "without_sign_up": len(came - signed_up),
            "others": [record for record in records if record.resident_id not in signed_up],
            "has_begun": session.starts_at <= clock.now(),
            "form": form if any(not is_open for _, _, is_open in rows) else None,
            "minutes": int(GRANTED_FOR.total_seconds() // 60),
        },
    )


def opened_to(request: HttpRequest, sign_ups: list[SignUp]) -> set[Any]:
    """Whose particulars are open to this member of staff now."""
    municipality = request.municipality  # type: ignore[attr-defined]
    granted = AccessRecord.objects.open_to(request.user, municipality).filter(
        resident_id__in=[sign_up.resident_id for sign_up in sign_ups],
        particulars__contains=Particular.PHONE.value,
    )
    return set(granted.values_list("resident_id", flat=True))
