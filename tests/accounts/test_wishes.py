"""The second part of the profile: persona, interests, languages. All of it may be skipped."""

from __future__ import annotations

import pytest

from accounts.enums import Interest, Persona, SpokenLanguage
from accounts.models import Resident
from accounts.rules.personas import is_to_suggest, suggested_interests
from tests.accounts.test_profile import ENTERED
from tests.factories.accounts import UserFactory, signed_in_client

pytestmark = pytest.mark.django_db
PAGE = "/my/wishes/"


@pytest.fixture
def client(resident):
    return signed_in_client(resident.user)


def stored(resident):
    return Resident.objects.get(pk=resident.pk)


def test_what_is_ticked_is_kept(client, resident):
    answer = client.post(
        PAGE, {"persona": "helping", "interests": ["care"], "languages": ["ja", "jsl"]}
    )
    assert answer["Location"] == "/my/"
    now = stored(resident)
    assert (now.persona, now.interests, now.languages) == ("helping", ["care"], ["ja", "jsl"])
    page = client.get(PAGE).content.decode()
    assert page.count("checked") == 4


def test_nothing_needs_to_be_answered(client, resident):
    assert client.post(PAGE, {}).status_code == 302
    now = stored(resident)
    assert (now.persona, now.interests, now.languages) == ("", [], [])


def test_the_first_persona_ticks_interests_before_anything_is_kept(client, resident):
    """As it goes without JavaScript: chosen, sent, looked at once more, sent again."""
    page = client.post(PAGE, {"persona": "longing", "suggested_for": ""})
    assert page.status_code == 200
    text = page.content.decode()
    for interest in Interest:
        ticked = f'value="{interest.value}" id' in text and _is_ticked(text, interest)
        assert ticked == (interest.value in suggested_interests("longing")), interest
    assert 'name="suggested_for" value="longing"' in text
    assert stored(resident).persona == ""
    client.post(PAGE, {"persona": "longing", "interests": ["culture"], "suggested_for": "longing"})
    assert stored(resident).interests == ["culture"], "the person's own ticks, not the suggestion"


def _is_ticked(text, interest):
    start = text.index(f'value="{interest.value}"', text.index('name="interests"'))
    return "checked" in text[start : text.index(">", start)]


def test_who_takes_every_tick_away_again_keeps_none(client, resident):
    client.post(PAGE, {"persona": "disaster", "suggested_for": "disaster"})
    assert (stored(resident).persona, stored(resident).interests) == ("disaster", [])


def test_another_persona_later_ticks_nothing_by_itself(client, resident):
    Resident.objects.filter(pk=resident.pk).update(persona="disaster", interests=[])
    assert client.post(PAGE, {"persona": "helping"}).status_code == 302
    assert stored(resident).interests == []


def test_the_button_ticks_at_any_time_and_keeps_what_was_ticked(client, resident):
    page = client.post(PAGE, {"persona": "disaster", "interests": ["word"], "suggest": "1"})
    text = page.content.decode()
    assert [i.value for i in Interest if _is_ticked(text, i)] == ["disaster", "word"]
    assert stored(resident).persona == ""


def test_what_is_no_choice_is_refused(client, resident):
    page = client.post(PAGE, {"persona": "king", "interests": ["war"], "languages": ["xx"]})
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert stored(resident).persona == ""


def test_the_first_form_stays_short_and_leads_there_unless_one_is_on_the_way():
    client = signed_in_client(UserFactory())
    page = client.get("/my/profile/").content.decode()
    assert 'name="interests"' not in page
    assert client.post("/my/profile/", ENTERED)["Location"] == PAGE
    assert client.post("/my/profile/", ENTERED)["Location"] == "/my/profile/"
    other = signed_in_client(UserFactory())
    on_the_way = other.post("/my/profile/?next=/register/042056/", ENTERED)
    assert on_the_way["Location"] == "/register/042056/"


# The rule


def test_every_persona_suggests_interests_that_there_are():
    for persona in Persona:
        suggested = suggested_interests(persona.value)
        assert suggested
        assert set(suggested) <= set(Interest.values)
    assert suggested_interests("") == suggested_interests("king") == ()
    assert len(SpokenLanguage) > 10


@pytest.mark.parametrize(
    ("persona", "before", "ticked", "shown", "expected"),
    [
        ("helping", "", [], "", True),
        ("helping", "", [], "longing", True),
        ("helping", "", [], "helping", False),
        ("helping", "", ["care"], "", False),
        ("helping", "longing", [], "", False),
        ("", "", [], "", False),
    ],
)
def test_a_suggestion_is_made_once(persona, before, ticked, shown, expected):
    assert is_to_suggest(persona, before, ticked, shown) is expected
