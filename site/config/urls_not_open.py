"""A municipality's public site while it is not published: one page, at every address."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import re_path

from tenants.views.not_open import not_open

urlpatterns = [*i18n_patterns(re_path(r"^.*$", not_open), prefix_default_language=False)]
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
handler403 = "config.errors.forbidden"
handler400 = "config.errors.bad_request"
