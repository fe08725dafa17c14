"""The first words in the demonstration's rooms, written into the two test municipalities."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from accounts.models import Resident
from common import clock
from common.plain_text import tidy
from community.models import Post
from community.rules.posting import MAX_POSTS, PostInput, may_post
from portal.demonstration.history import add_residents
from portal.demonstration.municipalities import add_staff, cases, staff_email
from portal.demonstration.rooms import talk
from registration.queries import is_registered
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.community import bodies
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

CASES = {case["code"]: case for case in cases()}
# Any day at the end of the scheme's first year; talks are counted back from it.
TODAY = date(2026, 11, 23)
JOINED = date(2026, 5, 1)
BOTH = ("042056", "212172")


def said_in(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Every post and answer of a case, in the order they are written."""
    return [one for thread in case["talk"] for one in (thread, *thread["answer"])]


def moment_of(words: dict[str, Any]) -> datetime:
    day = TODAY - timedelta(days=words["days_ago"])
    return datetime.combine(day, time.fromisoformat(words["at"]), tzinfo=clock.TOKYO)


def joining(municipality: Municipality, number: int, day: date = JOINED, **fields: Any) -> list:
    """Residents who registered with `municipality` on `day`."""
    residents = ResidentFactory.create_batch(number, **fields)
    with clock.as_of(clock.at_noon(day)):
        for resident in residents:
            register_resident(resident, municipality)
    return residents


def employ(municipality: Municipality) -> None:
    make_member(
        municipality, Role.ROOM_MODERATOR, email=staff_email(municipality, Role.ROOM_MODERATOR)
    )


def write(municipality: Municipality, case: dict[str, Any], residents: list[Resident]) -> None:
    with clock.as_of(clock.at_noon(TODAY)):
        talk(municipality, case, residents)


def posts_of(municipality: Municipality) -> list[Post]:
    with municipality_context(municipality):
        return list(Post.objects.select_related("parent").order_by("pk"))


# The words


@pytest.mark.parametrize("code", CASES)
def test_each_case_has_two_threads_with_one_or_two_answers(code: str) -> None:
    threads = CASES[code]["talk"]
    assert len(threads) == 2
    assert {len(thread["answer"]) for thread in threads} <= {1, 2}
    for thread in threads:
        moments = [moment_of(one) for one in (thread, *thread["answer"])]
        assert moments == sorted(set(moments))
        assert max(one["days_ago"] for one in thread["answer"]) <= thread["days_ago"]
    assert all(one["days_ago"] >= 1 for one in said_in(CASES[code])), "never in the future"


@pytest.mark.parametrize("code", CASES)
def test_each_case_says_what_may_be_posted(code: str) -> None:
    said = said_in(CASES[code])
    for one in said:
        assert one["body"] == tidy(one["body"])
        assert may_post(PostInput(body=one["body"], room_open=True)).allowed
        assert one.get("by", "resident") in {"resident", "author", "staff"}
    assert len(said) <= MAX_POSTS


def test_no_case_repeats_another_and_some_municipalities_answer() -> None:
    everything = [one["body"] for case in CASES.values() for one in said_in(case)]
    assert len(CASES) == 11
    assert len(set(everything)) == len(everything)
    answered = [
        c for c, case in CASES.items() if any(o.get("by") == "staff" for o in said_in(case))
    ]
    assert len(answered) >= 3


# Who says them, where and when


@pytest.mark.parametrize("code", CASES)
def test_every_case_can_be_told(kesennuma: Municipality, hida: Municipality, code: str) -> None:
    case = CASES[code]
    residents = joining(kesennuma, 8) + joining(hida, 8)
    employ(kesennuma)
    write(kesennuma, case, residents)
    posts = posts_of(kesennuma)
    assert [(post.body, post.created_at) for post in posts] == [
        (one["body"], moment_of(one)) for one in said_in(case)
    ]
    by = [one.get("by") for one in said_in(case)]
    assert [post.is_by_staff for post in posts] == [who == "staff" for who in by]
    for post, who in zip(posts, by, strict=True):
        if post.author_id:
            assert is_registered(post.author_id, kesennuma)
        if who == "author":
            assert post.parent is not None
            assert post.author_id == post.parent.author_id
    # Everybody else is a new voice.
    voices = [
        post.author_id
        for post, who in zip(posts, by, strict=True)
        if who not in {"author", "staff"}
    ]
    assert len(set(voices)) == len(voices)
    assert posts_of(hida) == []


