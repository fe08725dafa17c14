from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """Partner organisations, their people and their standing in municipalities."""

    name = "organisations"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        from organisations import receivers  # noqa: F401 - connects the parts
