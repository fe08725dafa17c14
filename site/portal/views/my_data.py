"""What is held of me: a page, and copies of it to keep."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.enums import SecurityEventKind
from accounts.operations.attempts import spend
from accounts.operations.security_events import record
from accounts.permissions import resident_required
from accounts.queries import account_of
from accounts.views.confirmation import confirmed_before
from portal.operations.own_data import copy_of
from portal.operations.seen_by import places_of
from portal.rendering.own_data import render_copy
from portal.rules.copies import Copy, to_json

SHOWN = 20


@resident_required
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Every table with what it is held for; of a long one the newest rows, and last the tables
    that hold nothing."""
    resident = request.resident  # type: ignore[attr-defined]
    copy = copy_of(resident)
    return render(
        request,
        "portal/my_data.html",
        {
            "parts": [
                {"part": part, "rows": part.rows[:SHOWN], "more": len(part.rows[SHOWN:])}
                for part in copy.parts
                if part.rows
            ],
            # Most tables hold nothing of most people: named once, in one place.
            "empty": [part for part in copy.parts if not part.rows],
            "municipalities": places_of(resident),
        },
    )


@confirmed_before("portal:my_data")
@resident_required
def as_json(request: HttpRequest) -> HttpResponse:
    """Everything, for another program to read."""
    return _copied(request, "json", "application/json", lambda copy: to_json(copy).encode())


@confirmed_before("portal:my_data")
@resident_required
def as_pdf(request: HttpRequest) -> HttpResponse:
    """Everything, to read and to print."""
    return _copied(request, "pdf", "application/pdf", render_copy)


def _copied(
    request: HttpRequest, form: str, content_type: str, write: Callable[[Copy], bytes]
) -> HttpResponse:
    if request.method != "POST":
        # Whoever had to sign in or to show who they are comes back by a link: to the buttons.
        return redirect("portal:my_data")
    account = account_of(request)
    spend("copy", account=str(account.pk))
    copy = copy_of(request.resident)  # type: ignore[attr-defined]
    content = write(copy)
    record(SecurityEventKind.DATA_COPIED, account, format=form)
    response = HttpResponse(content, content_type=content_type)
    # Nobody's name: the file lies in a folder of downloads that others may see.
    name = f"furusato-my-data-{copy.made_at:%Y%m%d}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
