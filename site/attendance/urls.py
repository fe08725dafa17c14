"""Addresses on the portal."""

app_name = "attendance"
urlpatterns: list = []
