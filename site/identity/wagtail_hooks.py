"""Cards and guardians' consents at the counter: their place in the municipality's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from identity.permissions import may_check_cards
from identity.views import counter, counter_consents


class CounterMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_check_cards(request.user)


@hooks.register("register_admin_menu_item")
def counter_menu_item() -> MenuItem:
    return CounterMenuItem(
        _("Identity at the counter"),
        reverse("identity_counter"),
        name="identity",
        icon_name="user",
        order=690,
    )


@hooks.register("register_admin_urls")
def counter_urls() -> list[URLPattern]:
    return [
        path("identity/", counter.overview, name="identity_counter"),
        path("identity/look/<uuid:resident_id>/", counter.look, name="identity_look"),
        path("identity/checks/<int:pk>/", counter.second_look, name="identity_check"),
    ]


class ConsentsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("identity.add_guardianconsent")


@hooks.register("register_admin_menu_item")
def consents_menu_item() -> MenuItem:
    return ConsentsMenuItem(
        _("Guardians' consents"),
        reverse("identity_guardians"),
        name="guardians",
        icon_name="group",
        order=710,
    )


@hooks.register("register_admin_urls")
def consents_urls() -> list[URLPattern]:
    return [
        path("guardians/", counter_consents.find, name="identity_guardians"),
        path(
            "guardians/<uuid:resident_id>/",
            counter_consents.child_view,
            name="identity_guardians_child",
        ),
        path(
            "guardians/<uuid:resident_id>/withdraw/",
            counter_consents.withdraw,
            name="identity_guardians_withdraw",
        ),
    ]
