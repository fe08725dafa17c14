"""What leaves the queries for the pages of a room."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from common import clock
from community.models import Room
from community.queries import THREADS_PER_PAGE, names_of, page_of, posts_for_staff, threads_page
from registration.operations import leave
from registration.queries import active_registration
from tenants.context import municipality_context
from tenants.staff.roles import Role
from tests.factories.community import first_room, make_post, make_registrant, make_room
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

THEN = datetime(2026, 11, 1, 18, 30, tzinfo=clock.TOKYO)
pytestmark = pytest.mark.django_db


@pytest.fixture
def hanako(kesennuma, hida):
    """Registered with both, under the same name."""
    made = make_registrant(kesennuma, family_name="佐藤", given_name="花子")
    register_resident(made, hida)
    return made


def shown(municipality, reader, room=None, number=None):
    room = room or first_room(municipality)
    with municipality_context(municipality):
        return threads_page(room, municipality, reader.pk, number)


def test_of_a_hidden_post_neither_words_nor_name_leave(kesennuma, hida, hanako):
    thread = make_post(kesennuma, hanako, "秘密", hidden="宣伝のため")
    make_post(kesennuma, hanako, "秘密の返信", parent=thread, hidden="個人情報のため")
    make_post(hida, hanako, "飛騨の投稿")
    (post,) = shown(kesennuma, hanako)
    (answer,) = post.answers
    for one, reason in ((post, "宣伝のため"), (answer, "個人情報のため")):
        assert (one.body, one.author, one.is_hidden) == ("", "", True)
        assert (one.hidden_reason, one.is_own) == (reason, True)


def test_a_post_says_whose_it_is_to_each_reader(kesennuma, hanako):
    other = make_registrant(kesennuma, family_name="髙橋", given_name="一")
    member = make_member(kesennuma, Role.ROOM_MODERATOR)
    thread = make_post(kesennuma, hanako, "問い", at=THEN)
    for minute, author in enumerate((member, other), 1):
        make_post(kesennuma, author, "答え", parent=thread, at=THEN + timedelta(minutes=minute))
    (post,) = shown(kesennuma, other)
    everyone = (post, *post.answers)
    assert [one.author for one in everyone] == ["佐藤 ＊＊", "気仙沼市", "髙橋 ＊"]
    assert [one.is_own for one in everyone] == [False, False, True]
    assert [one.is_by_staff for one in everyone] == [False, True, False]
    assert post.created_at == THEN


def test_names_are_those_of_people_still_registered_here(kesennuma, hida, hanako):
    gone = make_registrant(kesennuma)
    posts = [make_post(kesennuma, who) for who in (hanako, gone)]
    leave(active_registration(gone.pk, kesennuma))
    # Registered elsewhere, which is not here.
    register_resident(gone, hida)
    with municipality_context(kesennuma):
        assert names_of(posts, kesennuma) == {hanako.pk: "佐藤 ＊＊"}
    assert [post.author for post in shown(kesennuma, hanako)] == ["佐藤 ＊＊", ""]


def test_a_room_opens_at_its_last_page_oldest_first(kesennuma, hanako):
    elsewhere = make_room(kesennuma)
    posts = []
    for number in range(THREADS_PER_PAGE + 1):
        at = THEN + timedelta(minutes=number)
        posts.append(make_post(kesennuma, hanako, str(number), at=at))
        make_post(kesennuma, hanako, "別室", room=elsewhere, at=at)
    answer = make_post(kesennuma, hanako, "返信", parent=posts[0], at=THEN + timedelta(days=1))
    pages = [shown(kesennuma, hanako, number=number) for number in (None, 1, 2, "99", "x")]
    assert [page.number for page in pages] == [2, 1, 2, 2, 1]
    assert [post.body for post in pages[0]] == [str(THREADS_PER_PAGE)]
    assert [post.body for post in pages[1]] == [str(number) for number in range(THREADS_PER_PAGE)]
    with municipality_context(kesennuma):
        found = [page_of(post) for post in (posts[0], posts[-2], posts[-1], answer)]
    assert found == [1, 1, 2, 1]


def test_posts_of_the_same_moment_keep_their_order_on_their_page(kesennuma, hanako):
    posts = [make_post(kesennuma, hanako, at=THEN) for _ in range(THREADS_PER_PAGE + 1)]
    with municipality_context(kesennuma):
        assert [page_of(posts[0]), page_of(posts[-2]), page_of(posts[-1])] == [1, 1, 2]
    assert [post.id for post in shown(kesennuma, hanako)] == [posts[-1].pk]


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_takes_four_queries(kesennuma, hanako, count, django_assert_num_queries):
    room = first_room(kesennuma)
    for _number in range(count):
        thread = make_post(kesennuma, hanako)
        make_post(kesennuma, make_registrant(kesennuma), parent=thread)
    with municipality_context(kesennuma):
        Room.objects.exists()  # the first query in a schema is one more, that enters it
        with django_assert_num_queries(4):
            list(threads_page(room, kesennuma, hanako.pk))


def test_rooms_are_listed_in_their_order_with_their_last_shown_post(kesennuma, hanako):
    make_room(kesennuma, "二番目", slug="b", sort_order=2)
    first = make_room(kesennuma, "一番目", slug="a", sort_order=1)
    make_post(kesennuma, hanako, room=first, at=THEN)
    make_post(kesennuma, hanako, room=first, at=THEN + timedelta(days=1), hidden="宣伝のため")
    with municipality_context(kesennuma):
        listed = [(room.name, room.last_post_at) for room in Room.objects.listed()]
    assert listed == [("ひろば", None), ("一番目", THEN), ("二番目", None)]


def test_staff_get_every_post_newest_first(kesennuma, hida, hanako):
    old = make_post(kesennuma, hanako, "古い", at=THEN, hidden="宣伝のため")
    new = make_post(kesennuma, hanako, "新しい", at=THEN + timedelta(days=1))
    make_post(hida, hanako, "飛騨の投稿")
    with municipality_context(kesennuma):
        assert list(posts_for_staff()) == [new, old]
        assert list(posts_for_staff(hidden=True)) == [old]
        assert list(posts_for_staff(hidden=False)) == [new]
        assert list(posts_for_staff(room=make_room(kesennuma))) == []
