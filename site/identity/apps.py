from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """Who a resident really is: verification by card, and guardians' consent."""

    name = "identity"
    verbose_name = _("Identity")

    def ready(self) -> None:
        from identity import receivers  # noqa: F401 - plugs into accounts
