"""Entering somebody from the list on paper who had not signed up.

Nobody is looked up: whoever enters knows number and name from the paper, and learns no more than
that they belong together. What does not is one refusal, whatever it is that does not agree.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Resident, User
from accounts.operations.attempts import spend
from activities.queries import session_by_uuid
from activities.rules.snapshot import SessionSnapshot
from attendance.enums import CheckInMethod
from attendance.models import ParticipationRecord, SessionClosing
from attendance.operations.ledger.amend import require_hours
from attendance.operations.ledger.record import record_participation
from attendance.registry import registrants_called
from attendance.rules.earlier_people import kana_key, name_key
from attendance.rules.on_paper import ENTERED_WITHIN, who_wrote
from common import clock
from common.refusal import Refused
from organisations.models import Organisation
from organisations.queries import is_run_by
from tenants.actors import at_reception, weighing
from tenants.hosts import portal_url
from tenants.models import Municipality


def enter_walk_in(
    municipality: Municipality,
    session_uuid: UUID,
    number: str,
    name: str,
    by: User,
    *,
    hours: Decimal | None = None,
    organisation: Organisation | None = None,
) -> None:
    """Record the registrant who wrote `number` and `name`, with `hours` or the session's; in the
    municipality's schema, outside of a transaction. `organisation` where its member enters it.

    Safe to repeat. Raises `Refused`: `session_gone`, also of a session of somebody else's,
    `session_cancelled`, `session_not_at_place`, `session_not_begun`, `hours_out_of_range`;
    `organiser_is_done` for an organisation once the list is confirmed or `ENTERED_WITHIN` over;
    `not_on_record` where number and name were of no registrant here on that day, or staff have
    voided the record; `too_many_attempts`, counted of what was refused so.
    """
    session = session_by_uuid(session_uuid)
    # The database is asked as the organisation: whether it runs this session, here and today.
    if session is None or (
        organisation is not None and not is_run_by(organisation.pk, session_uuid)
    ):
        raise Refused("session_gone", municipality=municipality.full_name)
    if session.is_cancelled:
        raise Refused("session_cancelled", title=session.page.title)
    if session.page.is_remote:
        raise Refused("session_not_at_place")
    if not session.has_begun:
        raise Refused("session_not_begun")
    if organisation is not None and (
        clock.now() > session.ends_at + ENTERED_WITHIN
        or SessionClosing.objects.filter(session_uuid=session_uuid).exists()
    ):
        raise Refused("organiser_is_done")
    if hours is not None:
        require_hours(hours, session.hours, by_organisation=organisation is not None)
    organiser = f"{municipality.code}:{organisation.pk if organisation else ''}"
    attempt = spend("on_paper", account=str(by.pk), organiser=organiser)
    _enter(municipality, session.snapshot(), number, name, by, hours)
    attempt.give_back()


@transaction.atomic
def _enter(
    municipality: Municipality,
    session: SessionSnapshot,
    number: str,
    name: str,
    by: User,
    hours: Decimal | None,
) -> None:
    # An organisation reads no registration, and writes nobody into the ledger who has no place: the
    # municipality does both for it, of the one person whose number and name it was given.
    with weighing(municipality.code):
        kana = kana_key(name)
        called = registrants_called(municipality, [name_key(name)], [kana] if kana else [])
        day = session.ends_at.astimezone(clock.TOKYO).date()
        resident = who_wrote(number, name, day, called)
        if resident is None:
            raise Refused("not_on_record")
        made = record_participation(
            Resident(pk=resident),
            municipality,
            session,
            CheckInMethod.PAPER_LIST,
            hours=hours,
            recorded_by=by,
        )
    if made.is_voided:
        raise Refused("not_on_record")
    if made.is_new:
        _tell(made.record)


def _tell(record: ParticipationRecord) -> None:
    with at_reception():
        resident = Resident.objects.select_related("user").get(pk=record.resident_id)
    if not resident.user.email:
        return
    with translation.override(resident.language):
        EmailMessage(
            subject=gettext("Your participation was entered: %(title)s")
            % {"title": record.activity_title},
            body=render_to_string(
                "attendance/mail/entered.txt",
                {"resident": resident, "record": record, "url": portal_url("/my/history/")},
            ),
            to=[resident.user.email],
        ).send()
