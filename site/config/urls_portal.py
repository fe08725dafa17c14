"""The portal: the national site, the only place where residents sign in."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    *i18n_patterns(
        path("account/", include("allauth.account.urls")),
        path("", include("accounts.urls")),
        path("", include("identity.urls")),
        path("", include("tenants.urls")),
        path("", include("attendance.urls")),
        path("", include("registration.urls")),
        path("", include("certificates.urls")),
        path("", include("portal.urls")),
        prefix_default_language=False,
    ),
]
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
handler403 = "config.errors.forbidden"
handler400 = "config.errors.bad_request"
