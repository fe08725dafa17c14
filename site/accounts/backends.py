"""Who is behind a session."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class AccountBackend(AuthenticationBackend):
    """allauth's sign-in; account and resident of every further request are one query.

    An account without a profile costs the same: that there is no resident is known then too.
    """

    def get_user(self, user_id: Any) -> User | None:
        user = (
            User.objects.select_related("resident__residence__prefecture")
            .filter(pk=user_id)
            .first()
        )
        return user if user and self.user_can_authenticate(user) else None

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        """One account looked for by the address it has; of a changed address the new one."""
        return self._check_password(User.objects.with_email(email), password)  # type: ignore[return-value]
