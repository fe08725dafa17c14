"""The operator's host: participation requests and what is national."""

from django.urls import include, path

urlpatterns = [
    path("", include("tenants.urls_operator")),
    path("", include("tenants.staff.urls_second_factor")),
    path("", include("accounts.urls_operator")),
    path("", include("privacy.urls_operator")),
    path("", include("registration.urls_operator")),
]
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
handler403 = "config.errors.forbidden"
handler400 = "config.errors.bad_request"
