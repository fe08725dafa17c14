"""Participants' words about an activity (A16.6): written, read by the municipality, answered.

Words that change become another row, which waits anew: the database lets neither author nor
organisation change one (see `walls`), and staff never publish what they have not read.
"""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop

from accounts.models import Resident, User
from activities.models import Session
from activities.queries import session_by_uuid
from attendance.enums import VoiceState
from attendance.models import ParticipationRecord, Voice, VoiceAnswer
from attendance.operations.check_in import at_municipality
from attendance.operations.ledger.beside import holder_of
from attendance.queries.voices import record_to_speak_of, voice_of
from attendance.rules.voices import may_answer, may_hide, may_write
from common import clock
from common.decision import Decision
from common.plain_text import tidy
from common.refusal import Refused
from identity.queries import in_the_name_of, standing_of
from organisations.models import Organisation
from tenants.context import public_context
from tenants.hosts import portal_url
from tenants.models import Municipality
from tenants.postgresql.connection import connection

# Why words are not shown whose writer did not take part after all. A word of the record, not of
# the interface: Japanese for everybody.
VOIDED = "参加の記録が取り消されたため"
_Row = TypeVar("_Row", Voice, VoiceAnswer)
_NOT_SHOWN = gettext_noop("Your words about an activity are not shown: %(title)s")


@transaction.atomic
def write_voice(
    resident: Resident,
    municipality: Municipality,
    session_uuid: UUID,
    text: str,
    signed_as: str = "",
) -> Voice:
    """Keep what a participant says of a session, for the municipality to read first.

    The same words again change nothing; other words take the place of the first, with the answer
    to those. Raises `Refused` with the code of the first condition of `rules.voices.may_write`
    not met and its data, or `session_gone`.
    """
    # One writer a person: a form sent twice at once would find no words of the other yet.
    Resident.objects.select_for_update(of=("self",), no_key=True).get(pk=resident.pk)
    text, signed_as = tidy(text), _line(signed_as)
    record = record_to_speak_of(resident, municipality, session_uuid)
    _insist(
        may_write(
            text=text,
            signed_as=signed_as,
            took_part=record is not None,
            lacks_consent=standing_of(resident).lacks_consent,
        )
    )
    assert record is not None
    with at_municipality(municipality.code):
        if session_by_uuid(session_uuid) is None:
            raise Refused("session_gone", municipality=municipality.full_name)
    before = voice_of(resident, municipality, session_uuid)
    if before is not None and (before.text, before.signed_as) == (text, signed_as):
        return before
    take_back_voice(resident, session_uuid)
    return Voice.objects.create(
        resident=resident,
        municipality=municipality,
        session_uuid=session_uuid,
        activity_title=record.activity_title,
        session_date=record.session_date,
        text=text,
        signed_as=signed_as,
        written_at=clock.now(),
    )


@transaction.atomic
def take_back_voice(resident: Resident, session_uuid: UUID) -> None:
    """A person's words about a session go, and the answer with them; safe to repeat."""
    _lock_words(session_uuid)
    Voice.objects.of_person(resident.pk).filter(session_uuid=session_uuid).delete()


@transaction.atomic
def publish_voice(voice: Voice, by: User) -> Voice:
    """Show it to everybody, as often as one likes. Raises `Refused("voice_changed")` where the
    author has written anew or taken it back meanwhile, `Refused("record_voided")`."""
    row = _locked(voice)
    with in_the_name_of(holder_of(row.resident_id)) as author:
        if record_to_speak_of(author, row.municipality, row.session_uuid) is None:
            raise Refused("record_voided")
    return _decide(row, VoiceState.PUBLISHED, by)


@transaction.atomic
def hide_voice(voice: Voice, by: User, reason: str) -> Voice:
    """Keep it from everybody, and tell the author why; one hidden for this reason stays so.

    Raises `Refused` with `no_text`, `text_short`, `voice_changed`.
    """
    reason = _line(reason)
    _insist(may_hide(reason))
    row = _locked(voice)
    if (row.state, row.reason) != (VoiceState.HIDDEN, reason):
        _decide(row, VoiceState.HIDDEN, by, reason)
        _tell_author(row)
    return row


