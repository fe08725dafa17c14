"""A municipality's public site. There is no admin here: `/admin/` is an unknown page."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail.documents import urls as wagtaildocs_urls

from pages import urls as pages_urls

urlpatterns = [
    path("documents/", include(wagtaildocs_urls)),
    path("", include(pages_urls)),
    *i18n_patterns(
        path("", include("accounts.urls_municipality")),
        path("", include("activities.urls_municipality")),
        path("", include("attendance.urls_municipality")),
        path("", include("community.urls_municipality")),
        path("", include("pages.urls_municipality")),
        prefix_default_language=False,
    ),
]
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
handler403 = "config.errors.forbidden"
handler400 = "config.errors.bad_request"
