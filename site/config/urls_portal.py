"""The portal: the national site, the only place where residents sign in."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from accounts.urls import account_urlpatterns

urlpatterns = [
    *i18n_patterns(
        # First: what a whole hall asks for at once is not compared with every other address.
        path("", include("attendance.urls")),
        path("account/", include(account_urlpatterns)),
        path("", include("accounts.urls")),
        path("", include("identity.urls")),
        path("", include("tenants.urls")),
        path("", include("organisations.urls")),
        path("", include("registration.urls")),
        path("", include("privacy.urls")),
        path("", include("certificates.urls")),
        path("", include("portal.urls")),
        prefix_default_language=False,
    ),
]
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
handler403 = "config.errors.forbidden"
handler400 = "config.errors.bad_request"
