"""Certificates and posters in the municipality's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from certificates.views import staff


class CertificatesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("certificates.view_certificate")


@hooks.register("register_admin_menu_item")
def certificates_menu_item() -> MenuItem:
    return CertificatesMenuItem(
        _("Certificates"),
        reverse("certificates_list"),
        name="certificates",
        icon_name="doc-full",
        order=700,
    )


@hooks.register("register_admin_urls")
def certificates_urls() -> list[URLPattern]:
    return [
        path("certificates/", staff.certificate_list, name="certificates_list"),
        path("counter/<int:pk>/sheet/", staff.counter_sheet, name="certificates_counter_sheet"),
        path("certificates/<int:pk>/revoke/", staff.revoke_certificate, name="certificates_revoke"),
        path(
            "sessions/<uuid:session_uuid>/poster/",
            staff.session_poster,
            name="certificates_poster",
        ),
    ]
