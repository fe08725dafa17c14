"""Addresses on a municipality's host."""

app_name = "attendance"
urlpatterns: list = []
