"""Sessions stand in one table for all hosts; only the reception reads and writes it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts.models import OpenSession
from tenants.actors import at_reception


class SessionStore(DatabaseStore):
    """Django's; whoever acts when a session is read or kept may not read the others'."""

    def _get_session_from_db(self) -> Any:
        with at_reception():
            return super()._get_session_from_db()  # type: ignore[misc]

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