def test_each_municipality_has_its_own_words(kesennuma: Municipality, hida: Municipality) -> None:
    residents = joining(kesennuma, 8) + joining(hida, 8)
    for municipality in (kesennuma, hida):
        employ(municipality)
        write(municipality, CASES[municipality.code], residents)
    here, there = set(bodies(kesennuma)), set(bodies(hida))
    assert (len(here), len(there)) == tuple(len(said_in(CASES[code])) for code in BOTH)
    assert not here & there


def test_told_twice_it_is_told_once_and_always_alike(
    kesennuma: Municipality, hida: Municipality
) -> None:
    residents = joining(kesennuma, 8)
    employ(kesennuma)
    write(kesennuma, CASES[kesennuma.code], residents)
    first = [(post.pk, post.author_id, post.created_at) for post in posts_of(kesennuma)]
    write(kesennuma, CASES[kesennuma.code], residents)
    assert [(post.pk, post.author_id, post.created_at) for post in posts_of(kesennuma)] == first


def test_nobody_speaks_before_registering_or_as_a_minor_or_from_elsewhere(
    kesennuma: Municipality, hida: Municipality
) -> None:
    case = CASES[kesennuma.code]
    children = joining(kesennuma, 4, birth_date=date(2012, 4, 2))
    late = joining(kesennuma, 4, day=TODAY - timedelta(days=1))
    elsewhere = joining(hida, 4)
    silent = children + late + elsewhere
    employ(kesennuma)
    write(kesennuma, case, silent)
    assert posts_of(kesennuma) == [], "a thread that nobody begins has no answers either"
    grown = joining(kesennuma, 4)
    write(kesennuma, case, silent + grown)
    authors = {post.author_id for post in posts_of(kesennuma) if post.author_id}
    assert authors
    assert authors <= {resident.pk for resident in grown}


def test_where_voices_run_out_the_words_stay_unsaid(kesennuma: Municipality) -> None:
    case = CASES[kesennuma.code]
    employ(kesennuma)
    write(kesennuma, case, joining(kesennuma, 1))
    first, answer = posts_of(kesennuma)
    assert first.body == case["talk"][0]["body"]
    assert answer.is_by_staff and answer.parent == first


def test_a_registrant_reads_it_on_the_municipalitys_site(
    kesennuma: Municipality, hida: Municipality
) -> None:
    residents = joining(kesennuma, 8) + joining(hida, 8)
    for municipality in (kesennuma, hida):
        employ(municipality)
        write(municipality, CASES[municipality.code], residents)
    client = signed_in_client(residents[0].user, kesennuma)
    page = client.get("/rooms/hiroba/").content.decode()
    assert all(one["body"] in page for one in said_in(CASES[kesennuma.code]))
    assert not any(one["body"] in page for one in said_in(CASES[hida.code]))
    assert "（自治体）" in page


def test_the_demonstrations_own_people_hold_the_conversation(
    kesennuma: Municipality,
    hida: Municipality,
    miyagi: Municipality,
    gifu: Municipality,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.demonstration.people.COUNT", 20)
    with clock.as_of(clock.at_noon(TODAY)):
        for municipality in (kesennuma, hida):
            with municipality_context(municipality):
                add_staff(municipality, (Role.ROOM_MODERATOR,))
        residents = add_residents([kesennuma, hida, miyagi, gifu])
        for municipality in (kesennuma, hida):
            talk(municipality, CASES[municipality.code], residents)
    for municipality in (kesennuma, hida):
        said = [one["body"] for one in said_in(CASES[municipality.code])]
        assert bodies(municipality) == said
