"""Lists of earlier participations in the municipality's admin: send in, look, take over (R20).

Until a list is taken over nothing of it is kept here: its rows travel in the page, signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendance.forms.earlier import ActivityForm, ColumnsForm, SentTable, UploadForm
from attendance.forms.earlier_words import file_sentence, reasons, told
from attendance.models import ColumnMemory, ImportBatch
from attendance.operations.earlier.designation import pages_by_title, stated
from attendance.operations.earlier.taking import Taken, Upload, not_taken_yet, take_over
from attendance.operations.earlier.window import bounds_for
from attendance.rules.earlier import (
    MAX_ACTIVITIES,
    Entry,
    Judged,
    activities_of,
    judge,
)
from attendance.rules.earlier_columns import NAMES, Places, guess
from attendance.rules.earlier_sheets import error_workbook, sample_workbook
from common.refusal import Refused
from tenants.models import Municipality

IMPORT = "attendance.add_importbatch"
PER_PAGE = 50
WRONG_SHOWN = 200
_SALT = "attendance.earlier"
_TOKEN_LIFE = 2 * 60 * 60
# Below Django's limit for a form that is no file, with room for the answers beside it.
_MAX_TOKEN = 2_300_000
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def place_of(request: HttpRequest) -> Municipality:
    return request.municipality  # type: ignore[attr-defined, no-any-return]


def importer(view: Any) -> Any:
    """Never kept by a browser; 403 for staff who take over no lists."""
    guarded = permission_required(IMPORT, raise_exception=True)(view)
    return never_cache(sensitive_post_parameters()(guarded))


@importer
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """The lists taken over so far; a file sent in leads to its columns."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        sent: SentTable = form.cleaned_data["sheet"]
        token = _sealed(request, sent)
        if len(token) <= _MAX_TOKEN:
            places = _remembered(place_of(request), sent) or guess(sent.table.headings)
            return _columns(request, sent, token, ColumnsForm(sent.table, places=places))
        form.add_error("sheet", _("This list is too long for one file. Please split it."))
    batches = ImportBatch.objects.filter(municipality=place_of(request)).select_related("taken_by")
    return render(
        request,
        "attendance/admin/earlier.html",
        {
            "page_title": _("Earlier participations"),
            "header_icon": "history",
            "form": form,
            "page": Paginator(batches, PER_PAGE).get_page(request.GET.get("page")),
            "bounds": bounds_for(place_of(request)),
        },
    )


@importer
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """The form to fill in."""
    return _spreadsheet(sample_workbook(), "担い手活動実績（記入用）.xlsx")


@importer
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Look at every row with the columns chosen; nothing is written."""
    found = _found(request)
    if found is None:
        return _expired(request)
    if not found.form.is_valid():
        return _columns(request, found.sent, found.token, found.form)
    return _result(request, found, found.activity_forms(None))


@importer
@require_POST
def errors(request: HttpRequest) -> HttpResponse:
    """The list as a spreadsheet with one more column: what is wrong."""
    found = _found(request)
    if found is None or not found.form.is_valid():
        return _expired(request)
    content = error_workbook(found.sent.table, map(reasons, found.judged))
    return _spreadsheet(content, "担い手活動実績（エラー）.xlsx")


@importer
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take over the rows without faults."""
    found = _found(request)
    if found is None or not found.form.is_valid():
        return _expired(request)
    forms = found.activity_forms(request.POST)
    if not all([form.is_valid() for form in forms]):
        return _result(request, found, forms)
    sent = found.sent
    upload = Upload(
        sent.file_name,
        sent.digest,
        len(sent.table.rows),
        sent.table.signature,
        found.form.places(),
    )
    try:
        taken = take_over(
            found.municipality,
            upload,
            found.entries,
            {form.entry.activity_key: form.answer() for form in forms},
            request.user,  # type: ignore[arg-type]
        )
    except Refused:  # meanwhile no row is left that may be taken
        return _result(request, found, forms)
    if taken.batch is None:
        messages.info(request, _("All these rows had been taken over before. Nothing was added."))
        return redirect("attendance_earlier")
    messages.success(request, _summary(taken))
    return redirect("attendance_earlier_batch", taken.batch.pk)


