from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThemesConfig(AppConfig):
    """One look per municipality on one design system."""

    name = "themes"
    verbose_name = _("Themes")

    def ready(self) -> None:
        from themes import receivers  # noqa: F401 - connects them
