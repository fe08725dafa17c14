from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """Who works for whom: memberships in one municipality, kept in its own schema."""

    name = "tenants.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from tenants.staff import receivers  # noqa: F401 - connects the signals
