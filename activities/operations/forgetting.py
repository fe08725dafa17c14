"""Needs that are over, or that nobody answered: words, name and contact go after a time.

Done by the caretaker, by the clock, municipality by municipality. It asks the rows what is due
and not the day it last ran.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from activities.models import Need, Session
from activities.rules.needs import FORGET_AFTER_DAYS
from common import clock
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.postgresql.connection import connection

logger = logging.getLogger(__name__)
# What is left of one whose page may name somebody: the name, and what the page is called after.
_EMPTY = {"wanted": "", "place": "", "when_about": "", "contact_phone": "", "contact_email": ""}


def forget_needs() -> int:
    """Forget what is due everywhere; returns of how many needs. A municipality that fails is
    logged and keeps no other waiting."""
    number = 0
    for municipality in Municipality.objects.order_by("pk"):
        try:
            with municipality_context(municipality):
                number += forget_here()
        except Exception:
            connection.set_schema_to_public()
            logger.exception("forgetting needs of %s failed", municipality.code)
    return number


@transaction.atomic
def forget_here() -> int:
    """As `forget_needs`, in the active municipality: all of it or nothing.

    A need is deleted; an activity that came of it stays without a name, as after a deletion by
    hand. Where the name may stand on the page, the name stays and all else goes.
    """
    cutoff = clock.now() - timedelta(days=FORGET_AFTER_DAYS)
    later = Session.objects.filter(page=OuterRef("activity"), ends_at__gt=cutoff)
    due = (
        Need.objects.annotate(last_step=Coalesce("decided_at", "created_at"))
        .filter(~Exists(later), last_step__lte=cutoff)
        .select_for_update(of=("self",), skip_locked=True)
        .order_by()
    )
    rows = list(due)
    stays = [need for need in rows if need.credit and need.activity_id]
    goes = [need.pk for need in rows if need not in stays]
    full = [need.pk for need in stays if need.wanted]  # once emptied it stays due, and is as it is
    Need.objects.filter(pk__in=goes).delete()
    Need.objects.filter(pk__in=full).update(**_EMPTY)
    Need.objects.filter(pk__in=full, organisation__isnull=False).update(contact_name="")
    return len(goes) + len(full)
