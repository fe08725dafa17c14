"""The counter's place in the municipality's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from registration.views import counter


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
