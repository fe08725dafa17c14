"""A municipality's admin host: Wagtail, for its staff."""

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views.staff_passwords import StaffPasswordResetView
from pages import urls as pages_urls

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="wagtailadmin_home")),
    path("", include("tenants.staff.urls")),
    path("", include("tenants.staff.urls_second_factor")),
    path(
        "admin/password_reset/",
        StaffPasswordResetView.as_view(),
        name="wagtailadmin_password_reset",
    ),
    # Wagtail's own says that it is done and links to LOGIN_URL, which only the portal has.
    path("admin/password_reset/complete/", RedirectView.as_view(pattern_name="wagtailadmin_login")),
    # Where WAGTAIL_FRONTEND_LOGIN_URL sends whoever may not read a document.
    path(
        "enter/",
        RedirectView.as_view(pattern_name="wagtailadmin_login", query_string=True),
        name="wagtailcore_login",
    ),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include(pages_urls)),
]
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
handler403 = "config.errors.forbidden"
handler400 = "config.errors.bad_request"
