"""Background work of this app."""

from __future__ import annotations

import logging

from celery import shared_task

from tenants.actors import worker

logger = logging.getLogger(__name__)


@shared_task(name="notifications.tasks.deliver", acts_as=worker())
def deliver() -> int:
    """Deliver everything that is due; returns how many. Also runs by the clock."""
    from notifications.operations import deliver_next  # operations import this module

    delivered = 0
    while deliver_next():
        delivered += 1
    return delivered


def wake() -> None:
    """Ask a worker to start now; without a broker the clock does it a little later."""
    try:
        # No retry: a visitor's request must not wait for a broker that is down.
        deliver.apply_async(retry=False)
    except Exception:
        logger.warning("no broker: the outbox waits for the clock", exc_info=True)
