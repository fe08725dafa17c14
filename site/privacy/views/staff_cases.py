"""Requests about personal data in the municipality's admin."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from privacy.permissions import HANDLE_CASES, holders_of
from privacy.views import office
from privacy.views.office import Office


def _in_admin(view: Any) -> Any:
    """The view for whoever handles requests here, in Wagtail's frame."""

    @never_cache
    @permission_required(HANDLE_CASES, raise_exception=True)
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here = Office(
            municipality=request.municipality,  # type: ignore[attr-defined]
            names="privacy_",
            base="privacy/office/admin_base.html",
            form="privacy/office/admin_form.html",
            colleagues=lambda: holders_of(HANDLE_CASES),
        )
        return view(request, here, *args, **kwargs)

    return shown


cases = _in_admin(office.case_list)
case = _in_admin(office.case_detail)
new = _in_admin(office.case_new)
step = _in_admin(office.case_step)
term = _in_admin(office.case_term)
