"""The 18th birthday (R11): the consent is over by itself; who is of age now is asked themselves.

That it is over is computed wherever it matters (`rules.minors.Standing`), from the first second of
the birthday. What happens here, once a day, is what somebody has to be told; and the row is closed,
so that the database too shows the guardian nothing any more.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import transaction

from accounts.models import Resident
from common import clock
from identity.enums import ConsentEnd
from identity.models import ComingOfAge, GuardianConsent
from identity.operations.letters import tell
from identity.queries import in_the_name_of, standing_of
from tenants.hosts import portal_url

logger = logging.getLogger(__name__)


def close_consents_of_adults() -> int:
    """Close every consent whose child is of age; returns how many. Run by the worker.

    Safe to repeat, also at once: each is a transaction, and decided under a lock. One that fails
    does not hold up the others; it is tried again the next day.
    """
    open_ones = GuardianConsent.objects.filter(end_reason="").order_by("pk")
    closed = 0
    for pk, resident_id in list(open_ones.values_list("pk", "resident_id")):
        try:
            closed += _look_at(pk, resident_id)
        except Exception:
            logger.exception("consent %s could not be closed", pk)
    return closed


def _look_at(pk: int, resident_id: UUID) -> int:
    with in_the_name_of(resident_id) as child:
        if standing_of(child).is_minor:
            return 0
    return _close(pk, child)


@transaction.atomic
def _close(pk: int, child: Resident) -> int:
    consent = (
        GuardianConsent.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=pk, end_reason="")
        .first()
    )
    if consent is None:
        return 0
    # Without the day: it would be the date of birth.
    consent.end_reason = ConsentEnd.CAME_OF_AGE
    consent.save(update_fields=["end_reason"])
    _asked, is_new = ComingOfAge.objects.get_or_create(resident=child)
    if is_new:
        url = portal_url("/my/guardian/")
        tell(child.user.email, child.language, "of_age", child=child.name, url=url)
    if consent.guardian_id:
        with in_the_name_of(consent.guardian_id) as guardian:
            tell(guardian.user.email, guardian.language, "of_age_guardian", child=child.name)
    return 1


@transaction.atomic
def confirm(resident: Resident) -> None:
    """The young adult goes on by themselves; confirmed twice, the first time stays."""
    ComingOfAge.objects.filter(resident=resident, confirmed_at=None).update(
        confirmed_at=clock.now()
    )
