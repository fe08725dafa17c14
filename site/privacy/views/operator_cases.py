"""Requests about what the platform itself holds, on the operator's host."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from privacy.views import office
from privacy.views.office import Office
from tenants.views.operator import operator_required

_PLATFORM = Office(
    municipality=None,
    names="privacy_operator:",
    base="privacy/office/operator_base.html",
    form="themes/form.html",
)


def _at_operator(view: Any) -> Any:
    @require_http_methods(["GET", "HEAD", "POST"])
    @operator_required
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, _PLATFORM, *args, **kwargs)

    return shown


cases = _at_operator(office.case_list)
case = _at_operator(office.case_detail)
new = _at_operator(office.case_new)
step = _at_operator(office.case_step)
