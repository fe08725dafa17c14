"""The resident's page: who of the staff looked at my particulars."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import CharField, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import resident_required
from privacy.models import AccessRecord, ExportRecord

PER_PAGE = 50
_LOOK, _EXPORT = "look", "export"


@resident_required
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Looks and exports in one list, newest first."""
    resident = request.resident  # type: ignore[attr-defined]
    looked = AccessRecord.objects.of_resident(resident.pk)
    exported = ExportRecord.objects.of_resident(resident.pk)
    # One list of two tables: their keys in order, then the rows of one page of them.
    keys = _keys(looked, _LOOK).union(_keys(exported, _EXPORT), all=True).order_by("-at", "-pk")
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "privacy/access.html",
        {"page": page, "rows": _rows(list(page.object_list), looked, exported)},
    )


def _keys(records: Any, what: str) -> Any:
    return (
        records.order_by().annotate(what=Value(what, CharField())).values_list("at", "pk", "what")
    )


def _rows(keys: list[Any], looked: Any, exported: Any) -> list[dict[str, Any]]:
    found = {
        **{(_LOOK, row.pk): row for row in looked.filter(pk__in=_of(keys, _LOOK))},
        **{(_EXPORT, row.pk): row for row in exported.filter(pk__in=_of(keys, _EXPORT))},
    }
    return [{"record": found[what, pk], "exported": what == _EXPORT} for _at, pk, what in keys]


def _of(keys: list[Any], wanted: str) -> list[int]:
    return [pk for _at, pk, what in keys if what == wanted]
