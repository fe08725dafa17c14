"""Registrants and the counter in the municipality's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from privacy.permissions import APPROVE, may
from registration.permissions import VIEW
from registration.views import counter, staff_exports, staff_registrants


class RegistrantsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, VIEW) or may(request.user, APPROVE)


@hooks.register("register_admin_menu_item")
def registrants_menu_item() -> MenuItem:
    return RegistrantsMenuItem(
        _("Registrants"),
        reverse("registration_registrants"),
        name="registrants",
        icon_name="group",
        order=610,
    )


@hooks.register("register_admin_urls")
def registrants_urls() -> list[URLPattern]:
    exports = "registrants/exports/"
    return [
        path("registrants/", staff_registrants.registrant_list, name="registration_registrants"),
        path("registrants/<int:pk>/", staff_registrants.registrant, name="registration_registrant"),
        path("registrants/records/", staff_registrants.records, name="registration_records"),
        path("registrants/export/", staff_exports.export_form, name="registration_export_form"),
        path(exports, staff_exports.export_list, name="registration_exports"),
        path(f"{exports}<int:pk>/", staff_exports.export_detail, name="registration_export"),
        path(
            f"{exports}<int:pk>/approve/", staff_exports.approve, name="registration_export_approve"
        ),
        path(f"{exports}<int:pk>/refuse/", staff_exports.refuse, name="registration_export_refuse"),
        path(f"{exports}<int:pk>/file/", staff_exports.fetch, name="registration_export_file"),
    ]


class CounterMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(counter.SEE)


@hooks.register("register_admin_menu_item")
def counter_menu_item() -> MenuItem:
    return CounterMenuItem(
        _("Counter"),
        reverse("registration_counter"),
        name="counter",
        icon_name="form",
        order=650,
    )


@hooks.register("register_admin_urls")
def counter_urls() -> list[URLPattern]:
    return [
        path("counter/", counter.entries, name="registration_counter"),
        path("counter/enter/", counter.enter, name="registration_counter_enter"),
        path("counter/<int:pk>/", counter.entry, name="registration_counter_entry"),
        path("counter/<int:pk>/code/", counter.new_code, name="registration_counter_code"),
    ]
