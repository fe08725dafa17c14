"""Who is behind a session."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.enums import SignInWay
from accounts.models import User
from accounts.views.attempts import count_sign_in, refused_sign_in
from tenants.postgresql.compiled import CompiledQuery

_WITH_RESIDENT = CompiledQuery(
    lambda pk: User.objects.select_related("resident__residence__prefecture").filter(pk=pk)[:1], 0
)


class AccountBackend(AuthenticationBackend):
    """allauth's sign-in; account and resident of every further request are one query.

    An account without a profile costs the same: that there is no resident is known then too.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:  # type: ignore[override]
        """As allauth. The pages of staff and operators say `username`, and are counted here; the
        portal's are by its adapter. Raises `TooManyAttempts`, `CannotCount`."""
        name = credentials.get("username")
        if request is None or not name:
            return super().authenticate(request, **credentials)  # type: ignore[return-value]
        attempt = count_sign_in(request, name)
        user = super().authenticate(request, **credentials)
        if user is None:
            refused_sign_in(request, name, SignInWay.PASSWORD)
        else:
            attempt.give_back()
        return user  # type: ignore[return-value]

    def get_user(self, user_id: Any) -> User | None:
        user = _WITH_RESIDENT.first(int(user_id))
        return user if user and self.user_can_authenticate(user) else None

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        """One account looked for by the address it has; of a changed address the new one."""
        return self._check_password(User.objects.with_email(email), password)  # type: ignore[return-value]
