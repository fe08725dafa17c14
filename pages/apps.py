from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """The municipality's pages."""

    name = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from pages import receivers  # noqa: F401 - connects the receivers
