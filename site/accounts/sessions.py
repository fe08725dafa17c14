"""Sessions stand in one table for all hosts; only the reception reads and writes it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import OpenSession
from common.compiled import CompiledQuery
from common.my_number import mask_my_numbers
from tenants.actors import at_reception

# Where allauth keeps a form as it was sent, unread, while it asks again who somebody is.
_AS_TYPED = "account_reauthentication_state"


_LIVING = CompiledQuery(
    lambda key, now: Session.objects.filter(session_key=key).filter(expire_date__gt=now),
    "",
    timezone.now(),
)


class SessionStore(DatabaseStore):
    """Django's; whoever acts when a session is read or kept may not read the others'."""

    def _get_session_from_db(self) -> Any:
        with at_reception():
            found = _LIVING.first(self.session_key or "", timezone.now())
        if found is None:
            self._session_key = None  # as Django's: what is unknown gets a new one
        return found

    def encode(self, session_dict: dict[str, Any]) -> str:
        """What nobody has looked at yet is kept without individual numbers (R10)."""
        if _AS_TYPED in session_dict:
            masked = mask_my_numbers(json.dumps(session_dict[_AS_TYPED], ensure_ascii=False))
            session_dict = session_dict | {_AS_TYPED: json.loads(masked)}
        return super().encode(session_dict)

    def exists(self, session_key: str) -> bool:
        with at_reception():
            return super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        with at_reception():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        with at_reception():
            super().delete(session_key)
            if key:
                OpenSession.objects.filter(session_key=key).delete()
