from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """Partner organisations and their standing in municipalities."""

    name = "organisations"
    verbose_name = _("Organisations")
