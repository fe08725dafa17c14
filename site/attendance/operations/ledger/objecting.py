"""A participant objects to what the ledger says of them; the municipality answers."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop

from accounts.models import Resident, User
from attendance.enums import ObjectionStatus
from attendance.models import Objection, ParticipationRecord
from common import clock
from common.refusal import Refused
from identity.queries import in_the_name_of
from notifications.operations import enqueue
from organisations.operations.letters import addresses_of_office
from tenants.context import public_context
from tenants.hosts import admin_url, portal_url

OBJECTION_NEWS = "attendance.objection_news"
_NEWS = gettext_noop("An objection to a record: %(title)s")
_SUBJECT = gettext_noop("An answer to your objection: %(title)s")


@transaction.atomic
def object_to(resident: Resident, record: ParticipationRecord, text: str) -> Objection:
    """Keep what `resident` says against `record`, and have the office told; while one is open it
    is the one.

    Raises `Refused("no_text")`. That the record is theirs the caller and the wall see to.
    """
    if not text.strip():
        raise Refused("no_text")
    objection, is_new = Objection.objects.get_or_create(
        record=record,
        status=ObjectionStatus.OPEN,
        defaults={
            "resident": resident,
            "municipality_id": record.municipality_id,
            "text": text.strip(),
            "created_at": clock.now(),
        },
    )
    if is_new:
        payload = {"objection": objection.pk}
        enqueue(OBJECTION_NEWS, payload, record.municipality.code)
    return objection


def tell_office(objection_id: int) -> None:
    """Mail those who answer for the municipality that somebody objects, without a word of the
    objection or of whom it is by; by the worker, in the municipality's schema. Of one that has
    been answered meanwhile, or is gone with its account, nothing."""
    row = Objection.objects.filter(pk=objection_id, status=ObjectionStatus.OPEN)
    objection = row.select_related("record", "municipality").first()
    if objection is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject = translation.gettext(_NEWS) % {"title": objection.record.activity_title}
        words = {
            "record": objection.record,
            "url": admin_url(objection.municipality, f"/admin/objections/{objection.pk}/"),
        }
        body = render_to_string("attendance/mail/objection_made.txt", words)
        for address in addresses_of_office():
            EmailMessage(subject=subject, body=body, to=[address]).send()


@transaction.atomic
def answer(objection: Objection, by: User, *, accepted: bool, text: str) -> Objection:
    """Answer an open objection and tell the resident; one that has been answered stays so.

    What is accepted is put right by an amendment of its own. Raises `Refused("no_text")`.
    """
    if not text.strip():
        raise Refused("no_text")
    row = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if row.status != ObjectionStatus.OPEN:
        return row
    row.status = ObjectionStatus.ACCEPTED if accepted else ObjectionStatus.REJECTED
    row.answer, row.answered_by, row.answered_at = text.strip(), by, clock.now()
    row.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    record = row.record
    with public_context(), in_the_name_of(row.resident_id) as resident:
        if resident.user.email:
            with translation.override(resident.language):
                EmailMessage(
                    subject=translation.gettext(_SUBJECT) % {"title": record.activity_title},
                    body=render_to_string(
                        "attendance/mail/objection_answered.txt",
                        {
                            "resident": resident,
                            "record": record,
                            "objection": row,
                            "url": portal_url("/my/history/"),
                        },
                    ),
                    to=[resident.user.email],
                ).send()
    return row
