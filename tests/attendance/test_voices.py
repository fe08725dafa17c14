"""Words of those who took part (参加した人の声): written, read by staff, answered, taken back."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.operations.merge import merge
from activities.models import Session
from activities.operations.thanks import write_thanks
from attendance.enums import CheckInMethod, VoiceState
from attendance.holdings import HOLDINGS
from attendance.models import ParticipationRecord, Voice, VoiceAnswer
from attendance.operations.ledger.amend import restore, void
from attendance.operations.voices import (
    VOIDED,
    answer_voice,
    hide_voice,
    publish_answer,
    publish_voice,
    take_back_answer,
    take_back_voice,
    write_voice,
)
from attendance.queries.voices import published_voices, voices_to_read
from attendance.rules.voices import ANSWER_LENGTH, MAX_LENGTH, NAME_LENGTH
from common.refusal import Refused
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from privacy.queries import person_of
from tenants.context import municipality_context, public_context
from tenants.enums import MunicipalityStatus
from tenants.hosts import municipality_host
from tenants.staff.roles import Role
from tests.activities.test_hosts import make_host
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity
from tests.factories.holdings import took_part
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
WORDS = "石を運ぶのは大変でしたが、\nおにぎりがおいしかったです。"


@pytest.fixture(autouse=True)
def long_sessions(settings):
    settings.STAFF_IDLE_MINUTES = settings.STAFF_SESSION_HOURS = 1_000_000


def a_session(place, **fields):
    page = make_activity(place, **{"title": "石積みの修理", "slug": "ishi"} | fields)
    with municipality_context(place):
        return Session.objects.select_related("page").get(page=page.pk)


@pytest.fixture
def session(hida):
    return a_session(hida)


def came(resident, place, session, **fields):
    return took_part(
        resident, place, session_uuid=session.uuid, activity_title="石積みの修理", **fields
    )


@pytest.fixture
def resident(hida, session):
    person = ResidentFactory(user__email="hito@example.jp")
    came(person, hida, session)
    return person


@pytest.fixture
def officer(hida):
    return make_member(hida, Role.COORDINATOR)


def mine(place, session):
    return f"/my/voices/{place.code}/{session.uuid}/"


def page_of(place, slug, query=""):
    answer = Client().get(f"/activities/{slug}/{query}", headers={"host": municipality_host(place)})
    assert answer.status_code == 200
    return answer.content.decode()


def refused(code, function, *arguments, **more):
    with pytest.raises(Refused) as raised:
        function(*arguments, **more)
    assert raised.value.code == code
    return raised.value


# Writing


def test_words_wait_are_read_and_stand_on_both_pages(hida, kesennuma, officer):
    host = make_host(hida)
    session = a_session(hida, host=host)
    other = a_session(kesennuma, slug="yoso")
    person = ResidentFactory()
    came(person, hida, session)
    client = signed_in_client(person.user)
    history = client.get("/my/history/").content.decode()
    button = f'class="button button--secondary" href="{mine(hida, session)}"'
    assert history.index(button) < history.index("異議を申し出る")
    assert "参加した人" in client.get(mine(hida, session)).content.decode()
    sent = client.post(mine(hida, session), {"text": WORDS, "signed_as": "  ゆき \n子 "})
    assert sent.status_code == 302
    voice = Voice.objects.get()
    assert (voice.text, voice.signed_as, voice.state) == (WORDS, "ゆき 子", VoiceState.WAITING)
    for slug in (session.page.slug, host.slug):
        assert "おにぎり" not in page_of(hida, slug), "not before the municipality has read it"
    with municipality_context(hida):
        publish_voice(voice, officer)
    for slug in (session.page.slug, host.slug):
        html = page_of(hida, slug)
        assert "おにぎりがおいしかった" in html
        assert "ゆき 子" in html
        assert person.family_name not in html
    assert "おにぎり" not in page_of(kesennuma, other.page.slug)
    assert "公開" in client.get(mine(hida, session)).content.decode()


def test_only_who_took_part_there_writes(hida, kesennuma, session, resident):
    stranger, elsewhere, voided = ResidentFactory(), ResidentFactory(), ResidentFactory()
    theirs = a_session(kesennuma, slug="umi")
    came(elsewhere, kesennuma, theirs)
    void(came(voided, hida, session), None, "別の人")
    for person in (stranger, elsewhere, voided):
        refused("took_part", write_voice, person, hida, session.uuid, WORDS)
        client = signed_in_client(person.user)
        assert client.get(mine(hida, session)).status_code == 404
        assert client.post(mine(hida, session), {"text": WORDS}).status_code == 404
        assert mine(hida, session) not in client.get("/my/history/").content.decode()
    refused("took_part", write_voice, resident, kesennuma, session.uuid, WORDS)
    refused("took_part", write_voice, elsewhere, hida, theirs.uuid, WORDS)
    assert not Voice.objects.exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": " \u200b\n"}, "no_text"),
        ({"text": "あ" * (MAX_LENGTH + 1)}, "text_short"),
        ({"text": WORDS, "signed_as": "あ" * (NAME_LENGTH + 1)}, "name_short"),
    ],
)
def test_what_is_refused_is_said_and_stays_in_the_form(hida, session, resident, values, code):
    refused(code, write_voice, resident, hida, session.uuid, **values)
    answer = signed_in_client(resident.user).post(mine(hida, session), values)
    assert answer.status_code == 400
    html = answer.content.decode()
    assert values["text"] in html
    assert "エラー" in html
    with translation.override("en"):
        assert "Error:" in answer.content.decode() or "error-summary" in html
    assert not Voice.objects.exists()


def test_the_longest_words_fit(hida, session, resident):
    write_voice(resident, hida, session.uuid, "𠮷" * MAX_LENGTH, "名" * NAME_LENGTH)
    assert len(Voice.objects.get().text) == MAX_LENGTH


def test_an_individual_number_is_taken_by_no_form(hida, session, resident):
    answer = signed_in_client(resident.user).post(mine(hida, session), {"text": "123456789018です"})
    assert answer.status_code == 400
    assert not Voice.objects.exists()


def test_a_minor_needs_a_guardian_as_in_a_room(hida, session):
    child = ResidentFactory(birth_date=date(2012, 4, 2))
    came(child, hida, session)
    refused("voice_needs_consent", write_voice, child, hida, session.uuid, WORDS)


def test_what_was_entered_afterwards_has_no_page_to_write_on(hida):
    person = ResidentFactory()
    record = took_part(person, hida, method=CheckInMethod.IMPORTED)
    client = signed_in_client(person.user)
    assert "/my/voices/" not in client.get("/my/history/").content.decode()
    refused("session_gone", write_voice, person, hida, record.session_uuid, WORDS)


def test_the_same_again_changes_nothing_and_other_words_wait_anew(hida, session, resident, officer):
    first = write_voice(resident, hida, session.uuid, WORDS)
    with municipality_context(hida):
        publish_voice(first, officer)
    assert write_voice(resident, hida, session.uuid, f" {WORDS}\r\n").pk == first.pk
    assert Voice.objects.get().state == VoiceState.PUBLISHED
    changed = write_voice(resident, hida, session.uuid, f"{WORDS}また行きます。")
    assert Voice.objects.get() == changed
    assert changed.state == VoiceState.WAITING
    assert "おにぎり" not in page_of(hida, "ishi")
    with municipality_context(hida):
        refused("voice_changed", publish_voice, first, officer)
        refused("voice_changed", hide_voice, first, officer, "理由")


def test_the_author_takes_them_back_at_any_time(hida, kesennuma, session, resident, officer):
    other = a_session(hida, slug="hoka")
    came(resident, hida, other)
    voice = write_voice(resident, hida, session.uuid, WORDS)
    kept = write_voice(resident, hida, other.uuid, "よかったです。")
    with municipality_context(hida):
        publish_voice(voice, officer)
    client = signed_in_client(resident.user)
    stranger = signed_in_client(ResidentFactory().user)
    assert stranger.post(mine(hida, session), {"take_back": "1"}).status_code == 404
    for _again in range(2):
        assert client.post(mine(hida, session), {"take_back": "1"}).status_code == 302
        assert list(Voice.objects.all()) == [kept]
    assert "おにぎり" not in page_of(hida, "ishi")


def test_words_about_a_suspended_municipality_are_only_taken_back(hida, session, resident):
    unsaid = a_session(hida, slug="hoka")
    came(resident, hida, unsaid)
    write_voice(resident, hida, session.uuid, WORDS)
    hida.status = MunicipalityStatus.SUSPENDED
    hida.save()
    client = signed_in_client(resident.user)
    assert client.get(mine(hida, unsaid)).status_code == 404
    assert client.post(mine(hida, unsaid), {"text": WORDS}).status_code == 404
    page = client.get(mine(hida, session)).content.decode()
    assert "おにぎり" in page
    assert "<textarea" not in page
    assert client.post(mine(hida, session), {"text": "別の言葉"}).status_code == 404
    assert Voice.objects.get().text == WORDS
    assert client.post(mine(hida, session), {"take_back": "1"}).status_code == 302
    assert not Voice.objects.exists()


def test_words_stand_under_their_own_municipality(hida, kesennuma, session, resident):
    write_voice(resident, hida, session.uuid, WORDS)
    client = signed_in_client(resident.user)
    assert client.get(mine(kesennuma, session)).status_code == 404
    assert client.post(mine(kesennuma, session), {"take_back": "1"}).status_code == 404
    assert Voice.objects.exists()


# Staff


def test_staff_read_what_waits_and_decide(hida, kesennuma, session, resident):
    voice = write_voice(resident, hida, session.uuid, WORDS, "ゆき")
    stranger = staff_client(kesennuma, Role.ADMINISTRATOR)
    path = f"/admin/voices/{voice.pk}/"
    assert stranger.get(path).status_code == 404
    assert "おにぎり" not in stranger.get("/admin/voices/?all=1").content.decode()
    assert staff_client(hida, Role.READER).get(path).status_code == 302
    client = staff_client(hida, Role.COORDINATOR)
    assert path in client.get("/admin/voices/").content.decode()
    shown = client.get(path).content.decode()
    assert "おにぎり" in shown
    assert resident.family_name not in shown, "who it was is not needed to decide"
    assert client.post(path, {"publish": "1"}).status_code == 302
    assert path not in client.get("/admin/voices/").content.decode()
    assert path in client.get("/admin/voices/?all=1").content.decode()
    for nothing in (" ", "\u200b"):
        unsaid = client.post(path, {"hide": "1", "reason": nothing})
        assert unsaid.status_code == 400
        assert "理由を入力してください。" in unsaid.content.decode()
    assert Voice.objects.get().state == VoiceState.PUBLISHED
    for _again in range(2):
        assert client.post(path, {"hide": "1", "reason": "個人名のため"}).status_code == 302
    mail = OutboxMessage.objects.get(kind="mail", payload__to=["hito@example.jp"])
    assert "個人名のため" in mail.payload["body"]
    assert mine(hida, session) in mail.payload["body"]
    assert "おにぎり" not in mail.payload["body"]
    assert (
        "個人名のため" in signed_in_client(resident.user).get(mine(hida, session)).content.decode()
    )
    take_back_voice(resident, session.uuid)
    assert client.post(path, {"publish": "1"}).status_code == 404


def test_the_desk_tells_the_coordinator_how_many_wait(hida, kesennuma, session, resident):
    client = staff_client(hida, Role.COORDINATOR)
    assert "/admin/voices/" in client.get("/admin/").content.decode(), "in the menu"
    desk = "/admin/coordinator/"
    before = client.get(desk).content.decode()
    assert "公開前に確認する声" not in before
    write_voice(resident, hida, session.uuid, WORDS)
    assert "公開前に確認する声" in client.get(desk).content.decode()
    assert not voices_to_read(kesennuma).exists()


def test_whose_participation_is_voided_says_nothing_in_public(hida, session, resident, officer):
    voice = write_voice(resident, hida, session.uuid, WORDS)
    record = ParticipationRecord.objects.get()
    with municipality_context(hida):
        publish_voice(voice, officer)
        void(record, officer, "別の方でした")
        voice.refresh_from_db()
        assert (voice.state, voice.reason) == (VoiceState.HIDDEN, VOIDED)
        refused("record_voided", publish_voice, voice, officer)
    page = signed_in_client(resident.user).get(mine(hida, session)).content.decode()
    assert VOIDED in page
    assert "<textarea" not in page
    assert "take_back" in page
    with municipality_context(hida):
        restore(record, officer, "写真で確認")
        publish_voice(voice, officer)
    assert "おにぎり" in page_of(hida, "ishi")


# Organisations


@pytest.fixture
def ours(hida):
    organisation = make_organisation(hida, name="種蔵を守る会")
    return make_organisation_member(organisation, resident=ResidentFactory())


def test_an_organisation_answers_what_is_public_and_chooses_nothing(hida, kesennuma, ours, officer):
    organisation = ours.organisation
    session = a_session(hida, organisation=organisation)
    people = [ResidentFactory() for _one in range(2)]
    for person in people:
        came(person, hida, session)
    shown, waits = (
        write_voice(person, hida, session.uuid, words)
        for person, words in zip(people, (WORDS, "道に迷いました。"), strict=True)
    )
    with municipality_context(hida):
        publish_voice(shown, officer)
    path = f"/workspace/{organisation.pk}/sessions/{session.uuid}/voices/"
    with time_machine.travel(session.ends_at + timedelta(hours=1)):
        client = signed_in_client(ours.account, hida)
        assert path in client.get(f"/workspace/{organisation.pk}/").content.decode()
        html = client.get(path).content.decode()
        assert "おにぎり" in html
        assert "道に迷いました" not in html
        long = client.post(path, {"voice": shown.pk, "text": "あ" * (ANSWER_LENGTH + 1)})
        assert long.status_code == 400
        assert "あ" * (ANSWER_LENGTH + 1) in long.content.decode()
        empty = client.post(path, {"voice": shown.pk, "text": " "})
        assert "返信を入力してください。" in empty.content.decode()
        assert client.post(path, {"voice": waits.pk, "text": "すみません"}).status_code == 400
        assert client.post(path, {"voice": "x", "text": "すみません"}).status_code == 200
        for _again in range(2):
            answered = client.post(path, {"voice": shown.pk, "text": "またお待ちしています。"})
            assert answered.status_code == 302
        answer = VoiceAnswer.objects.get()
        assert "またお待ち" not in page_of(hida, session.page.slug)
        desk = staff_client(hida, Role.COORDINATOR)
        decide = f"/admin/voices/{shown.pk}/"
        assert decide in desk.get("/admin/voices/").content.decode()
        late = desk.post(decide, {"publish": "1", "answer": "999999"})
        assert late.status_code == 400
        assert desk.post(decide, {"publish": "1", "answer": answer.pk}).status_code == 302
        html = page_of(hida, session.page.slug)
        assert "種蔵を守る会" in html
        assert "またお待ち" in html
        hidden = {"hide": "1", "answer": answer.pk, "reason": "お名前があるため"}
        assert desk.post(decide, hidden).status_code == 302
        assert "お名前があるため" in client.get(path).content.decode()
        assert "またお待ち" not in page_of(hida, session.page.slug)
        assert client.post(path, {"voice": shown.pk, "take_back": "1"}).status_code == 302
        assert not VoiceAnswer.objects.exists()


def test_each_field_and_button_says_whose_words_it_answers(hida, ours, officer):
    session = a_session(hida, organisation=ours.organisation)
    for number, signed_as in enumerate(("", "", "海&山")):
        person = ResidentFactory()
        came(person, hida, session)
        with time_machine.travel(session.ends_at + timedelta(minutes=number)):
            voice = write_voice(person, hida, session.uuid, WORDS, signed_as)
            with municipality_context(hida):
                publish_voice(voice, officer)
                answering = (voice.pk, session, ours.organisation, ours.account)
                answer_voice(*answering, "またどうぞ")
    with time_machine.travel(session.ends_at + timedelta(hours=1)):
        path = f"/workspace/{ours.organisation_id}/sessions/{session.uuid}/voices/"
        html = signed_in_client(ours.account, hida).get(path).content.decode()
    forms = re.findall(r'<form class="form".*?</form>', html, re.DOTALL)
    named = re.findall(r"<(?:label|button)\b.*?</(?:label|button)>", "".join(forms), re.DOTALL)
    names = [unescape(re.sub("<[^>]+>", "", one)).strip() for one in named]
    assert len(set(names)) == len(names) == 9, names
    assert all("海&山" in one for one in names[:3]), "the newest is first"


def test_the_workspace_says_how_many_words_are_public_in_one_query_for_all(
    hida, ours, officer, django_assert_num_queries
):
    home = f"/workspace/{ours.organisation.pk}/"
    sessions = [a_session(hida, organisation=ours.organisation, slug=f"d{n}") for n in range(2)]
    client = signed_in_client(ours.account, hida)
    with time_machine.travel(sessions[0].ends_at + timedelta(hours=1)):
        client.get(home)
        with CaptureQueriesContext(connection) as queries:
            assert "公開されています" not in client.get(home).content.decode()
        for session, people in zip(sessions, (2, 1), strict=True):
            for person in ResidentFactory.create_batch(people):
                came(person, hida, session)
                voice = write_voice(person, hida, session.uuid, WORDS)
                with municipality_context(hida):
                    publish_voice(voice, officer)
        waits = ResidentFactory()
        came(waits, hida, sessions[0])
        write_voice(waits, hida, sessions[0].uuid, WORDS)
        with django_assert_num_queries(len(queries)):
            html = client.get(home).content.decode()
    assert html.count("参加した人の声が2件、公開されています。") == 2, (
        "of the activity and its date"
    )
    assert html.count("参加した人の声が1件、公開されています。") == 2


def test_no_organisation_answers_for_another(hida, kesennuma, ours, session, resident, officer):
    other = make_organisation_member(make_organisation(kesennuma, name="気仙沼の会"))
    voice = write_voice(resident, hida, session.uuid, WORDS)
    with municipality_context(hida):
        publish_voice(voice, officer)
    for member, place in ((ours, hida), (other, kesennuma), (other, hida)):
        path = f"/workspace/{member.organisation_id}/sessions/{session.uuid}/voices/"
        client = signed_in_client(member.account, place)
        assert client.get(path).status_code == 404
        assert client.post(path, {"voice": voice.pk, "text": "はい"}).status_code == 404


def test_other_words_take_the_answer_with_them(hida, ours, officer):
    session = a_session(hida, organisation=ours.organisation)
    person = ResidentFactory()
    came(person, hida, session)
    voice = write_voice(person, hida, session.uuid, WORDS)
    with municipality_context(hida):
        answering = (voice.pk, session, ours.organisation, ours.account)
        refused("voice_public", answer_voice, *answering, "はい")
        publish_voice(voice, officer)
        answer = answer_voice(*answering, "またどうぞ")
        assert answer_voice(*answering, " またどうぞ ").pk == answer.pk
        publish_answer(answer, officer)
        assert answer_voice(*answering, "ぜひまた").state == VoiceState.WAITING
        refused("voice_changed", publish_answer, answer, officer)
    write_voice(person, hida, session.uuid, "別の言葉")
    assert not VoiceAnswer.objects.exists()
    with municipality_context(hida):
        take_back_answer(voice.pk, session)


# Pages


def test_pages_of_ten_newest_first_with_two_queries(hida, kesennuma, session, officer):
    with municipality_context(hida), CaptureQueriesContext(connection) as queries:
        page_of(hida, "ishi")
    assert len([one for one in queries if "attendance_voice" in one["sql"]]) == 1
    start = session.ends_at
    for number in range(12):
        person = ResidentFactory()
        came(person, hida, session)
        with time_machine.travel(start + timedelta(hours=number)):
            voice = write_voice(person, hida, session.uuid, f"感想{number:02}です")
            with municipality_context(hida):
                publish_voice(voice, officer)
    with CaptureQueriesContext(connection) as queries:
        html = page_of(hida, "ishi")
    assert len([one for one in queries if "attendance_voice" in one["sql"]]) == 2
    shown = [number for number in range(12) if f"感想{number:02}です" in html]
    assert shown == list(range(2, 12))
    assert html.index("感想11です") < html.index("感想02です")
    assert "?page=2#voices-heading" in html
    second = page_of(hida, "ishi", "?page=2")
    assert [number for number in range(12) if f"感想{number:02}です" in second] == [0, 1]
    assert published_voices(kesennuma, [session.uuid]).count() == 0


def test_words_are_shown_as_text(hida, session, resident, officer):
    voice = write_voice(resident, hida, session.uuid, "<b>太字</b>\u202e逆", "<i>名</i>")
    with municipality_context(hida):
        publish_voice(voice, officer)
    html = page_of(hida, "ishi")
    assert "&lt;b&gt;太字" in html
    assert "&lt;i&gt;名" in html
    assert "\u202e" not in html


def test_two_accounts_of_one_person_keep_one_word_about_a_session(hida, session, resident):
    other, only = ResidentFactory(), a_session(hida, slug="hoka")
    came(other, hida, session)
    came(other, hida, only)
    kept = write_voice(resident, hida, session.uuid, WORDS)
    write_voice(other, hida, session.uuid, "別の言葉")
    alone = write_voice(other, hida, only.uuid, "よかったです。")
    merge(resident, other)
    assert set(Voice.objects.all()) == {kept, alone}
    client = signed_in_client(resident.user)
    assert "よかったです。" in client.get(mine(hida, only)).content.decode()
    assert client.post(mine(hida, only), {"text": "また行きます。"}).status_code == 302
    assert [one.text for one in Voice.objects.filter(session_uuid=only.uuid)] == ["また行きます。"]


def test_words_of_whose_other_account_took_part_stay_hidden_once_that_is_voided(
    hida, session, officer
):
    kept, other = ResidentFactory(), ResidentFactory()
    record = came(other, hida, session)
    merge(kept, other)
    voice = write_voice(kept, hida, session.uuid, WORDS)
    with municipality_context(hida):
        publish_voice(voice, officer)
        void(record, officer, "別の方でした")
        refused("record_voided", publish_voice, voice, officer)
    assert "おにぎり" not in page_of(hida, "ishi")
    with municipality_context(hida):
        restore(record, officer, "写真で確認")
        publish_voice(voice, officer)
    assert "おにぎり" in page_of(hida, "ishi")


def test_who_wrote_with_an_account_that_became_part_of_another_is_told(hida, session, officer):
    kept, other = ResidentFactory(user__email="nokosu@example.jp"), ResidentFactory()
    came(other, hida, session)
    voice = write_voice(other, hida, session.uuid, WORDS)
    merge(kept, other)
    with municipality_context(hida):
        hide_voice(voice, officer, "個人名のため")
    (mail,) = OutboxMessage.objects.filter(kind="mail", payload__to=["nokosu@example.jp"])
    assert "個人名のため" in mail.payload["body"]
    assert "個人名のため" in signed_in_client(kept.user).get(mine(hida, session)).content.decode()


# Where the author hears of it, and what is kept


def test_the_mail_of_thanks_says_where(hida, session, resident):
    with time_machine.travel(session.ends_at + timedelta(hours=1)):
        with municipality_context(hida):
            write_thanks(session, "ありがとうございました。", None)
        with public_context():
            OutboxMessage.objects.exclude(kind__startswith="attendance.thanks").delete()
            while OutboxMessage.objects.exclude(kind="mail").filter(delivered_at=None).exists():
                assert deliver_next()
            (mail,) = OutboxMessage.objects.filter(kind="mail")
    assert mine(hida, session) in mail.payload["body"]


def test_they_stand_encrypted_and_go_with_the_account(hida, ours, officer):
    session = a_session(hida, organisation=ours.organisation)
    person = ResidentFactory()
    came(person, hida, session)
    voice = write_voice(person, hida, session.uuid, WORDS, "ゆき")
    with municipality_context(hida):
        publish_voice(voice, officer)
        answer_voice(voice.pk, session, ours.organisation, ours.account, "またどうぞ")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v::text || a::text FROM attendance_voice v, attendance_voiceanswer a"
        )
        ((stored,),) = cursor.fetchall()
    for word in ("おにぎり", "ゆき", "またどうぞ"):
        assert word not in stored
    by_table = {one.table: one for one in HOLDINGS}
    theirs, answers = by_table["attendance_voice"], by_table["attendance_voiceanswer"]
    author, member = person_of(person), person_of(ours.account.resident)
    assert [row.text for row in theirs.rows(author)] == [WORDS]
    assert [row.text for row in answers.rows(member)] == ["またどうぞ"]
    for _again in range(2):
        answers.erase(member)
    assert VoiceAnswer.objects.get().written_by is None
    for _again in range(2):
        theirs.erase(author)
    assert not Voice.objects.exists()
    assert not VoiceAnswer.objects.exists()


def test_hours_do_not_matter(hida, session):
    person = ResidentFactory()
    came(person, hida, session, hours=Decimal(0))
    assert write_voice(person, hida, session.uuid, WORDS)
