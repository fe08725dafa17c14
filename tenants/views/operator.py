"""The operator's host: sign in, look at participation requests, decide."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.refusal import Refused
from tenants.enums import RequestStatus
from tenants.forms.operator import DeclineForm, OperatorSignInForm
from tenants.hosts import municipality_url
from tenants.models import Municipality, ParticipationRequest
from tenants.operations.requests import approve_request, decline_request, retry_request
from tenants.permissions import may_review
from tenants.queries import notes_on, request_counts, requests_with_status

View = Callable[..., HttpResponse]
PER_PAGE = 50


def operator_required(view: View) -> View:
    """Signed in as somebody who runs the platform; others go to the sign-in page or get 403."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('tenants_operator:sign_in')}?{query}")
        if not may_review(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


class SignInView(LoginView):
    """The operator's own sign-in: no account of a resident or of staff opens anything here."""

    template_name = "tenants/operator/sign_in.html"
    authentication_form = OperatorSignInForm
    next_page = "tenants_operator:home"


class SignOutView(LogoutView):
    next_page = "tenants_operator:sign_in"


@require_safe
@operator_required
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the operator."""
    counts = request_counts()
    return render(
        request,
        "tenants/operator/home.html",
        {
            "submitted": counts[RequestStatus.SUBMITTED],
            "approved": counts[RequestStatus.APPROVED],
            "municipality_count": Municipality.objects.count(),
        },
    )


@require_safe
@operator_required
def requests(request: HttpRequest) -> HttpResponse:
    """All requests, filtered by status."""
    status = request.GET.get("status", "")
    if status not in RequestStatus.values:
        status = ""
    counts = request_counts()
    page = Paginator(requests_with_status(status), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "tenants/operator/requests.html",
        {
            "page": page,
            "status": status,
            "total": sum(counts.values()),
            "filters": [(value, label, counts[value]) for value, label in RequestStatus.choices],
        },
    )


@require_safe
@operator_required
def request_detail(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request; while it is being set up the page brings itself up to date."""
    asked = _request_or_404(request_id)
    municipality = Municipality.objects.filter(pk=asked.local_government_id).first()
    return render(
        request,
        "tenants/operator/request.html",
        {
            "asked": asked,
            "site_url": municipality_url(municipality) if municipality else "",
            "municipality_code": municipality.code if municipality else "",
            "notes": notes_on(asked),
            "in_progress": asked.status == RequestStatus.APPROVED,
            "undecided": asked.status == RequestStatus.SUBMITTED,
        },
    )


@require_POST
@operator_required
def approve(request: HttpRequest, request_id: int) -> HttpResponse:
    """Approve; the municipality is set up in the background."""
    try:
        approve_request(request_id, request.user)
    except ParticipationRequest.DoesNotExist:
        raise Http404 from None
    except Refused:
        messages.error(request, _("This request has been declined, so it cannot be approved."))
    return redirect("tenants_operator:request", request_id)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def decline(request: HttpRequest, request_id: int) -> HttpResponse:
    """Ask for the reason, then decline."""
    asked = _request_or_404(request_id)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decline_request(request_id, request.user, form.cleaned_data["reason"])
        except Refused:
            messages.error(request, _("This request has been approved, so it cannot be declined."))
        return redirect("tenants_operator:request", request_id)
    return render(request, "tenants/operator/decline.html", {"form": form, "asked": asked})


@require_POST
@operator_required
def retry(request: HttpRequest, request_id: int) -> HttpResponse:
    try:
        retry_request(request_id)
    except ParticipationRequest.DoesNotExist:
        raise Http404 from None
    return redirect("tenants_operator:request", request_id)


def _request_or_404(request_id: int) -> ParticipationRequest:
    found = (
        requests_with_status().select_related("terms", "decided_by").filter(pk=request_id).first()
    )
    if found is None:
        raise Http404
    return found
