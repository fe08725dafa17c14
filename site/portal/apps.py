from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The national site: search over municipalities, my page."""

    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from portal import receivers  # noqa: F401 - listens to what municipalities publish
