from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """One person, one account, nationwide."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts.receivers import end_sessions_elsewhere

        # Every way of signing out sends this signal while the session can still be read.
        user_logged_out.connect(
            end_sessions_elsewhere, dispatch_uid="accounts.end_sessions_elsewhere"
        )
