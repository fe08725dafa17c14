from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """What people agreed to, what is held about them, who looked at it."""

    name = "privacy"
    verbose_name = _("Personal data")

    def ready(self) -> None:
        from privacy import receivers  # noqa: F401 - connects the receivers
