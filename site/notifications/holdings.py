"""What waits to be sent to a person."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from common.holdings import Field, Holding, Person
from notifications.models import OutboxMessage
from tenants.actors import putting_off


def _waiting(person: Person) -> QuerySet[OutboxMessage]:
    """Mails to the person's addresses. Of those that are delivered no word is left."""
    to_them = (Q(payload__to__contains=[address]) for address in person.emails)
    return OutboxMessage.objects.filter(reduce(or_, to_them, Q(pk=None)), delivered_at=None)


def _mails(person: Person) -> list[OutboxMessage]:
    # Nobody but the worker may look: the outbox holds everybody's.
    with putting_off():
        return list(_waiting(person))


def _delete_mails(person: Person) -> None:
    """All but what is written from the moment on at which the account closes: the last word."""
    closed_at = (
        Resident.objects.filter(pk=person.resident).values_list("closed_at", flat=True).first()
    )
    mails = _waiting(person)
    (mails.filter(created_at__lt=closed_at) if closed_at else mails).delete()


HOLDINGS = [
    Holding(
        table="notifications_outboxmessage",
        title=_("Mails on their way to you"),
        why=_("To send them. What a mail says is forgotten once it is delivered."),
        rows=_mails,
        fields=(
            Field("subject", _("subject"), lambda row: row.payload.get("subject", "")),
            "created_at", "due_at",
        ),
        erase=_delete_mails,
    ),
]  # fmt: skip
