"""Addresses on a municipality's host."""

app_name = "accounts"
urlpatterns: list = []
