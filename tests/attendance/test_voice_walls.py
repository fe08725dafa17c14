"""Under the run-time logins: whose words who may read, write, decide on and delete."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Resident
from attendance.models import Voice, VoiceAnswer
from attendance.operations.voices import answer_voice, take_back_voice, write_voice
from common import clock
from tenants.actors import VISITOR, Actor, acting, organisation, signed_in, staff
from tenants.context import municipality_context, public_context
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.holdings import took_part
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.staff import make_member
from tests.isolation.logins import RUN, at_run_time, logged_in_as


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(ProgrammingError, match="row-level security|permission"):
        with transaction.atomic():
            yield


@pytest.fixture
def scene(own_database: str):
    """At each of two municipalities a session of an organisation, words about it that wait and
    words that are public."""
    connection.set_schema_to_public()
    made = {}
    for code in (KESENNUMA, HIDA):
        place = Municipality.objects.get(pk=code)
        member = make_organisation_member(make_organisation(place, name=f"{place.name}の会"))
        now = clock.now()
        page = make_activity(
            place, organisation=member.organisation, slug=f"s{code}",
            sessions=[session_values(starts_at=now - timedelta(hours=3), ends_at=now)],
        )  # fmt: skip
        with municipality_context(place):
            session = page.sessions.get()
        voices = []
        for state in ("waiting", "published"):
            person = ResidentFactory()
            took_part(person, place, session_uuid=session.uuid)
            voice = write_voice(person, place, session.uuid, f"{place.name}の声")
            Voice.objects.filter(pk=voice.pk).update(state=state)
            voices.append(voice)
        made[code] = (place, session, member, *voices)
    connection.set_schema_to_public()
    return made[KESENNUMA], made[HIDA]


def values(resident: Resident, place: Municipality, session, **fields):
    return {
        "resident": resident, "municipality": place, "session_uuid": session.uuid, "text": "声",
        "activity_title": "清掃", "session_date": clock.today(), "written_at": clock.now(),
    } | fields  # fmt: skip


def test_who_reads_which(scene) -> None:
    (here, _session, member, waits, shown), (there, _other, _them, _waits, theirs) = scene
    with at_run_time(VISITOR, here):
        assert list(Voice.objects.all()) == [shown]
    with at_run_time(VISITOR, there):
        assert list(Voice.objects.all()) == [theirs]
    with at_run_time(organisation(member.account_id, member.organisation_id, here.pk), here):
        assert list(Voice.objects.all()) == [shown], "it reads what is public, and chooses nothing"
    with at_run_time(staff(make_member(here, "administrator").pk, here.pk), here):
        assert set(Voice.objects.all()) == {waits, shown}
    with at_run_time(signed_in(waits.resident.user_id, waits.resident_id)):
        assert list(Voice.objects.all()) == [waits]
    with at_run_time(signed_in(member.account_id)):
        assert not Voice.objects.exists()


def test_an_author_writes_about_what_they_took_part_in_and_publishes_nothing(scene) -> None:
    (here, session, _member, waits, shown), (there, other, *_rest) = scene
    mine, stranger = waits.resident, ResidentFactory()
    with at_run_time(signed_in(mine.user_id, mine.pk)):
        with refused():
            Voice.objects.create(**values(mine, there, other))
        with refused():
            Voice.objects.create(**values(shown.resident, here, session))
        assert Voice.objects.update(state="published") == 0
        assert Voice.objects.filter(pk=shown.pk).delete()[0] == 0
        assert Voice.objects.filter(pk=waits.pk).delete()[0] == 1
        with refused():
            Voice.objects.create(**values(mine, here, session, state="published"))
        with refused():
            Voice.objects.create(**values(mine, here, session, decided_at=clock.now()))
        Voice.objects.create(**values(mine, here, session))
    with at_run_time(signed_in(stranger.user_id, stranger.pk)):
        with refused():
            Voice.objects.create(**values(stranger, here, session))


def test_an_organisation_answers_for_its_own_sessions_and_publishes_nothing(scene) -> None:
    (here, session, member, _waits, shown), (there, other, _them, _w, theirs) = scene
    about = {
        "voice": shown, "organisation": member.organisation, "municipality": here,
        "organiser": "会", "session_uuid": session.uuid, "text": "またどうぞ",
        "written_by": member.account, "written_at": clock.now(),
    }  # fmt: skip
    colleague = ResidentFactory()
    acts = organisation(member.account_id, member.organisation_id, here.pk)
    with at_run_time(acts, here):
        for wrong in (
            {"state": "published"},
            {"written_by": colleague.user},
            {"voice": theirs},
            {"voice": theirs, "session_uuid": other.uuid, "municipality": there},
        ):
            with refused():
                VoiceAnswer.objects.create(**about | wrong)
        answer = VoiceAnswer.objects.create(**about)
        assert VoiceAnswer.objects.update(state="published") == 0
        assert Voice.objects.update(state="hidden") == 0
        assert Voice.objects.filter(pk=shown.pk).update(text="別の声") == 0
        with refused():
            Voice.objects.create(**values(colleague, here, session))
    with at_run_time(VISITOR, here):
        assert not VoiceAnswer.objects.exists()
    with at_run_time(staff(make_member(there, "administrator").pk, there.pk), there):
        assert VoiceAnswer.objects.update(state="published") == 0
    with at_run_time(staff(make_member(here, "administrator").pk, here.pk), here):
        assert VoiceAnswer.objects.update(state="published") == 1
    with at_run_time(VISITOR, here):
        assert list(VoiceAnswer.objects.all()) == [answer]
    with at_run_time(signed_in(shown.resident.user_id, shown.resident_id)):
        Voice.objects.filter(pk=shown.pk).delete()
    connection.set_schema_to_public()
    assert not VoiceAnswer.objects.exists(), "and the answer goes with what it answers"


def test_the_whole_way_through_the_wall(scene) -> None:
    (here, session, member, waits, shown), _there = scene
    author = signed_in_client(waits.resident.user)
    desk = signed_in_client(make_member(here, "administrator"), here, admin=True)
    partner = signed_in_client(member.account, here)
    visitor = signed_in_client(ResidentFactory().user, here)
    mine = f"/my/voices/{here.pk}/{session.uuid}/"
    work = f"/workspace/{member.organisation_id}/sessions/{session.uuid}/voices/"
    page = f"/activities/s{here.pk}/"
    with logged_in_as(RUN):
        assert author.post(mine, {"text": "朝の海がきれいでした"}).status_code == 302
    connection.set_schema_to_public()
    voice = Voice.objects.get(resident=waits.resident)
    with logged_in_as(RUN):
        path = f"/admin/voices/{voice.pk}/"
        assert path in desk.get("/admin/voices/").content.decode()
        assert "朝の海" not in visitor.get(page).content.decode()
        assert desk.post(path, {"hide": "1", "reason": "確認のため"}).status_code == 302
        assert "確認のため" in author.get(mine).content.decode()
        assert desk.post(path, {"publish": "1"}).status_code == 302
        assert "朝の海" in visitor.get(page).content.decode()
        answered = {"voice": voice.pk, "text": "またどうぞ"}
        assert partner.post(work, answered).status_code == 302
    connection.set_schema_to_public()
    answer = VoiceAnswer.objects.get()
    with logged_in_as(RUN):
        assert desk.post(path, {"publish": "1", "answer": answer.pk}).status_code == 302
        assert "またどうぞ" in visitor.get(page).content.decode()
        assert f"{member.organisation.name}からの返信" in author.get(mine).content.decode()
        assert author.post(mine, {"take_back": "1"}).status_code == 302
        assert "朝の海" not in visitor.get(page).content.decode()


def one_after_the_other(
    place: Municipality, *actions: tuple[Actor, Callable[[], object]]
) -> list[object]:
    """Both, each with a connection of its own: the second begins while the first has not committed,
    which it does once the second waits or is done. What they returned or raised."""
    done, go_on = threading.Event(), threading.Event()
    results: list[object] = [None, None]

    def run(number: int, actor: Actor, action: Callable[[], object]) -> None:
        try:
            with acting(actor), municipality_context(place), transaction.atomic():
                results[number] = action()
                if number == 0:
                    done.set()
                    go_on.wait(20)
        except Exception as error:  # told apart by the test
            results[number] = error
        finally:
            done.set()
            connection.close()

    def waits() -> bool:
        with public_context(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return bool(cursor.rowcount)

    with logged_in_as(RUN):
        first, second = (
            threading.Thread(target=run, args=(number, *one)) for number, one in enumerate(actions)
        )
        first.start()
        assert done.wait(20)
        second.start()
        while second.is_alive() and not waits():
            time.sleep(0.01)
        go_on.set()
        for thread in (first, second):
            thread.join(20)
    connection.set_schema_to_public()
    return results


def test_two_members_who_answer_at_the_same_moment_leave_one_answer(scene) -> None:
    (here, session, member, _waits, shown), _there = scene
    acts = organisation(member.account_id, member.organisation_id, here.pk)

    def answering(text: str) -> tuple[Actor, Callable[[], object]]:
        arguments = (shown.pk, session, member.organisation, member.account, text)
        return acts, lambda: answer_voice(*arguments).text

    answers = one_after_the_other(here, answering("またどうぞ"), answering("お元気で"))
    assert answers == ["またどうぞ", "お元気で"]
    assert VoiceAnswer.objects.get().text == "お元気で"


def test_words_taken_back_while_they_are_answered_go_with_the_answer(scene) -> None:
    (here, session, member, waits, shown), _there = scene
    arguments = (shown.pk, session, member.organisation, member.account, "またどうぞ")
    author = shown.resident
    results = one_after_the_other(
        here,
        (
            organisation(member.account_id, member.organisation_id, here.pk),
            lambda: answer_voice(*arguments).text,
        ),
        (signed_in(author.user_id, author.pk), lambda: take_back_voice(author, session.uuid)),
    )
    assert results == ["またどうぞ", None]
    assert list(Voice.objects.filter(session_uuid=session.uuid)) == [waits]
    assert not VoiceAnswer.objects.exists()
