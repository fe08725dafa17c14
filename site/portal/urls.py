"""Addresses on the portal."""

app_name = "portal"
urlpatterns: list = []
