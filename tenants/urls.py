"""Addresses on the portal."""

from django.urls import path

from tenants.views import participation

app_name = "tenants"
urlpatterns = [
    path("participate/", participation.participation_request, name="participation_request"),
    path(
        "participate/received/", participation.participation_received, name="participation_received"
    ),
    path("participate/terms/", participation.participation_terms, name="terms"),
]
