"""Needs: told on the web or by telephone, looked at, made an activity of, and told of."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client

from activities.enums import NeedOrigin, NeedState
from activities.holdings import HOLDINGS
from activities.models import ActivityPage, Need
from activities.operations.needs import activity_from_need, move_need, take_over, tell_need
from activities.operations.templates import activity_from_template
from activities.queries import activity_index, draft_of
from activities.rules.needs import MOST_WAITING, fault_of_move, moves_from
from common import clock
from common.holdings import Person
from common.refusal import Refused
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from privacy.models import KnownTo
from privacy.queries import person_of, places_of
from tenants.context import municipality_context, public_context
from tenants.hosts import municipality_host
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.needs import WORDS, make_need
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
NEW, ADMIN = "/needs/new/", "/admin/needs/"


def mails(address):
    """Bodies of the mails to `address`, oldest first."""
    with public_context():
        rows = OutboxMessage.objects.filter(kind="mail").order_by("pk")
        return [row.payload["body"] for row in rows if address in row.payload["to"]]


def form(**changes):
    typed = {name: str(value) for name, value in WORDS.items() if name != "contact_email"}
    return typed | {"client_key": str(uuid4())} | changes


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


@pytest.mark.parametrize(
    "state, wanted, answer, fault",
    [
        ("new", "looked_at", "", None),
        ("new", "activity", "", None),
        ("new", "passed_on", " ", "passed_on_to_missing"),
        ("new", "passed_on", "社会福祉協議会", None),
        ("looked_at", "closed", "", "reason_missing"),
        ("looked_at", "closed", "解決しました。", None),
        ("looked_at", "new", "", "no_such_move"),
        ("passed_on", "looked_at", "", None),
        ("passed_on", "activity", "", "no_such_move"),
        ("closed", "looked_at", "", None),
        ("activity", "closed", "x", "need_is_activity"),
    ],
)
def test_where_a_need_may_go(state, wanted, answer, fault):
    assert fault_of_move(state, wanted, answer) == fault


def test_every_state_has_its_moves():
    assert {one for state in NeedState for one in moves_from(state)} <= set(NeedState)


def test_a_resident_tells_a_need_on_the_web_once_and_sees_only_their_own(kesennuma, hida):
    resident = ResidentFactory(user__email="nushi@example.jp")
    make_need(hida, resident=ResidentFactory(), title="ほかの人の困りごと")
    client = signed_in_client(resident.user, hida)
    assert resident.name in text(client.get(NEW))
    sent = form()
    for _again in range(2):
        assert client.post(NEW, sent).status_code == 302
    with municipality_context(hida):
        need = Need.objects.get(resident_id=resident.pk)
        assert (need.origin, need.state, need.people) == ("resident", "new", 5)
        assert (need.contact_phone, need.contact_email) == ("09031415926", "nushi@example.jp")
    html = text(client.get("/needs/"))
    assert WORDS["title"] in html
    assert "受け付けました" in html
    assert "ほかの人の困りごと" not in html
    with municipality_context(kesennuma):
        assert not Need.objects.exists()
    (told,) = mails("nushi@example.jp")
    assert WORDS["title"] in told


def test_a_resident_withdraws_what_is_their_own(hida, kesennuma):
    resident = ResidentFactory()
    own, other = make_need(hida, resident=resident), make_need(hida, resident=ResidentFactory())
    client = signed_in_client(resident.user, hida)
    assert f"/needs/{own.pk}/withdraw/" in text(client.get("/needs/"))
    assert client.get(f"/needs/{own.pk}/withdraw/").status_code == 405
    assert client.post(f"/needs/{other.pk}/withdraw/").status_code == 404
    there = signed_in_client(resident.user, kesennuma)
    assert there.post(f"/needs/{own.pk}/withdraw/").status_code == 404
    for _again in range(2):
        assert client.post(f"/needs/{own.pk}/withdraw/")["Location"] == "/needs/"
    html = text(client.get("/needs/"))
    assert "取り下げました" in html
    assert "/withdraw/" not in html
    assert "withdrawn" in text(client.get("/en/needs/")).lower()
    with municipality_context(hida):
        assert {need.pk: need.state for need in Need.objects.all()} == {
            own.pk: "withdrawn", other.pk: "new"
        }  # fmt: skip
    assert not moves_from("withdrawn"), "it is told anew"


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(hida):
    client = signed_in_client(ResidentFactory().user, hida)
    html = text(client.post(NEW, form(place="", people="0", contact_phone="12")))
    for words in (WORDS["wanted"], "エラー", "市外局番", "1 以上"):
        assert words in html, words
    assert html.count("<textarea") == 1, "the others are of one line"
    with municipality_context(hida):
        assert not Need.objects.exists()


def test_a_damaged_key_is_made_anew(hida):
    client = signed_in_client(ResidentFactory().user, hida)
    html = text(client.post(NEW, form(client_key="x")))
    assert 'name="client_key" value="x"' not in html
    assert WORDS["wanted"] in html


def test_another_s_key_is_refused(hida):
    key = uuid4()
    with municipality_context(hida):
        tell_need(WORDS, key, resident=ResidentFactory())
        with pytest.raises(Refused, match="already_sent"):
            tell_need(WORDS, key, resident=ResidentFactory())
        with pytest.raises(Refused, match="already_sent"):
            tell_need(WORDS, key, entered_by=make_member(hida, Role.COORDINATOR))
        assert Need.objects.count() == 1


def test_ten_may_wait_and_the_eleventh_is_refused_in_words(hida):
    resident = ResidentFactory()
    for _one in range(MOST_WAITING):
        make_need(hida, resident=resident)
    client = signed_in_client(resident.user, hida)
    assert str(MOST_WAITING) in text(client.post(NEW, form()), 409)
    with municipality_context(hida):
        move_need(Need.objects.first(), NeedState.CLOSED, "解決", None)
    assert client.post(NEW, form()).status_code == 302


def test_telling_and_withdrawing_in_a_loop_ends_after_ten(hida, mailoutbox):
    make_member(hida, Role.COORDINATOR, email="tantou@hida.example")
    resident = ResidentFactory()
    with time_machine.travel(clock.now(), tick=False) as at:
        client = signed_in_client(resident.user, hida)
        for _one in range(MOST_WAITING):
            assert client.post(NEW, form()).status_code == 302
            with municipality_context(hida):
                need = Need.objects.get(state=NeedState.NEW)
            assert client.post(f"/needs/{need.pk}/withdraw/").status_code == 302
        html = text(client.post(NEW, form()), 409)
        assert "お電話ください" in html
        assert WORDS["wanted"] in html
        while deliver_next():
            pass
        told = [mail for mail in mailoutbox if mail.to == ["tantou@hida.example"]]
        assert len(told) == MOST_WAITING
        other = signed_in_client(ResidentFactory().user, hida)
        assert other.post(NEW, form()).status_code == 302
        at.shift(timedelta(days=1))
        assert signed_in_client(resident.user, hida).post(NEW, form()).status_code == 302


def test_a_minor_without_a_guardian_is_led_to_one(hida):
    child = ResidentFactory(birth_date=clock.today() - timedelta(days=15 * 365))
    client = signed_in_client(child.user, hida)
    html = text(client.get(NEW))
    assert "保護者" in html
    assert "<textarea" not in html
    text(client.post(NEW, form()), 409)
    with municipality_context(hida):
        assert not Need.objects.exists()


def test_visitors_are_sent_to_sign_in(hida):
    answer = Client().get(NEW, headers={"host": municipality_host(hida)})
    assert answer.status_code == 302
    assert "/enter/" in answer["Location"]


def test_staff_enter_what_is_told_by_telephone(hida, kesennuma):
    client = staff_client(hida, Role.COORDINATOR)
    sent = form(contact_email="tel@example.jp", may_be_named="on")
    answers = [client.post(f"{ADMIN}enter/", sent) for _again in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    with municipality_context(hida):
        need = Need.objects.get()
        assert (need.origin, need.resident_id) == (NeedOrigin.STAFF, None)
        assert need.entered_by is not None
    html = text(client.get(answers[0]["Location"]))
    for words in (WORDS["contact_name"], WORDS["contact_phone"], "tel@example.jp"):
        assert words in html
    (told,) = mails("tel@example.jp")
    assert "/needs/" not in told, "there is no account to look with"
    again = text(client.post(f"{ADMIN}enter/", form(contact_phone="")))
    assert "電話番号を" in again
    assert "ご本人がよいと言った場合だけ" in again, "as before the error"
    elsewhere = staff_client(kesennuma, Role.COORDINATOR)
    assert elsewhere.get(answers[0]["Location"]).status_code == 404
    assert WORDS["title"] not in text(elsewhere.get(ADMIN))
    assert staff_client(hida, Role.READER).get(ADMIN).status_code == 302


def test_what_was_told_by_telephone_is_deleted_at_wish(hida):
    need = make_need(hida, entered_by=make_member(hida, Role.COORDINATOR), may_be_named=True)
    kept = make_need(hida, resident=ResidentFactory())
    with municipality_context(hida):
        page = activity_from_need(need, None)
        page.get_latest_revision().publish()
        path = page.public_path
    client = staff_client(hida, Role.COORDINATOR)
    assert "アカウント" in text(client.post(f"{ADMIN}{kept.pk}/", {"delete": "1"}))
    assert client.post(f"{ADMIN}{need.pk}/", {"delete": "1"}).status_code == 302
    assert client.post(f"{ADMIN}{need.pk}/", {"delete": "1"}).status_code == 404
    with municipality_context(hida):
        assert Need.objects.get().pk == kept.pk
    html = text(Client().get(path, headers={"host": municipality_host(hida)}))
    assert "地域の方の声から" in html
    assert WORDS["contact_name"] not in html


def test_each_step_is_told_once_and_the_answer_is_shown(hida):
    resident = ResidentFactory(user__email="nushi@example.jp")
    need = make_need(hida, resident=resident)
    client = staff_client(hida, Role.COORDINATOR)
    path = f"{ADMIN}{need.pk}/"
    assert "理由" in text(client.post(path, {"state": "closed", "answer": ""}))
    for _again in range(2):
        client.post(path, {"state": "passed_on", "answer": "社会福祉協議会にお尋ねください。"})
    told = mails(WORDS["contact_email"])
    assert len(told) == 2, "received, passed on"
    assert "社会福祉協議会" in told[1]
    assert "社会福祉協議会" in text(signed_in_client(resident.user, hida).get("/needs/"))
    with municipality_context(hida):
        row = Need.objects.get(pk=need.pk)
        assert row.decided_by is not None
        with pytest.raises(Refused, match="no_such_move"):
            move_need(row, NeedState.PASSED_ON, "別の窓口", None)


def test_a_need_becomes_an_activity_that_keeps_link_and_credit(hida):
    resident = ResidentFactory()
    need = make_need(hida, resident=resident, may_be_named=True)
    client = staff_client(hida, Role.COORDINATOR)
    answers = [client.post(f"{ADMIN}{need.pk}/", {"activity": "1"}) for _again in range(2)]
    assert len({answer["Location"] for answer in answers}) == 1
    assert client.get(answers[0]["Location"]).status_code == 200
    theirs = signed_in_client(resident.user, hida)
    assert "準備" in text(theirs.get("/needs/"))
    with municipality_context(hida):
        need = Need.objects.get(pk=need.pk)
        page = need.activity
        assert (need.state, page.title, page.live) == ("activity", WORDS["title"], False)
        assert page.designations.count() == 0
        draft = draft_of(page)
        (session,) = draft.sessions.all()
        assert (session.place, session.capacity) == (WORDS["place"], 5)
        stored = str(page.get_latest_revision().content)
        assert WORDS["contact_phone"] not in stored
        assert WORDS["contact_name"] not in stored
        for _again in range(2):
            page.get_latest_revision().publish()
        path = page.public_path
    assert path in text(theirs.get("/needs/"))
    bodies = mails(WORDS["contact_email"])
    assert len(bodies) == 3, "received, being prepared, public"
    assert path in bodies[2]
    html = text(Client().get(path, headers={"host": municipality_host(hida)}))
    assert f"{WORDS['contact_name']}さんの声から" in html
    with municipality_context(hida):
        Need.objects.update(may_be_named=False)
    html = text(Client().get(path, headers={"host": municipality_host(hida)}))
    assert WORDS["contact_name"] not in html
    assert "声から生まれました" in html


def test_an_organisation_is_credited_by_its_name(hida):
    need = make_need(hida, resident=ResidentFactory(), organisation_name="八幡町内会",
                     may_be_named=True)  # fmt: skip
    assert (need.origin, need.credit) == (NeedOrigin.ORGANISATION, "八幡町内会")


def test_a_deleted_draft_can_be_made_again_and_a_template_gives_no_credit(hida):
    need = make_need(hida, resident=ResidentFactory())
    with municipality_context(hida):
        first = activity_from_need(need, None)
        copy = activity_from_template(first, activity_index(), None, None)
        assert not copy.from_need
        ActivityPage.objects.get(pk=first.pk).delete()
        need = Need.objects.get(pk=need.pk)
        assert (need.state, need.activity) == ("activity", None)
        second = activity_from_need(need, None)
        assert second.pk != first.pk
        assert activity_from_need(need, None).pk == second.pk
        move = make_need(hida, resident=ResidentFactory())
        move_need(move, NeedState.CLOSED, "解決", None)
        with pytest.raises(Refused, match="no_such_move"):
            activity_from_need(move, None)


def test_contact_stands_encrypted_in_the_database(hida):
    need = make_need(hida, resident=ResidentFactory())
    with municipality_context(hida), connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat(title, wanted, place, when_about, contact_name, contact_phone,"
            " contact_email) FROM activities_need WHERE id = %s",
            [need.pk],
        )
        (stored,) = cursor.fetchone()
    for words in WORDS.values():
        assert str(words) not in stored or words == WORDS["people"]


def test_whoever_is_not_registered_is_found_and_erased_all_the_same(hida, kesennuma):
    resident, other = ResidentFactory(), ResidentFactory()
    need = make_need(hida, resident=resident, may_be_named=True)
    make_need(hida, resident=other)
    with municipality_context(hida):
        page = activity_from_need(need, None)
    with public_context():
        person = person_of(resident)
        assert [place.pk for place in places_of(person)] == [hida.pk]
        assert KnownTo.objects.filter(resident=resident).count() == 1
    holding = next(one for one in HOLDINGS if one.table == "activities_need")
    with municipality_context(hida):
        assert [row.pk for row in holding.rows(person)] == [need.pk]
        for _again in range(2):
            holding.erase(person)
        assert Need.objects.get().resident_id == other.pk
        assert ActivityPage.objects.get(pk=page.pk).from_need


def test_two_accounts_of_one_person_tell_together(hida):
    kept, other = ResidentFactory(), ResidentFactory()
    make_need(hida, resident=other)
    with municipality_context(hida):
        take_over(kept, other)
        assert Need.objects.told_by(kept.pk).count() == 1
        assert not HOLDINGS[0].rows(Person((other.user_id,), (other.pk,)))
