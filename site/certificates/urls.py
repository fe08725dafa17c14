"""Addresses on the portal."""

from django.urls import path, re_path

from certificates.views import resident, verify

app_name = "certificates"
urlpatterns = [
    path("my/certificates/", resident.certificates, name="list"),
    path(
        "my/certificates/registration/<str:code>/",
        resident.registration_certificate,
        name="registration",
    ),
    path("my/certificates/<str:code>/<str:layout>.pdf", resident.download, name="download"),
    re_path(r"^[vV]/(?P<code>[A-Za-z0-9]{1,40})/?$", verify.verify, name="verify"),
]
