"""Addresses on a municipality's host."""

app_name = "activities"
urlpatterns: list = []
