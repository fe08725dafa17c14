from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """Who a resident really is: verification by card, and guardians' consent."""

    name = "identity"
    verbose_name = _("Identity")

    def ready(self) -> None:
        from accounts.registry import add_to_profile
        from identity import checks, receivers  # noqa: F401 - checks and signals
        from identity.views.particulars import profile_part

        add_to_profile(profile_part)
