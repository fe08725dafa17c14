"""Pages of the municipality; the last of its public addresses, as it takes them all."""

from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.views import authenticate_with_password

from pages.views import serve

urlpatterns = [
    # What a page with a password needs, before the pages, which would take this address too.
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        authenticate_with_password,
    ),
    re_path(wagtail_urls.serve_pattern, serve, name="wagtail_serve"),
    re_path("", include(wagtail_urls)),  # for the names; the pages take these addresses
]
