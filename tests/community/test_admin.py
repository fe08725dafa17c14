"""Rooms and posts as the municipality's staff meet them."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from common import clock
from community.models import Post, Room
from tenants.context import municipality_context
from tenants.staff.roles import Role
from tests.factories.accounts import signed_in_client
from tests.factories.community import bodies, first_room, make_post, make_registrant, make_room
from tests.factories.staff import make_member, staff_client

POSTS = "/admin/community_posts/"
ROOMS = "/admin/community_rooms/"
REASON = "個人の電話番号のため"
ELSEWHERE = 4711  # an id that no sequence has reached
AJAX = {"x-requested-with": "XMLHttpRequest"}
OTHER_ROLES = [
    role for role in Role.values if role not in {Role.ADMINISTRATOR, Role.ROOM_MODERATOR}
]
pytestmark = pytest.mark.django_db


def words(response, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode()


def stored(municipality, post: Post) -> Post:
    with municipality_context(municipality):
        return Post.objects.get(pk=post.pk)


def logged(municipality) -> list[tuple[str, int, str]]:
    with municipality_context(municipality):
        return [
            (entry.action, entry.user_id, entry.data["reason"])
            for entry in ModelLogEntry.objects.filter(action__startswith="community.")
        ]


@pytest.fixture
def hanako(kesennuma, hida):
    return make_registrant(kesennuma, family_name="佐藤", given_name="花子")


@pytest.fixture
def a_post(kesennuma, hanako) -> Post:
    return make_post(kesennuma, hanako, "090-0000-0000まで")


@pytest.fixture
def hidas_post(hida) -> Post:
    """Its id is nobody's in 気仙沼市."""
    author = make_registrant(hida, family_name="高橋")
    return make_post(hida, author, "飛騨の投稿", pk=ELSEWHERE)


@pytest.fixture
def moderator(kesennuma):
    return make_member(kesennuma, Role.ROOM_MODERATOR, name="小野寺 守")


@pytest.fixture
def desk(moderator, kesennuma) -> Client:
    """The moderator's browser."""
    return signed_in_client(moderator, kesennuma, admin=True)


# Reading


def test_the_menu_leads_moderators_to_posts_and_rooms(kesennuma, desk):
    page = words(desk.get("/admin/"))
    for label in ("交流ルーム", "投稿", "ルーム"):
        assert json.dumps(label)[1:-1] in page
    for role in OTHER_ROLES:
        page = words(staff_client(kesennuma, role).get("/admin/"))
        assert json.dumps("交流ルーム")[1:-1] not in page, role


def test_the_list_shows_this_municipalitys_posts_with_the_hidden_words(
    kesennuma, a_post, hidas_post, desk, moderator
):
    colleague = make_member(kesennuma, Role.ADMINISTRATOR, name="菅原 長")
    make_post(
        kesennuma, moderator, "隠された案内", parent=a_post, hidden=REASON, hidden_by=colleague
    )
    page = words(desk.get(POSTS))
    for shown in ("090-0000-0000まで", "佐藤 ＊＊", "隠された案内", REASON, "菅原 長", "小野寺 守"):
        assert shown in page
    assert "花子" not in page
    assert "飛騨の投稿" not in page and "高橋" not in page
    assert f"{POSTS}{a_post.pk}/hide/" in page
    assert 'href="http://kesennuma.localhost:8000/rooms/hiroba/"' in page


def test_the_list_is_filtered_by_room_and_state(kesennuma, hanako, a_post, desk):
    tsuri = make_room(kesennuma)
    make_post(kesennuma, hanako, "釣りの話", room=tsuri)
    make_post(kesennuma, hanako, "隠れた話", hidden=REASON)

    def found(**query) -> list[bool]:
        page = words(desk.get(POSTS, query))
        return [text in page for text in ("090-0000-0000まで", "釣りの話", "隠れた話")]

    assert found() == [True, True, True]
    assert found(state="hidden") == [False, False, True]
    assert found(state="shown") == [True, True, False]
    assert found(room=tsuri.pk) == [False, True, False]
    assert found(room=first_room(kesennuma).pk, state="shown") == [True, False, False]
    # What does not exist filters nothing.
    assert found(room="999", state="x", page="x") == [True, True, True]
    with municipality_context(kesennuma):
        Post.objects.update(hidden_at=None, hidden_reason="")
    assert "条件に合う投稿はありません" in words(desk.get(POSTS, {"state": "hidden"}))


