"""Addresses on the portal."""

app_name = "certificates"
urlpatterns: list = []
