"""Words of thanks after an event: shown to who took part, by mail once, and no gift."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.enums import SessionState
from activities.holdings import HOLDINGS
from activities.models import Session, ThanksNote
from activities.operations.thanks import write_thanks
from activities.signals import thanks_written
from attendance.models import ParticipationRecord
from attendance.operations.check_in import check_in
from attendance.operations.ledger.amend import void
from attendance.operations.sign_ups import sign_up
from attendance.operations.thanks import thanks_for
from attendance.queries import participations_of
from common.refusal import Refused
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from privacy.models import KnownTo
from privacy.queries import person_of
from tenants.context import municipality_context, public_context
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity
from tests.factories.codes import venue_token
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.staff import staff_client

pytestmark = pytest.mark.django_db
WORDS = "暑いなか、参道がきれいになりました。ありがとうございます。"


@pytest.fixture(autouse=True)
def long_sessions(settings):
    settings.STAFF_IDLE_MINUTES = settings.STAFF_SESSION_HOURS = 1_000_000


@pytest.fixture
def session(hida):
    page = make_activity(hida, title="参道の草刈り")
    with municipality_context(hida):
        return Session.objects.select_related("page").get(page=page.pk)


def comes(resident, municipality, session):
    sign_up(resident, municipality, session.uuid)
    with time_machine.travel(session.starts_at):
        check_in(resident, venue_token(municipality.code, session.uuid))


def delivered():
    """How many mails with the words each address got, once everything is delivered."""
    with public_context():
        OutboxMessage.objects.filter(kind="mail").delete()
        for message in range(100):
            if not OutboxMessage.objects.filter(
                kind__startswith="attendance.thanks", delivered_at=None
            ).exists():
                break
            assert deliver_next(), message
        mails = OutboxMessage.objects.filter(kind="mail")
        return sorted(m.payload["to"][0] for m in mails if WORDS in m.payload["body"])


def test_those_who_took_part_are_thanked_once_and_see_it(hida, kesennuma, session):
    here, also, absent, elsewhere = (
        ResidentFactory(user__email=f"{name}@example.jp") for name in ("a", "b", "c", "d")
    )
    for resident in (here, also):
        comes(resident, hida, session)
    sign_up(absent, hida, session.uuid)
    other = make_activity(kesennuma)
    with municipality_context(kesennuma):
        comes(elsewhere, kesennuma, Session.objects.get(page=other.pk))
    client = staff_client(hida, Role.COORDINATOR)
    path = f"/admin/activity-sessions/{session.uuid}/thanks/"
    edit = f"/admin/pages/{session.page_id}/edit/"
    assert path not in client.get(edit).content.decode(), "it is not over yet"
    with time_machine.travel(session.ends_at + timedelta(hours=1)):
        assert path in client.get(edit).content.decode()
        for _again in range(2):
            assert client.post(path, {"text": WORDS}).status_code == 302
        assert delivered() == ["a@example.jp", "b@example.jp"]
        assert client.post(path, {"text": f"{WORDS}また来年。"}).status_code == 302
        assert delivered() == []
        pages = {
            resident.user.email: signed_in_client(resident.user).get("/my/history/")
            for resident in (here, absent, elsewhere)
        }
        shown = {mail: "また来年" in page.content.decode() for mail, page in pages.items()}
        assert shown == {"a@example.jp": True, "c@example.jp": False, "d@example.jp": False}
    with municipality_context(kesennuma):
        assert not ThanksNote.objects.exists()


def test_whose_participation_was_voided_is_not_thanked(hida, session):
    here, mistaken = (ResidentFactory(user__email=f"{name}@example.jp") for name in ("a", "b"))
    for resident in (here, mistaken):
        comes(resident, hida, session)
    void(ParticipationRecord.objects.get(resident=mistaken), None, "別の方でした")
    with time_machine.travel(session.ends_at + timedelta(hours=1)):
        with municipality_context(hida):
            write_thanks(session, WORDS, None)
        assert delivered() == ["a@example.jp"]
        shown = [
            WORDS in signed_in_client(one.user).get("/my/history/").content.decode()
            for one in (here, mistaken)
        ]
    assert shown == [True, False]


def test_the_form_says_that_no_gift_may_be_announced(hida, session):
    with time_machine.travel(session.ends_at + timedelta(hours=1)):
        client = staff_client(hida, Role.COORDINATOR)
        path = f"/admin/activity-sessions/{session.uuid}/thanks/"
        assert "返礼品" in client.get(path).content.decode()
        assert client.post(path, {"text": " "}).status_code == 200
        assert staff_client(hida, Role.READER).get(path).status_code == 404


def test_it_is_written_after_the_event_only(hida, session):
    with municipality_context(hida):
        with pytest.raises(Refused, match="session_not_over"):
            write_thanks(session, WORDS, None)
        with time_machine.travel(session.ends_at + timedelta(hours=1)):
            with pytest.raises(Refused, match="text_missing"):
                write_thanks(session, "  ", None)
            Session.objects.update(state=SessionState.CANCELLED)
            with pytest.raises(Refused, match="session_is_cancelled"):
                write_thanks(session, WORDS, None)
        assert not ThanksNote.objects.exists()


def test_the_signal_is_sent_once(hida, session):
    heard = []

    def hear(sender, session, text, page, **kwargs):
        heard.append((session.uuid, text, page.pk))

    thanks_written.connect(hear)
    try:
        later = session.ends_at + timedelta(hours=1)
        with municipality_context(hida), time_machine.travel(later):
            for text in (WORDS, WORDS, "別の言葉"):
                write_thanks(session, text, None)
    finally:
        thanks_written.disconnect(hear)
    assert heard == [(session.uuid, WORDS, session.page_id)]


def test_the_page_is_saved_again_and_the_note_stays(hida, session):
    with municipality_context(hida), time_machine.travel(session.ends_at + timedelta(hours=1)):
        write_thanks(session, WORDS, None)
        page = session.page
        page.refresh_from_db()
        page.save_revision().publish()
        assert ThanksNote.objects.get().session.uuid == session.uuid


def test_reading_the_notes_costs_a_query_a_municipality(hida, kesennuma):
    resident = ResidentFactory()
    for place in (hida, hida, kesennuma):
        page = make_activity(place)
        with municipality_context(place):
            comes(resident, place, Session.objects.get(page=page.pk))
    records = list(participations_of(resident))
    with public_context(), CaptureQueriesContext(connection) as queries:
        assert thanks_for(records) == {}
    assert len([one for one in queries if "thanksnote" in one["sql"]]) == 2


# By the organisation that ran it


@pytest.fixture
def partner(hida):
    organisation = make_organisation(hida, name="八幡町内会")
    return make_organisation_member(organisation, resident=ResidentFactory())


def session_by(organisation, place):
    page = make_activity(place, title="参道の草刈り", organisation=organisation, slug="kusa")
    with municipality_context(place):
        return Session.objects.select_related("page").get(page=page.pk)


def thanks_path(organisation, session):
    return f"/workspace/{organisation.pk}/sessions/{session.uuid}/thanks/"


def test_an_organisation_thanks_once_in_its_own_name(hida, partner):
    organisation = partner.organisation
    session = session_by(organisation, hida)
    resident = ResidentFactory(user__email="a@example.jp")
    comes(resident, hida, session)
    client, path = signed_in_client(partner.account, hida), thanks_path(organisation, session)
    home = f"/workspace/{organisation.pk}/"
    assert client.get(path).status_code == 404, "it is not over yet"
    assert path not in client.get(home).content.decode()
    with time_machine.travel(session.ends_at + timedelta(hours=1)):
        client = signed_in_client(partner.account, hida)
        assert path in client.get(home).content.decode()
        assert "返礼品" in client.get(path).content.decode()
        empty = client.post(path, {"text": " "})
        assert empty.status_code == 400
        assert "エラー" in empty.content.decode()
        for _again in range(2):
            assert client.post(path, {"text": WORDS})["Location"] == home
        assert delivered() == ["a@example.jp"]
        with public_context():
            (body,) = [
                mail.payload["body"]
                for mail in OutboxMessage.objects.filter(kind="mail")
                if WORDS in mail.payload["body"]
            ]
            assert body.rstrip().endswith("八幡町内会")
        assert client.post(path, {"text": f"{WORDS}また来年。"}).status_code == 302
        assert delivered() == []
        html = signed_in_client(resident.user).get("/my/history/").content.decode()
        assert "また来年" in html


def test_an_organisation_thanks_for_no_session_of_others(hida, kesennuma, partner, session):
    other = make_organisation_member(make_organisation(hida, name="別の会"))
    elsewhere = make_organisation_member(make_organisation(kesennuma, name="気仙沼の会"))
    ours = session_by(partner.organisation, hida)
    with time_machine.travel(ours.ends_at + timedelta(hours=1)):
        for member, place, organisation, which in (
            (partner, hida, partner.organisation, session),
            (other, hida, other.organisation, ours),
            (other, hida, partner.organisation, ours),
            (elsewhere, kesennuma, elsewhere.organisation, ours),
        ):
            client = signed_in_client(member.account, place)
            path = thanks_path(organisation, which)
            assert client.get(path).status_code == 404
            assert client.post(path, {"text": WORDS}).status_code == 404
        with municipality_context(hida):
            Session.objects.filter(pk=ours.pk).update(state=SessionState.CANCELLED)
        client = signed_in_client(partner.account, hida)
        assert client.get(thanks_path(partner.organisation, ours)).status_code == 404
    with municipality_context(hida):
        assert not ThanksNote.objects.exists()


def test_who_wrote_it_is_forgotten_and_the_words_stay(hida, partner):
    session, resident = session_by(partner.organisation, hida), partner.account.resident
    with time_machine.travel(session.ends_at + timedelta(hours=1)), municipality_context(hida):
        write_thanks(session, WORDS, partner.account, organisation=partner.organisation)
    with public_context():
        assert KnownTo.objects.get(resident=resident).municipality_id == hida.pk
        person = person_of(resident)
    holding = next(one for one in HOLDINGS if one.table == "activities_thanksnote")
    with municipality_context(hida):
        assert [row.text for row in holding.rows(person)] == [WORDS]
        for _again in range(2):
            holding.erase(person)
        note = ThanksNote.objects.get()
        assert (note.text, note.written_by) == (WORDS, None)
