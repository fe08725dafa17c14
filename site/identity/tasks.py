"""Background work of this app."""

from __future__ import annotations

from celery import shared_task

from tenants.actors import worker


@shared_task(name="identity.tasks.close_consents_of_adults", acts_as=worker())
def close_consents_of_adults() -> None:
    """Tell who has come of age. Runs by the clock, once a day."""
    from identity.operations import coming_of_age

    coming_of_age.close_consents_of_adults()


@shared_task(name="identity.tasks.tidy", acts_as=worker())
def tidy() -> None:
    """What is over goes: attempts, proofs that wait, checks that nobody confirmed."""
    from identity.operations.tidy import tidy_up  # operations import this module

    tidy_up()


@shared_task(name="identity.tasks.expire_invitations", acts_as=worker())
def expire_invitations() -> None:
    """Forget the addresses of guardians who did not answer. Runs by the clock, once an hour."""
    from identity.operations import guardians

    guardians.expire_invitations()
