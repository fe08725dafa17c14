"""Background work of this app."""

from __future__ import annotations

from celery import shared_task

from tenants.actors import worker


@shared_task(name="identity.tasks.tidy", acts_as=worker())
def tidy() -> None:
    """What is over goes: attempts, proofs that wait, checks that nobody confirmed."""
    from identity.operations.tidy import tidy_up  # operations import this module

    tidy_up()
