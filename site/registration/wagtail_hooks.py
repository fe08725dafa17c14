"""Registrants and the counter in the municipality's admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from privacy.permissions import APPROVE, may
from registration.models import PremiumApplication
from registration.permissions import DECIDE, VIEW
from registration.views import (
    counter,
    staff_conditions,
    staff_exports,
    staff_letters,
    staff_premium,
    staff_registrants,
    staff_relation,
    staff_stays,
)


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
        path("registrants/relation/", staff_relation.relation, name="registration_relation"),
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


class ApplicationsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, DECIDE)


@hooks.register("register_admin_menu_item")
def applications_menu_item() -> MenuItem:
    # Without the name of the registration, which changes and would be read for every page.
    return ApplicationsMenuItem(
        pgettext_lazy("menu", "Applications for registration"),
        reverse("registration_premium"),
        name="premium",
        icon_name="tasks",
        order=612,
    )


class WaitingPanel(Component):
    """How many applications wait, on the start page of whoever decides."""

    order = 150
    template_name = "registration/admin/home_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        place = parent_context["request"].municipality
        return {"waiting": PremiumApplication.objects.at(place).waiting().count()}


@hooks.register("construct_homepage_panels")
def add_waiting_panel(request: HttpRequest, panels: list[Any]) -> None:
    if may(request.user, DECIDE):
        panels.append(WaitingPanel())


@hooks.register("register_admin_urls")
def premium_urls() -> list[URLPattern]:
    one = "premium/<int:pk>/"
    return [
        path("premium/", staff_premium.queue, name="registration_premium"),
        path("premium/many/", staff_premium.many, name="registration_premium_many"),
        path("premium/conditions/", staff_conditions.conditions, name="registration_conditions"),
        path("premium/stays/", staff_stays.stays, name="registration_stays"),
        path("premium/stays/<int:pk>/", staff_stays.stay, name="registration_stay"),
        path(one, staff_premium.application, name="registration_premium_application"),
        path(f"{one}approve/", staff_premium.approve, name="registration_premium_approve"),
        path(f"{one}ask/", staff_premium.ask, name="registration_premium_ask"),
        path(f"{one}refuse/", staff_premium.refuse, name="registration_premium_refuse"),
        path(f"{one}letter/", staff_letters.letter, name="registration_premium_letter"),
        path(
            f"{one}documents/<int:document_pk>/",
            staff_premium.document,
            name="registration_premium_document",
        ),
        path(
            "registrants/<int:pk>/premium/",
            staff_letters.on_behalf,
            name="registration_premium_on_behalf",
        ),
    ]
