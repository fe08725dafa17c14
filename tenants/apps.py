from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Who our municipalities are: requests, provisioning, hosts, isolation, staff roles."""

    name = "tenants"
    verbose_name = _("Municipalities")

    def ready(self) -> None:
        from tenants import checks  # noqa: F401 - registers the system checks
