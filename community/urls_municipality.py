"""Addresses on a municipality's host."""

app_name = "community"
urlpatterns: list = []
