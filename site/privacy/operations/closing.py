"""Closing an account, at its owner's wish.

What runs ends at once, in one transaction. What is held is erased right afterwards by the
caretaker (`privacy.operations.erasing`), who alone may change what staff and records hold.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Resident, User
from accounts.operations.closing import end_account, profile_to_close
from accounts.operations.locking import lock_accounts
from common import clock
from common.refusal import Refused
from notifications.operations import withdraw
from privacy import tasks
from privacy.models import AccountClosing
from privacy.queries import person_of, workplaces
from privacy.registry import closing_parts
from tenants.actors import standing_in
from tenants.context import public_context
from tenants.hosts import portal_url


@transaction.atomic
def close_account_of(user: User) -> AccountClosing:
    """As `close_account`; of an account without a profile, too."""
    return close_account(profile_to_close(user))


@transaction.atomic
def close_account(resident: Resident, *, again: bool = False) -> AccountClosing:
    """End everything that runs for `resident`, and the account; have the rest erased.

    Safe to repeat. `again`: the person closed it before and the database has forgotten that, so
    nobody is asked or written to. Raises `Refused`: `is_staff` (places: names of the municipalities
    they work for; platform: whether for the operator), `account_closed` where it has become part
    of another.
    """
    with public_context(), standing_in(resident.user_id, resident.pk):
        (resident,) = lock_accounts(resident)
        if resident.merged_into_id:
            raise Refused("account_closed")
        if closing := AccountClosing.objects.filter(pk=resident.pk).first():
            return closing
        until = in_backups_until()
        if not again:
            _refuse_staff()
            withdraw(person_of(resident).emails)
            _say_goodbye(resident, until)
        for part in closing_parts():
            part(resident)
        end_account(resident)
        closing = AccountClosing.objects.create(
            resident=resident, closed_at=clock.now(), backups_until=until
        )
    transaction.on_commit(tasks.wake)
    return closing


def in_backups_until() -> date:
    """The last day on which a backup may hold what is erased today."""
    return clock.today() + timedelta(days=settings.BACKUP_DAYS)


def _refuse_staff() -> None:
    places, for_platform = workplaces()
    if places or for_platform:
        names = [place.full_name for place in places]
        raise Refused("is_staff", places=names, platform=for_platform)


def _say_goodbye(resident: Resident, until: date) -> None:
    """Written first: afterwards there is no address any more."""
    if not resident.user.email:
        return
    with translation.override(resident.language):
        EmailMessage(
            subject=translation.gettext("Your account is closed"),
            body=render_to_string(
                "privacy/mail/closed.txt",
                {"resident": resident, "until": until, "portal_url": portal_url("/")},
            ),
            to=[resident.user.email],
        ).send()
