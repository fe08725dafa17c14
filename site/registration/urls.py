"""Addresses on the portal."""

app_name = "registration"
urlpatterns: list = []
