"""Background work of this app."""

from __future__ import annotations

from celery import shared_task

from tenants.actors import worker


@shared_task(name="accounts.tasks.forget_old", acts_as=worker())
def forget_old() -> None:
    """Delete what was kept long enough: events, counts, sessions that are over. By the clock."""
    # operations import this module's neighbours
    from accounts.operations.attempts import forget_old_attempts
    from accounts.operations.open_sessions import forget_old_sessions
    from accounts.operations.security_events import forget_old_events

    forget_old_events()
    forget_old_attempts()
    forget_old_sessions()
