from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    """What residents can join: activities and their sessions."""

    name = "activities"
    verbose_name = _("Activities")

    def ready(self) -> None:
        from activities import receivers  # noqa: F401 - connects the signals
