"""Pages of the municipality; the last of its public addresses, as it takes them all."""

from django.urls import include, re_path
from wagtail import urls as wagtail_urls

from pages.views import serve

urlpatterns = [
    re_path(wagtail_urls.serve_pattern, serve, name="wagtail_serve"),
    re_path("", include(wagtail_urls)),  # what a page with a password needs
]