def _summary(taken: Taken) -> str:
    parts = [
        ngettext(
            "%(number)s participation was recorded.",
            "%(number)s participations were recorded.",
            taken.recorded,
        )
        % {"number": taken.recorded},
        ngettext(
            "%(number)s waits until the person registers.",
            "%(number)s wait until the person registers.",
            taken.waiting,
        )
        % {"number": taken.waiting},
        ngettext(
            "%(number)s waits for your decision.",
            "%(number)s wait for your decision.",
            taken.doubtful,
        )
        % {"number": taken.doubtful},
    ]
    return " ".join(parts)


@dataclass
class _Found:
    """What the page of a list brought back: the list, the columns chosen, each row judged."""

    municipality: Municipality
    token: str
    sent: SentTable
    form: ColumnsForm

    @cached_property
    def judged(self) -> list[Judged]:
        return judge(self.sent.table, self.form.places(), bounds_for(self.municipality))

    @property
    def entries(self) -> list[Entry]:
        return [one.entry for one in self.judged if one.entry]

    def activity_forms(self, data: Any) -> list[ActivityForm]:
        """One for each activity of the list, up to `MAX_ACTIVITIES`."""
        by_title, known = pages_by_title(), stated(self.municipality)
        pages = [(page.pk, page.title) for page in by_title.values()]
        forms = []
        for number, entry in enumerate(activities_of(self.judged)[:MAX_ACTIVITIES]):
            page = by_title.get(entry.activity_key)
            forms.append(
                ActivityForm(
                    entry,
                    pages,
                    known.get(entry.activity_key),
                    page.pk if page else None,
                    data,
                    f"activity{number}",
                )
            )
        return forms


def _found(request: HttpRequest) -> _Found | None:
    sent = _unsealed(request)
    if sent is None:
        return None
    form = ColumnsForm(sent.table, request.POST)
    return _Found(place_of(request), request.POST["token"], sent, form)


def _columns(request: HttpRequest, sent: SentTable, token: str, form: ColumnsForm) -> HttpResponse:
    return render(
        request,
        "attendance/admin/earlier_columns.html",
        {
            "page_title": _("Columns of the file"),
            "header_icon": "history",
            "sent": sent,
            "token": token,
            "form": form,
        },
    )


def _result(request: HttpRequest, found: _Found, forms: list[ActivityForm]) -> HttpResponse:
    wrong = [one for one in found.judged if one.faults]
    entries = found.entries
    new = len(not_taken_yet(found.municipality, entries))
    activities = len(activities_of(found.judged))
    refusal = ""
    if activities > MAX_ACTIVITIES:
        refusal = file_sentence(Refused("too_many_activities", limit=MAX_ACTIVITIES))
    return render(
        request,
        "attendance/admin/earlier_result.html",
        {
            "page_title": _("What is in the list"),
            "header_icon": "history",
            "sent": found.sent,
            "token": found.token,
            "places": [(name, at) for name, at in found.form.places().items()],
            "total": len(found.judged),
            "wrong": [(one.row, told(one.faults)) for one in wrong[:WRONG_SHOWN]],
            "wrong_count": len(wrong),
            "new": new,
            "known": len(entries) - new,
            "forms": forms,
            "invalid": any(form.errors for form in forms if form.is_bound),
            "refusal": refusal,
        },
        status=200,
    )


def _remembered(municipality: Municipality, sent: SentTable) -> Places | None:
    row = ColumnMemory.objects.filter(
        municipality=municipality, signature=sent.table.signature
    ).first()
    if row is None:
        return None
    return {name: at for name, at in row.places.items() if name in NAMES}


def _sealed(request: HttpRequest, sent: SentTable) -> str:
    """The rows as a signed text in the page: nothing is kept here before they are taken over."""
    stored = [request.user.pk, place_of(request).code, sent.to_json()]
    return signing.dumps(stored, salt=_SALT, compress=True)


def _unsealed(request: HttpRequest) -> SentTable | None:
    """What `_sealed` put into a page of the same member of staff here, if not too long ago."""
    try:
        owner, code, stored = signing.loads(
            request.POST.get("token", ""), salt=_SALT, max_age=_TOKEN_LIFE
        )
    except signing.BadSignature:
        return None
    mine = (owner, code) == (request.user.pk, place_of(request).code)
    return SentTable.from_json(stored) if mine else None


def _expired(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Please send in the file again: the result is no longer valid."))
    return redirect("attendance_earlier")


def _spreadsheet(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=_SPREADSHEET,
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )
