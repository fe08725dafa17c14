"""What waits to be sent to a person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from common.holdings import Field, Holding, Person
from notifications.models import OutboxMessage
from notifications.operations import withdraw
from notifications.queries import waiting_for
from tenants.actors import putting_off


def _mails(person: Person) -> list[OutboxMessage]:
    # Nobody but the worker may look: the outbox holds everybody's.
    with putting_off():
        return list(waiting_for(person.emails))


def _withdraw_mails(person: Person) -> None:
    """All but the last word, which is written from the moment on at which the account closes."""
    closing = Resident.objects.filter(pk=person.resident).values_list("closed_at", flat=True)
    withdraw(person.emails, before=closing.first())


HOLDINGS = [
    Holding(
        table="notifications_outboxmessage",
        title=_("Mails on their way to you"),
        why=_("To send them. What a mail says is forgotten once it is delivered."),
        rows=_mails,
        fields=(
            Field("subject", _("subject"), lambda row: row.payload.get("subject", "")),
            "created_at",
            "due_at",
        ),
        erase=_withdraw_mails,
    ),
]
