"""Addresses on the portal."""

app_name = "tenants"
urlpatterns: list = []
