from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """One person, one account, nationwide."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from allauth.account.signals import email_changed

        from accounts.receivers import (
            begin_session,
            end_sessions_elsewhere,
            end_sessions_of_the_old_address,
            tell_of_new_email,
        )

        user_logged_in.connect(begin_session, dispatch_uid="accounts.begin_session")
        email_changed.connect(
            end_sessions_of_the_old_address,
            dispatch_uid="accounts.end_sessions_of_the_old_address",
        )
        # Every way of signing out sends this signal while the session can still be read.
        user_logged_out.connect(
            end_sessions_elsewhere, dispatch_uid="accounts.end_sessions_elsewhere"
        )
        email_changed.connect(tell_of_new_email, dispatch_uid="accounts.tell_of_new_email")