def test_newest_come_first_and_the_oldest_on_the_next_page(kesennuma, hanako, desk):
    start = clock.now() - timedelta(days=1)
    for number in range(51):
        make_post(kesennuma, hanako, f"投稿{number:02}", at=start + timedelta(minutes=number))
    first, second = words(desk.get(POSTS)), words(desk.get(POSTS, {"page": 2}))
    assert first.index("投稿50") < first.index("投稿49")
    assert ("投稿00" in first, "投稿00" in second) == (False, True)


def test_three_threads_in_the_list_cost_the_queries_of_one(kesennuma, hanako, moderator, desk):
    def add_thread() -> None:
        thread = make_post(kesennuma, make_registrant(kesennuma))
        make_post(kesennuma, moderator, "返信", parent=thread)
        make_post(kesennuma, hanako, hidden=REASON, hidden_by=moderator)

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            words(desk.get(POSTS))
        return [query["sql"] for query in captured]

    add_thread()
    desk.get(POSTS)
    one = queries()
    add_thread()
    add_thread()
    three = queries()
    assert len(three) == len(one), three
    # One of them asks whether the factor the session was passed with is still there.
    assert len(one) <= 19, one


def test_script_in_a_post_is_text_for_staff_too(kesennuma, hanako, desk):
    attack = '<script>alert("海")</script>'
    post = make_post(kesennuma, hanako, attack)
    for path in ("", f"{post.pk}/hide/", f"{post.pk}/answer/"):
        page = words(desk.get(POSTS + path))
        assert "<script>alert(" not in page
        assert "&lt;script&gt;alert(&quot;海&quot;)&lt;/script&gt;" in page


# Hiding


def test_a_moderator_hides_with_a_reason_and_it_is_logged(
    kesennuma, hida, hanako, a_post, hidas_post, desk, moderator
):
    url = f"{POSTS}{a_post.pk}/hide/"
    assert "090-0000-0000まで" in words(desk.get(url))
    assert not stored(kesennuma, a_post).is_hidden, "looking hides nothing"
    assert desk.post(url, {"reason": REASON})["Location"] == POSTS
    hidden = stored(kesennuma, a_post)
    assert (hidden.hidden_reason, hidden.hidden_by_id) == (REASON, moderator.pk)
    assert logged(kesennuma) == [("community.hide", moderator.pk, REASON)]
    assert logged(hida) == []
    assert "ルームには理由が表示されます" in words(desk.get(POSTS))
    room = words(signed_in_client(hanako.user, kesennuma).get("/rooms/hiroba/"))
    assert f"運営により非表示（理由：{REASON}）" in room
    assert "090-0000-0000" not in room
    with municipality_context(hida):
        assert not Post.objects.exclude(hidden_at=None).exists()


def test_the_history_of_the_site_names_the_act_and_no_words(kesennuma, hida, a_post, desk):
    desk.post(f"{POSTS}{a_post.pk}/hide/", {"reason": REASON})
    report = "/admin/reports/site-history/"
    name = f"ひろば #{a_post.pk}"
    page = words(staff_client(kesennuma, Role.ADMINISTRATOR).get(report))
    assert "投稿を非表示" in page and name in page
    assert "090-0000-0000" not in page
    assert name not in words(staff_client(hida, Role.ADMINISTRATOR).get(report))


def test_showing_again_is_logged_and_asks_by_post_only(kesennuma, hanako, a_post, desk, moderator):
    desk.post(f"{POSTS}{a_post.pk}/hide/", {"reason": REASON})
    url = f"{POSTS}{a_post.pk}/unhide/"
    assert url in words(desk.get(POSTS))
    assert desk.get(url).status_code == 405
    assert stored(kesennuma, a_post).is_hidden
    assert desk.post(url)["Location"] == POSTS
    assert not stored(kesennuma, a_post).is_hidden
    assert {action for action, _user, _reason in logged(kesennuma)} == {
        "community.hide",
        "community.unhide",
    }
    room = words(signed_in_client(hanako.user, kesennuma).get("/rooms/hiroba/"))
    assert "090-0000-0000まで" in room


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "理由を入力してください"),
        ("　", "理由を入力してください"),
        ("理" * 201, "201文字あります"),
    ],
)
def test_without_a_reason_that_fits_nothing_is_hidden(kesennuma, a_post, desk, reason, sentence):
    page = words(desk.post(f"{POSTS}{a_post.pk}/hide/", {"reason": reason}))
    assert sentence in page
    assert f'value="{reason}"' in page if len(reason) > 1 else "090-0000-0000まで" in page
    assert not stored(kesennuma, a_post).is_hidden
    assert logged(kesennuma) == []


