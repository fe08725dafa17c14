"""Forgetting whoever closed their account: what names them goes from every table.

Done by the caretaker. One closing is one transaction: all of it, or, where the worker is killed
or a table refuses, nothing, and it is done again.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from accounts.models import Resident
from common import clock
from privacy.models import AccountClosing
from privacy.operations.closing import close_account, in_backups_until
from privacy.queries import holdings, person_of, places_of
from privacy.registry import closing_parts
from tenants.actors import standing_in
from tenants.context import municipality_context, public_context
from tenants.postgresql.connection import connection

logger = logging.getLogger(__name__)
# Longer than any request lives.
ONCE_MORE_AFTER = timedelta(minutes=10)
FIRST_DELAY, MAX_DELAY = timedelta(minutes=1), timedelta(hours=6)


def erase_next() -> AccountClosing | None:
    """Erase what is held of one person who closed the account; None when nobody is due.

    Everybody's turn comes twice: at once, and when all that was under way has ended. Whom nobody
    failed with comes first. A failure is kept and tried again, later each time.
    """
    with public_context(), transaction.atomic():
        closing = (
            AccountClosing.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(_due())
            .filter(Q(retry_at=None) | Q(retry_at__lte=clock.now()))
            .order_by("attempts", "closed_at")
            .first()
        )
        if closing is None:
            return None
        try:
            with transaction.atomic():
                _erase(closing)
        except Exception as error:
            connection.set_schema_to_public()
            _keep_failure(closing, error)
        else:
            closing.erased_at, closing.backups_until = clock.now(), in_backups_until()
            closing.attempts, closing.retry_at, closing.error = 0, None, ""
        closing.save()
        return closing


def _due() -> Q:
    """Not erased yet; or erased so soon that a request which was under way may have written
    since. Foreign keys are checked at its end, so no lock would make it wait."""
    settled = Q(erased_at__lt=F("closed_at") + ONCE_MORE_AFTER)
    return Q(erased_at=None) | (settled & Q(closed_at__lte=clock.now() - ONCE_MORE_AFTER))


def erase_all_again() -> int:
    """Have everything erased once more: rows have come back from a copy. Returns of how many.

    Erasing what is erased changes nothing, so nobody has to know whose rows came back.
    """
    return AccountClosing.objects.update(erased_at=None, retry_at=None)


def close_known(residents: Iterable[UUID]) -> int:
    """Close the accounts of those who had done so after the copy that was restored was made.

    Nobody is written to; ids that the copy does not know are left out. Returns of how many.
    """
    open_ones = Resident.objects.filter(
        pk__in=list(residents), closing=None, merged_into=None
    ).select_related("user")
    found = list(open_ones)
    for resident in found:
        close_account(resident, again=True)
    return len(found)


def _erase(closing: AccountClosing) -> None:
    resident = (
        Resident.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .get(pk=closing.resident_id)
    )
    with standing_in(resident.user_id, resident.pk):
        for part in closing_parts():
            part(resident)
    person = person_of(resident)
    erased = [holding for holding in holdings() if holding.erase]
    for place in places_of(person):
        with municipality_context(place):
            for holding in erased:
                if holding.municipal and holding.erase:
                    holding.erase(person)
    for holding in erased:
        if not holding.municipal and holding.erase:
            holding.erase(person)


def _keep_failure(closing: AccountClosing, error: Exception) -> None:
    # Without its words: PostgreSQL quotes the row that it refuses.
    kind = type(error).__name__
    trace = "".join(traceback.format_tb(error.__traceback__))
    logger.error("erasing what was held of %s failed: %s\n%s", closing.pk, kind, trace)
    closing.attempts += 1
    closing.error = kind[:80]
    delay = min(FIRST_DELAY * 2 ** min(closing.attempts - 1, 10), MAX_DELAY)
    closing.retry_at = clock.now() + delay
