"""The admin as a municipal editor meets it: only what serves here, nothing that leads away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from pages.forms import take_pictures_only
from pages.views import exports, scripts
from pages.views.labels import set_labels

hooks.register("insert_global_admin_js", scripts.script)

# Here and not in `ready`: commands and the portal need not import Wagtail's screens.
set_labels()
scripts.begin_without_inline_scripts()
exports.write_safe_cells()
take_pictures_only()

# Help leads to Wagtail's own sites, and one site per municipality is provisioning's business.
_HIDDEN_MAIN = {"help"}
_HIDDEN_SETTINGS = {"sites", "workflows", "workflow-tasks", "locales"}
_HIDDEN_REPORTS = {"page-types-usage", "locked-pages"}


@hooks.register("construct_main_menu")
def trim_main_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out what leads to foreign sites."""
    items[:] = [item for item in items if item.name not in _HIDDEN_MAIN]


@hooks.register("construct_settings_menu")
def trim_settings_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out what a municipality has nothing to choose in."""
    items[:] = [item for item in items if item.name not in _HIDDEN_SETTINGS]


@hooks.register("construct_reports_menu")
def trim_reports_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out reports on parts that are not used."""
    items[:] = [item for item in items if item.name not in _HIDDEN_REPORTS]


class LanguagesMenuItem(MenuItem):
    """wagtail-localize shows its own only to those who may edit sites; nobody may here."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("wagtailcore.change_locale")


@hooks.register("register_settings_menu_item")
def languages_menu_item() -> MenuItem:
    """The languages of the municipality's pages."""
    return LanguagesMenuItem(
        _("Languages"),
        reverse("wagtaillocales:index"),
        name="page-languages",
        icon_name="globe",
        order=600,
    )


@hooks.register("construct_homepage_panels")
def trim_home(request: HttpRequest, panels: list[Any]) -> None:
    """Leave out the panels that announce versions of the CMS."""
    panels[:] = [
        panel
        for panel in panels
        if getattr(panel, "name", "") not in {"upgrade_notification", "whats_new"}
    ]