def test_a_colleagues_reason_is_told_and_kept(kesennuma, a_post, desk, moderator):
    colleague = staff_client(kesennuma, Role.ADMINISTRATOR)
    desk.post(f"{POSTS}{a_post.pk}/hide/", {"reason": REASON})
    page = words(colleague.post(f"{POSTS}{a_post.pk}/hide/", {"reason": "宣伝のため"}))
    assert f"すでに非表示にしています。理由：{REASON}" in page
    assert stored(kesennuma, a_post).hidden_by_id == moderator.pk


# Writing


def test_staff_write_and_answer_in_the_municipalitys_name(kesennuma, hida, a_post, desk, moderator):
    make_room(kesennuma, "終わった部屋", slug="owari", is_open=False)
    page = words(desk.get(f"{POSTS}write/"))
    assert "ひろば" in page and "終わった部屋" not in page
    data = {"room": first_room(kesennuma).pk, "body": "ようこそ。", "client_key": str(uuid4())}
    for _time in range(2):
        assert desk.post(f"{POSTS}write/", data)["Location"] == POSTS
    answer = {"body": "お返事します。", "client_key": str(uuid4())}
    assert desk.post(f"{POSTS}{a_post.pk}/answer/", answer)["Location"] == POSTS
    with municipality_context(kesennuma):
        own = Post.objects.filter(staff_user=moderator).order_by("pk")
        assert list(own.values_list("body", "parent_id")) == [
            ("ようこそ。", None),
            ("お返事します。", a_post.pk),
        ]
    assert bodies(hida) == []


def test_a_refused_staff_form_keeps_its_words(kesennuma, hanako, a_post, desk):
    key = str(uuid4())
    url = f"{POSTS}{a_post.pk}/answer/"
    desk.post(url, {"body": "一通目", "client_key": key})
    page = words(desk.post(url, {"body": "二通目", "client_key": key}))
    assert "すでに別の投稿をしています" in page and "二通目</textarea>" in page
    assert key not in page
    page = words(desk.post(url, {"body": "三通目", "client_key": "x"}))
    assert "もう一度送信してください" in page and "三通目</textarea>" in page
    hidden = make_post(kesennuma, hanako, hidden=REASON)
    data = {"body": "四通目", "client_key": str(uuid4())}
    page = words(desk.post(f"{POSTS}{hidden.pk}/answer/", data))
    assert "もう返信できません" in page and "四通目</textarea>" in page
    closed = make_room(kesennuma, is_open=False)
    data = {"room": closed.pk, "body": "五通目", "client_key": str(uuid4())}
    assert "五通目</textarea>" in words(desk.post(f"{POSTS}write/", data))
    assert len(bodies(kesennuma)) == 3


# Rooms


def test_a_moderator_makes_and_closes_a_room_and_deletes_none(kesennuma, hida, desk):
    data = {"name": "祭りの部屋", "slug": "matsuri", "description": "", "is_open": "on"}
    assert desk.post(f"{ROOMS}new/", data).status_code == 302
    with municipality_context(kesennuma):
        made = Room.objects.get(slug="matsuri")
    assert "祭りの部屋" in words(desk.get(ROOMS))
    del data["is_open"]
    assert desk.post(f"{ROOMS}edit/{made.pk}/", data).status_code == 302
    assert desk.post(f"{ROOMS}delete/{made.pk}/").status_code in {302, 403, 404}
    with municipality_context(kesennuma):
        assert not Room.objects.get(slug="matsuri").is_open
    with municipality_context(hida):
        assert not Room.objects.filter(slug="matsuri").exists()
    assert "祭りの部屋" not in words(staff_client(hida, Role.ADMINISTRATOR).get(ROOMS))


def test_a_rooms_address_is_taken_once_in_a_municipality(kesennuma, hida, desk):
    data = {"name": "もう一つ", "slug": "hiroba", "description": "", "is_open": "on"}
    page = words(desk.post(f"{ROOMS}new/", data))
    assert "もう一つ" in page
    with municipality_context(kesennuma):
        assert Room.objects.count() == 1


# Walls


def attempts(post_id: int, room_id: int) -> list[tuple[str, str, dict]]:
    """Everything that can be asked about one post and one room."""
    answer = {"body": "侵入", "client_key": str(uuid4())}
    room = {"name": "侵入", "slug": "shinnyuu", "description": ""}
    return [
        ("get", f"{POSTS}{post_id}/hide/", {}),
        ("post", f"{POSTS}{post_id}/hide/", {"reason": "侵入"}),
        ("post", f"{POSTS}{post_id}/unhide/", {}),
        ("get", f"{POSTS}{post_id}/answer/", {}),
        ("post", f"{POSTS}{post_id}/answer/", answer),
        ("get", f"{ROOMS}edit/{room_id}/", {}),
        ("post", f"{ROOMS}edit/{room_id}/", room),
    ]


def everything(municipality) -> list:
    with municipality_context(municipality):
        return [*Room.objects.order_by("pk").values(), *Post.objects.order_by("pk").values()]


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_who_may_not_moderate_is_refused_and_nothing_changes(kesennuma, a_post, role):
    client = staff_client(kesennuma, role)
    before = everything(kesennuma)
    asked = [
        *attempts(a_post.pk, first_room(kesennuma).pk),
        ("get", POSTS, {}),
        ("get", f"{POSTS}write/", {}),
        ("post", f"{POSTS}write/", {"room": first_room(kesennuma).pk, "body": "侵入"}),
        ("get", f"{ROOMS}new/", {}),
    ]
    for method, url, data in asked:
        # A screen leads back to the admin's front page with a message, as everywhere in Wagtail.
        seen = getattr(client, method)(url, data)
        assert (seen.status_code, seen.get("Location")) == (302, "/admin/"), url
        assert getattr(client, method)(url, data, headers=AJAX).status_code == 403, url
    assert everything(kesennuma) == before
    assert logged(kesennuma) == []


def test_ids_of_the_other_municipality_are_unknown_and_nothing_changes(
    kesennuma, hida, a_post, hidas_post, desk
):
    with municipality_context(hida):
        Room.objects.create(name="飛騨の部屋", slug="heya", pk=ELSEWHERE)
    with municipality_context(kesennuma):
        assert not Post.objects.filter(pk=ELSEWHERE).exists()
        assert not Room.objects.filter(pk=ELSEWHERE).exists()
    before = everything(kesennuma), everything(hida)
    for method, url, data in attempts(ELSEWHERE, ELSEWHERE):
        assert getattr(desk, method)(url, data).status_code == 404, url
    into = {"room": ELSEWHERE, "body": "侵入", "client_key": str(uuid4())}
    assert "侵入" in words(desk.post(f"{POSTS}write/", into))
    assert (everything(kesennuma), everything(hida)) == before
    assert logged(hida) == logged(kesennuma) == []
    # At home all of it opens.
    own = staff_client(hida, Role.ROOM_MODERATOR)
    for method, url, data in attempts(ELSEWHERE, ELSEWHERE):
        assert getattr(own, method)(url, data).status_code in {200, 302}, url
    assert everything(hida) != before[1]


def test_an_id_both_have_means_ones_own(kesennuma, hida, a_post, desk):
    twin = make_post(hida, make_registrant(hida), "飛騨の双子", pk=a_post.pk + 100)
    make_post(kesennuma, make_registrant(kesennuma), "気仙沼の双子", pk=twin.pk)
    assert "気仙沼の双子" in words(desk.get(f"{POSTS}{twin.pk}/hide/"))
    desk.post(f"{POSTS}{twin.pk}/hide/", {"reason": REASON})
    assert stored(kesennuma, twin).is_hidden
    assert not stored(hida, twin).is_hidden


def test_a_moderator_of_one_municipality_is_nobody_at_the_other(kesennuma, hida, moderator, a_post):
    there = signed_in_client(moderator, hida, admin=True)
    nobody = Client(HTTP_HOST="kesennuma.admin.localhost")
    for client in (there, nobody):
        assert client.get(POSTS)["Location"].startswith("/admin/login/")
    assert signed_in_client(moderator, kesennuma, admin=True).get(POSTS).status_code == 200


def test_residents_do_not_get_behind_the_desk(kesennuma, hanako, a_post):
    client = signed_in_client(hanako.user, kesennuma, admin=True)
    assert client.post(f"{POSTS}{a_post.pk}/hide/", {"reason": "x"}).status_code in {302, 403}
    assert not stored(kesennuma, a_post).is_hidden
    public = signed_in_client(hanako.user, kesennuma)
    assert public.get(POSTS).status_code == 404
