"""Addresses on the operator's host."""

app_name = "tenants_operator"
urlpatterns: list = []
