"""The operator's host: many requests as one spreadsheet, decided together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.refusal import Refused
from tenants.enums import RequestStatus, TermsKind
from tenants.forms.bulk import CheckedRow, UploadForm, check_rows, right_rows
from tenants.models import RequestBatch, Terms
from tenants.operations.bulk import approve_batch, retry_batch, store_batch
from tenants.rules.bulk import Upload
from tenants.rules.workbooks import error_workbook, template_workbook
from tenants.views.operator import PER_PAGE, operator_required

FAILED_SHOWN = 20
RECENT_SHOWN = 20
_SALT = "tenants.bulk"
_TOKEN_LIFE = 2 * 60 * 60
# Below Django's limit for a form that is no file.
_MAX_TOKEN = 2_000_000
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def upload(request: HttpRequest) -> HttpResponse:
    """Take a spreadsheet whose rows are all right; otherwise show what is wrong, store nothing."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        sent = form.uploaded()
        # Before the rows are judged: by now they would all have been asked for already.
        if earlier := RequestBatch.objects.filter(digest=sent.digest).first():
            return _to_batch(request, earlier, False)
        checked = check_rows(sent)
        if any(row.errors for row in checked):
            return _result(request, sent, checked)
        return _store(request, sent, checked)
    recent = RequestBatch.objects.with_progress().select_related("uploaded_by")[:RECENT_SHOWN]
    return render(request, "tenants/operator/bulk.html", {"form": form, "recent": recent})


@require_safe
@operator_required
def template(request: HttpRequest) -> HttpResponse:
    """The empty spreadsheet with its explanations."""
    version = Terms.objects.in_force(TermsKind.MUNICIPALITY).version
    return _spreadsheet(template_workbook(version), "利用申請（一括）.xlsx")


@require_POST
@operator_required
def take(request: HttpRequest) -> HttpResponse:
    """Store the right rows of a spreadsheet that has wrong ones too."""
    sent = _unsealed(request)
    if sent is None:
        return _expired(request)
    return _store(request, sent, check_rows(sent))


@require_POST
@operator_required
def errors(request: HttpRequest) -> HttpResponse:
    """The rows as a spreadsheet with one more column: what is wrong."""
    sent = _unsealed(request)
    if sent is None:
        return _expired(request)
    content = error_workbook((one.row, one.sentences) for one in check_rows(sent))
    return _spreadsheet(content, "利用申請（エラー）.xlsx")


@require_safe
@operator_required
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch; while it is being set up the page brings itself up to date."""
    found = (
        RequestBatch.objects.with_progress()
        .select_related("uploaded_by", "approved_by")
        .filter(pk=batch_id)
        .first()
    )
    if found is None:
        raise Http404
    requests = found.requests.select_related("local_government__prefecture").order_by(
        "local_government"
    )
    failed = requests.filter(status=RequestStatus.APPROVED).exclude(error="")
    return render(
        request,
        "tenants/operator/bulk_batch.html",
        {
            "batch": found,
            "page": Paginator(requests, PER_PAGE).get_page(request.GET.get("page")),
            "failed": failed[:FAILED_SHOWN],
            "in_progress": found.waiting or found.failed,
            "left_out": found.row_count - found.total,
        },
    )


@require_POST
@operator_required
def approve(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Approve all that wait for a decision; they are set up in the background, one by one."""
    try:
        approved = approve_batch(batch_id, request.user)
    except RequestBatch.DoesNotExist:
        raise Http404 from None
    if approved:
        messages.success(
            request,
            ngettext(
                "%(number)s request has been approved.",
                "%(number)s requests have been approved.",
                approved,
            )
            % {"number": approved},
        )
    return redirect("tenants_operator:batch", batch_id)


@require_POST
@operator_required
def retry(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Try again what failed: the request named, or all."""
    if not RequestBatch.objects.filter(pk=batch_id).exists():
        raise Http404
    named = request.POST.get("request", "")
    if named and not (named.isascii() and named.isdigit() and len(named) <= 18):
        raise Http404
    retry_batch(batch_id, int(named) if named else None)
    return redirect("tenants_operator:batch", batch_id)


def _store(request: HttpRequest, sent: Upload, checked: list[CheckedRow]) -> HttpResponse:
    try:
        stored, is_new = store_batch(
            right_rows(checked),
            file_name=sent.file_name,
            digest=sent.digest,
            row_count=len(sent.rows),
            operator=request.user,
        )
    except Refused:
        # Nothing right is left, or somebody asked meanwhile: look again and show what is so.
        return _result(request, sent, check_rows(sent))
    return _to_batch(request, stored, is_new)


def _to_batch(request: HttpRequest, stored: RequestBatch, is_new: bool) -> HttpResponse:
    if is_new:
        messages.success(request, _("The requests have been received."))
    else:
        messages.info(request, _("This file has been sent in before. Nothing was added."))
    return redirect("tenants_operator:batch", stored.pk)


def _result(request: HttpRequest, sent: Upload, checked: list[CheckedRow]) -> HttpResponse:
    token = _sealed(request, sent)
    wrong = [row for row in checked if row.errors]
    return render(
        request,
        "tenants/operator/bulk_result.html",
        {
            "sent": sent,
            "wrong": wrong,
            "right": [row for row in checked if not row.errors],
            "token": token if len(token) <= _MAX_TOKEN else "",
        },
    )


def _sealed(request: HttpRequest, sent: Upload) -> str:
    """The rows as a signed text in the page: nothing is kept here while a row is wrong."""
    stored: list[Any] = [request.user.pk, sent.to_json()]
    return signing.dumps(stored, salt=_SALT, compress=True)


def _unsealed(request: HttpRequest) -> Upload | None:
    """What `_sealed` put into the page of the same operator, if that was not too long ago."""
    try:
        owner, stored = signing.loads(
            request.POST.get("token", ""), salt=_SALT, max_age=_TOKEN_LIFE
        )
    except signing.BadSignature:
        return None
    return Upload.from_json(stored) if owner == request.user.pk else None


def _expired(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Please send in the file again: the result is no longer valid."))
    return redirect("tenants_operator:bulk")


def _spreadsheet(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=_SPREADSHEET,
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )
