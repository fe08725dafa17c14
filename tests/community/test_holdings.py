"""What is left of somebody's posts when they have closed their account."""

from __future__ import annotations

import pytest

from common.holdings import Person
from community.holdings import HOLDINGS
from community.models import LEFT, Post
from community.operations import unhide
from tenants.context import municipality_context
from tenants.staff.roles import Role
from tests.factories.accounts import signed_in_client
from tests.factories.community import make_post, make_registrant
from tests.factories.staff import make_member

ROOM = "/rooms/hiroba/"
GONE = "退会した方の投稿です。"
REASON = "宣伝のため"
pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver(kesennuma, hida):
    return make_registrant(kesennuma, family_name="佐藤", given_name="花子")


def erase(resident, *places):
    (holding,) = HOLDINGS
    for place in places:
        with municipality_context(place):
            assert holding.erase
            holding.erase(Person((resident.user_id,), (resident.pk,)))


def test_a_neutral_sentence_stands_in_the_post_s_place_and_answers_stay(kesennuma, hida, leaver):
    reader = make_registrant(kesennuma, family_name="髙橋")
    thread = make_post(kesennuma, leaver, "私は佐藤花子です。")
    make_post(kesennuma, reader, "よろしくお願いします。", parent=thread)
    elsewhere = make_post(hida, make_registrant(hida), "飛騨の投稿", pk=thread.pk)
    erase(leaver, kesennuma)
    page = signed_in_client(reader.user, kesennuma).get(ROOM).content.decode()
    assert GONE in page
    assert "よろしくお願いします。" in page
    assert "髙橋 ＊＊" in page
    for word in ("佐藤", "花子", "運営により非表示"):
        assert word not in page
    # Nothing to answer: the form of the page is that of a new post.
    assert f'name="parent" value="{thread.pk}"' not in page
    with municipality_context(kesennuma):
        assert Post.objects.get(pk=thread.pk).author_id != leaver.pk
    with municipality_context(hida):
        assert Post.objects.get(pk=elsewhere.pk).body == "飛騨の投稿"


def test_what_the_municipality_said_of_a_hidden_post_stays_for_staff(kesennuma, leaver):
    post = make_post(kesennuma, leaver, "秘密の電話番号", hidden=REASON)
    moderator = make_member(kesennuma, Role.ROOM_MODERATOR)
    erase(leaver, kesennuma)
    desk = signed_in_client(moderator, kesennuma, admin=True)
    page = desk.get("/admin/community_posts/").content.decode()
    assert REASON in page
    assert GONE in page
    assert "秘密の電話番号" not in page
    assert f"/{post.pk}/unhide/" not in page
    reader = make_registrant(kesennuma)
    page = signed_in_client(reader.user, kesennuma).get(ROOM).content.decode()
    assert GONE in page
    assert REASON not in page


def test_nobody_shows_an_erased_post_again(kesennuma, leaver):
    post = make_post(kesennuma, leaver)
    moderator = make_member(kesennuma, Role.ROOM_MODERATOR)
    erase(leaver, kesennuma)
    with municipality_context(kesennuma):
        unhide(post, moderator)
        assert Post.objects.get(pk=post.pk).hidden_reason == LEFT


def test_nobody_else_s_post_is_touched(kesennuma, leaver):
    other = make_post(kesennuma, make_registrant(kesennuma), "ここにいます。")
    make_post(kesennuma, leaver)
    erase(leaver, kesennuma)
    with municipality_context(kesennuma):
        assert list(Post.objects.exclude(body="").values_list("pk", flat=True)) == [other.pk]
