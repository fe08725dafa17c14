"""Background work of this app: the caretaker's, whose login owns the database."""

from __future__ import annotations

import logging

from celery import shared_task

from tenants.actors import OWNER

logger = logging.getLogger(__name__)


@shared_task(name="tenants.tasks.provision_approved", acts_as=OWNER)
def provision_approved() -> None:
    """Set up every approved request. Also runs by the clock: a lost message loses nothing."""
    from tenants.operations.provision import provision_next  # operations import this module

    while provision_next():
        pass


@shared_task(name="tenants.tasks.publish_due", acts_as=OWNER)
def publish_due() -> None:
    """Publish the municipalities whose time has come. Runs by the clock."""
    from tenants.operations import life  # operations import this module

    life.publish_due()


def wake() -> None:
    """Ask a worker to start now; without a broker the clock does it a little later."""
    try:
        provision_approved.apply_async(retry=False)
    except Exception:
        logger.warning("no broker: provisioning waits for the clock", exc_info=True)
