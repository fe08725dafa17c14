"""Hiding a post with a reason, and showing it again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection
from wagtail.models import ModelLogEntry

from common import clock
from common.refusal import Refused
from community.models import Post
from community.operations import hide, unhide
from community.operations.moderation import HIDDEN, SHOWN
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.factories.community import make_post, make_registrant
from tests.factories.staff import make_member

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=clock.TOKYO)
REASON = "個人の電話番号が書かれていたため"


@pytest.fixture
def moderator(kesennuma):
    return make_member(kesennuma, Role.ROOM_MODERATOR)


@pytest.fixture
def a_post(kesennuma, hida) -> Post:
    """In 気仙沼市; 飛騨市 has one with the same id."""
    other = make_post(hida, make_registrant(hida), "飛騨の投稿")
    made = make_post(kesennuma, make_registrant(kesennuma), "090-0000-0000まで", pk=other.pk)
    assert made.pk == other.pk
    return made


def in_kesennuma(kesennuma, action, *args):
    with municipality_context(kesennuma):
        return action(*args)


def entries(municipality) -> list[tuple]:
    """The history of the site, oldest first: what, who, data, and what it calls the post."""
    with municipality_context(municipality):
        return [
            (one.action, one.user_id, one.data, one.label)
            for one in ModelLogEntry.objects.filter(action__startswith="community.").order_by("pk")
        ]


def test_hiding_keeps_the_words_and_who_when_why(kesennuma, hida, a_post, moderator):
    with clock.as_of(NOW):
        hidden = in_kesennuma(kesennuma, hide, a_post, moderator, f"　{REASON}\r\n\t ")
    assert (hidden.hidden_at, hidden.hidden_by, hidden.hidden_reason) == (NOW, moderator, REASON)
    with municipality_context(kesennuma):
        assert Post.objects.get(pk=a_post.pk).body == "090-0000-0000まで"
    with municipality_context(hida):
        assert not Post.objects.get(pk=a_post.pk).is_hidden


def test_both_ways_stand_in_the_history_without_the_words(kesennuma, hida, a_post, moderator):
    in_kesennuma(kesennuma, hide, a_post, moderator, REASON)
    in_kesennuma(kesennuma, unhide, a_post, moderator)
    label = f"ひろば #{a_post.pk}"
    assert entries(kesennuma) == [
        (HIDDEN, moderator.pk, {"reason": REASON}, label),
        (SHOWN, moderator.pk, {"reason": REASON}, label),
    ]
    assert entries(hida) == []


@pytest.mark.parametrize(
    ("reason", "code", "data"),
    [
        ("", "reason_given", {}),
        (" 　\u200b", "reason_given", {}),
        ("理" * 201, "reason_short", {"length": 201, "limit": 200}),
    ],
)
def test_without_a_reason_that_fits_nothing_is_hidden(
    kesennuma, a_post, moderator, reason, code, data
):
    with pytest.raises(Refused) as refused:
        in_kesennuma(kesennuma, hide, a_post, moderator, reason)
    assert (refused.value.code, refused.value.data) == (code, data)
    a_post = in_kesennuma(kesennuma, Post.objects.get)
    assert not a_post.is_hidden
    assert entries(kesennuma) == []
    in_kesennuma(kesennuma, hide, a_post, moderator, "理" * 200)


def test_a_colleagues_reason_is_kept(kesennuma, a_post, moderator):
    in_kesennuma(kesennuma, hide, a_post, moderator, REASON)
    colleague = make_member(kesennuma, Role.ADMINISTRATOR)
    with pytest.raises(Refused) as refused:
        in_kesennuma(kesennuma, hide, a_post, colleague, "宣伝のため")
    assert (refused.value.code, refused.value.data) == ("already_hidden", {"reason": REASON})
    stored = in_kesennuma(kesennuma, Post.objects.get)
    assert (stored.hidden_by, stored.hidden_reason) == (moderator, REASON)
    assert len(entries(kesennuma)) == 1


def test_hiding_twice_with_the_same_reason_is_hiding_once(kesennuma, a_post, moderator):
    colleague = make_member(kesennuma, Role.ADMINISTRATOR)
    with clock.as_of(NOW):
        in_kesennuma(kesennuma, hide, a_post, moderator, REASON)
    again = in_kesennuma(kesennuma, hide, a_post, colleague, REASON)
    assert (again.hidden_at, again.hidden_by) == (NOW, moderator)
    assert len(entries(kesennuma)) == 1


def test_what_is_shown_again_can_be_hidden_for_another_reason(kesennuma, a_post, moderator):
    in_kesennuma(kesennuma, hide, a_post, moderator, REASON)
    shown = in_kesennuma(kesennuma, unhide, a_post, moderator)
    assert (shown.hidden_at, shown.hidden_by, shown.hidden_reason) == (None, None, "")
    hidden = in_kesennuma(kesennuma, hide, a_post, moderator, "宣伝のため")
    assert hidden.hidden_reason == "宣伝のため"
    assert len(entries(kesennuma)) == 3


def test_showing_what_is_not_hidden_writes_nothing(kesennuma, a_post, moderator):
    assert not in_kesennuma(kesennuma, unhide, a_post, moderator).is_hidden
    assert entries(kesennuma) == []


def test_of_two_reasons_at_the_same_moment_one_stands(own_database):
    kesennuma = Municipality.objects.get(pk="042056")
    made = make_post(kesennuma, make_registrant(kesennuma))
    moderators = [make_member(kesennuma, Role.ROOM_MODERATOR) for _ in range(4)]

    def attempt(number: int) -> str:
        try:
            with municipality_context(Municipality.objects.get(pk="042056")):
                return hide(made, moderators[number], f"理由{number}").hidden_reason
        except Refused as refused:
            assert refused.code == "already_hidden"
            return str(refused.data["reason"])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(attempt, range(4)))
    assert len(set(told)) == 1
    assert [data for _action, _user, data, _label in entries(kesennuma)] == [{"reason": told[0]}]