def hide_voice_of(record: ParticipationRecord, holder_id: UUID, by: User | None) -> None:
    """Whose participation is voided has nothing to say of it in public. The mail about the record
    says why; once the record is restored staff may publish the words again."""
    rows = Voice.objects.filter(
        session_uuid=record.session_uuid, resident_id__in={record.resident_id, holder_id}
    )
    for row in rows.select_for_update(of=("self",)):
        _decide(row, VoiceState.HIDDEN, by, VOIDED)


@transaction.atomic
def answer_voice(
    voice_id: int, session: Session, organisation: Organisation, by: User, text: str
) -> VoiceAnswer:
    """Keep what `organisation`, which ran the session, says to public words about it; the
    municipality reads it first. Safe to repeat; other words take the place of the first.

    Raises `Refused` with `voice_public`, `no_text`, `text_short`.
    """
    text = _line(text)
    _lock_words(session.uuid)
    voice = (
        Voice.objects.filter(pk=voice_id, session_uuid=session.uuid, state=VoiceState.PUBLISHED)
        .select_related("answer")
        .first()
    )
    _insist(may_answer(text=text, is_public=voice is not None))
    assert voice is not None
    before = getattr(voice, "answer", None)
    if before is not None and before.text == text:
        return before
    VoiceAnswer.objects.filter(voice=voice).delete()
    return VoiceAnswer.objects.create(
        voice=voice,
        organisation=organisation,
        organiser=organisation.name,
        municipality_id=voice.municipality_id,
        session_uuid=voice.session_uuid,
        text=text,
        written_by=by,
        written_at=clock.now(),
    )


def take_back_answer(voice_id: int, session: Session) -> None:
    """The organisation's answer goes; safe to repeat."""
    VoiceAnswer.objects.filter(voice=voice_id, session_uuid=session.uuid).delete()


@transaction.atomic
def publish_answer(answer: VoiceAnswer, by: User) -> VoiceAnswer:
    """Show it beside the words it answers. Raises `Refused("voice_changed")`."""
    row = _locked_answer(answer)
    return _decide(row, VoiceState.PUBLISHED, by)


@transaction.atomic
def hide_answer(answer: VoiceAnswer, by: User, reason: str) -> VoiceAnswer:
    """Keep it from everybody; the organisation reads why in its workspace. Raises as
    `hide_voice`."""
    reason = _line(reason)
    _insist(may_hide(reason))
    return _decide(_locked_answer(answer), VoiceState.HIDDEN, by, reason)


def _line(text: str) -> str:
    return " ".join(tidy(text).split())


def _insist(decision: Decision) -> None:
    if not decision.allowed:
        raise Refused(decision.unmet[0].code, **decision.unmet[0].data)


def _lock_words(session_uuid: UUID) -> None:
    """Of two who answer the same words, or one who answers what its author takes back, the second
    sees what the first has done. The words themselves an organisation may not lock."""
    with connection.cursor() as cursor:
        lock = f"attendance.voices.{session_uuid}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])


def _locked(voice: Voice) -> Voice:
    row = Voice.objects.select_for_update(of=("self",)).filter(pk=voice.pk).first()
    if row is None:
        raise Refused("voice_changed")
    return row


def _locked_answer(answer: VoiceAnswer) -> VoiceAnswer:
    row = VoiceAnswer.objects.select_for_update(of=("self",)).filter(pk=answer.pk).first()
    if row is None:
        raise Refused("voice_changed")
    return row


def _decide(row: _Row, state: VoiceState, by: User | None, reason: str = "") -> _Row:
    if (row.state, row.reason) != (state, reason):
        row.state, row.reason = state, reason
        row.decided_by, row.decided_at = by, clock.now()
        row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return row


def _tell_author(voice: Voice) -> None:
    with public_context(), in_the_name_of(holder_of(voice.resident_id)) as resident:
        if not resident.user.email:
            return
        with translation.override(resident.language):
            EmailMessage(
                subject=translation.gettext(_NOT_SHOWN) % {"title": voice.activity_title},
                body=render_to_string(
                    "attendance/mail/voice_hidden.txt",
                    {
                        "resident": resident,
                        "voice": voice,
                        "url": portal_url(
                            f"/my/voices/{voice.municipality_id}/{voice.session_uuid}/"
                        ),
                    },
                ),
                to=[resident.user.email],
            ).send()
