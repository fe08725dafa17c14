"""The staff screen's place in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from tenants.operations import staff_sessions
from tenants.staff.permissions import may_choose_staff
from tenants.staff.views import members, networks

# Wagtail's menu entries for accounts and groups of its own; their addresses answer 404.
_CLOSED = {"users", "groups"}


class StaffMenuItem(MenuItem):
    """Shown to administrators: who may enter, and from where."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_choose_staff(request.user)


@hooks.register("register_admin_menu_item")
def staff_menu_item() -> MenuItem:
    return StaffMenuItem(
        _("Staff"), reverse("staff_members"), name="staff", icon_name="group", order=9000
    )


@hooks.register("register_admin_menu_item")
def networks_menu_item() -> MenuItem:
    return StaffMenuItem(
        _("Networks"), reverse("staff_networks"), name="networks", icon_name="globe", order=9010
    )


@hooks.register("construct_settings_menu")
def hide_accounts(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in _CLOSED]


@hooks.register("register_admin_urls")
def staff_urls() -> list[URLPattern]:
    return [
        path("staff/", members.staff, name="staff_members"),
        path("staff/networks/", networks.networks, name="staff_networks"),
        path("staff/networks/<int:range_id>/remove/", networks.remove, name="staff_network_remove"),
        path("staff/members/<int:membership_id>/remove/", members.remove, name="staff_remove"),
        path("staff/members/<int:membership_id>/reset/", members.reset, name="staff_reset"),
        path(
            "staff/invitations/<int:invitation_id>/withdraw/",
            members.withdraw,
            name="staff_withdraw",
        ),
    ]


@hooks.register("register_account_menu_item")
def second_factor_item(request: HttpRequest) -> dict[str, Any]:
    """Beside one's own name and password: one's own second factors."""
    return {
        "url": reverse("second_factor:list"),
        "label": _("Two-step sign-in"),
        "help_text": _("The devices you confirm your sign-in with."),
    }


@hooks.register("insert_global_admin_js")
def still_here() -> str:
    """Typing counts as activity, and before a session ends there is a warning."""
    return render_to_string(
        "staff/still_here.html", {"idle_minutes": staff_sessions.limits().idle / 60}
    )
