"""Requests about personal data in the municipality's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from privacy.permissions import HANDLE_CASES, may
from privacy.views import staff_cases


class CasesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, HANDLE_CASES)


@hooks.register("register_admin_menu_item")
def cases_menu_item() -> MenuItem:
    return CasesMenuItem(
        pgettext_lazy("menu", "Requests about personal data"),
        reverse("privacy_cases"),
        name="privacy-cases",
        icon_name="clipboard-list",
        order=620,
    )


@hooks.register("register_admin_urls")
def cases_urls() -> list[URLPattern]:
    return [
        path("cases/", staff_cases.cases, name="privacy_cases"),
        path("cases/new/", staff_cases.new, name="privacy_case_new"),
        path("cases/term/", staff_cases.term, name="privacy_case_term"),
        path("cases/<int:pk>/", staff_cases.case, name="privacy_case"),
        path("cases/<int:pk>/<slug:step>/", staff_cases.step, name="privacy_case_step"),
    ]
