"""Addresses on the portal."""

app_name = "accounts"
urlpatterns: list = []
