"""Rooms on the municipality's host: who gets in, what is shown, what is written."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common import clock
from community.models import Post
from community.queries import THREADS_PER_PAGE
from registration.operations import leave
from registration.queries import active_registration
from tenants.context import municipality_context
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.community import bodies, make_post, make_registrant, make_room
from tests.factories.staff import make_member

ROOM = "/rooms/hiroba/"
THEN = datetime(2026, 11, 1, 18, 30, tzinfo=clock.TOKYO)
ATTACK = '<script>alert("海")</script><img src=x onerror=alert(1)>'
pytestmark = pytest.mark.django_db


def words(response, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode()


def keys_in(page: str) -> list[str]:
    """The key of each form on a page, in the order they stand."""
    return re.findall(r'name="client_key" value="([^"]+)"', page)


def article(page: str, post: Post) -> str:
    """The part of the page that shows one post."""
    found = re.search(rf'<article [^>]*id="post-{post.pk}">.*?</article>', page, re.DOTALL)
    assert found, f"no post {post.pk} on the page"
    return found[0]


@pytest.fixture
def hanako(kesennuma, hida):
    return make_registrant(kesennuma, family_name="佐藤", given_name="花子")


@pytest.fixture
def ichiro(kesennuma, hida):
    return make_registrant(kesennuma, family_name="髙橋", given_name="一郎")


@pytest.fixture
def hanakos(hanako, kesennuma) -> Client:
    """Her browser at 気仙沼市."""
    return signed_in_client(hanako.user, kesennuma)


@pytest.fixture
def ichiros(ichiro, kesennuma) -> Client:
    return signed_in_client(ichiro.user, kesennuma)


@pytest.fixture
def at_hida(hida) -> Client:
    """The browser of somebody registered with 飛騨市."""
    return signed_in_client(make_registrant(hida).user, hida)


def form_data(body: str, **more: object) -> dict:
    return {"body": body, "client_key": str(uuid4()), **more}


# Reading and writing


def test_a_registrant_posts_and_another_answers(kesennuma, hanakos, ichiros, at_hida):
    page = words(hanakos.get(ROOM))
    assert "まだ投稿はありません" in page
    (key,) = keys_in(page)
    sent = hanakos.post(ROOM, {"body": "牡蠣の季節ですね。", "client_key": key})
    with municipality_context(kesennuma):
        post = Post.objects.get()
    assert sent.status_code == 302
    assert sent["Location"] == f"{ROOM}?page=1#post-{post.pk}"
    page = words(hanakos.get(sent["Location"]))
    assert "ルームに投稿しました" in page
    assert "佐藤 ＊＊" in page and "（あなた）" in page
    page = words(ichiros.get(ROOM))
    assert "牡蠣の季節ですね。" in page and "（あなた）" not in page
    assert f'name="parent" value="{post.pk}"' in page
    answer_key, post_key = keys_in(page)
    assert answer_key != post_key
    sent = ichiros.post(
        ROOM, {"body": "食べに行きます。", "client_key": answer_key, "parent": post.pk}
    )
    assert sent.status_code == 302
    page = words(hanakos.get(ROOM))
    assert page.index("牡蠣の季節ですね。") < page.index("食べに行きます。")
    assert "髙橋 ＊＊" in page
    with municipality_context(kesennuma):
        assert Post.objects.get(parent=post).body == "食べに行きます。"
    # 飛騨市 has a room at the same address, and nothing of this in it.
    assert "牡蠣" not in words(at_hida.get(ROOM))


def test_each_municipality_shows_its_own_posts_only(kesennuma, hida, hanako, hanakos, at_hida):
    sea = make_post(kesennuma, hanako, "海の投稿")
    mountain = make_post(hida, make_registrant(hida), "山の投稿", pk=sea.pk)
    assert sea.pk == mountain.pk
    make_room(kesennuma, "釣り好きの部屋", slug="tsuri")
    make_room(hida, "祭り好きの部屋", slug="matsuri")
    here, there = words(hanakos.get(ROOM)), words(at_hida.get(ROOM))
    assert ("海の投稿" in here, "山の投稿" in here) == (True, False)
    assert ("海の投稿" in there, "山の投稿" in there) == (False, True)
    here, there = words(hanakos.get("/rooms/")), words(at_hida.get("/rooms/"))
    assert ("釣り好きの部屋" in here, "祭り好きの部屋" in here) == (True, False)
    assert ("釣り好きの部屋" in there, "祭り好きの部屋" in there) == (False, True)
    assert hanakos.get("/rooms/tsuri/").status_code == 200
    assert hanakos.get("/rooms/matsuri/").status_code == 404
    assert at_hida.get("/rooms/matsuri/").status_code == 200


def test_staff_speak_in_the_municipalitys_name(kesennuma, hanako, hanakos):
    member = make_member(kesennuma, Role.ROOM_MODERATOR, name="小野寺 職員")
    thread = make_post(kesennuma, hanako)
    answer = make_post(kesennuma, member, "お待ちしています。", parent=thread)
    page = words(hanakos.get(ROOM))
    shown = article(page, answer)
    assert "気仙沼市" in shown and "（自治体）" in shown and "お待ちしています。" in shown
    assert "小野寺" not in page and member.email not in page


def test_names_are_short_and_gone_once_somebody_leaves(kesennuma, hanakos, ichiro):
    post = make_post(kesennuma, ichiro, "さようなら。")
    page = words(hanakos.get(ROOM))
    assert "髙橋 ＊＊" in article(page, post)
    assert "一郎" not in page and str(ichiro.pk) not in page and ichiro.user.email not in page
    leave(active_registration(ichiro.pk, kesennuma))
    page = words(hanakos.get(ROOM))
    assert "登録を終えた方" in article(page, post)
    assert "さようなら。" in page
    assert "髙橋" not in page
    assert "さんへ" not in page, "there is no name to answer to"


def test_the_list_names_the_last_post_a_reader_can_see(kesennuma, hanako, hanakos):
    make_post(kesennuma, hanako, at=THEN)
    make_post(kesennuma, hanako, at=THEN + timedelta(days=3), hidden="宣伝のため")
    make_room(kesennuma, is_open=False)
    page = words(hanakos.get("/rooms/"))
    assert "最後の投稿：令和8年11月1日（日）18時30分" in page
    assert "まだ投稿はありません" in page
    assert "終了（読むだけ）" in page
    assert "11月4日" not in page


def test_a_post_leads_to_the_page_it_stands_on(kesennuma, hanako, hanakos):
    for number in range(THREADS_PER_PAGE):
        make_post(kesennuma, hanako, f"投稿{number:02}", at=THEN + timedelta(minutes=number))
    sent = hanakos.post(ROOM, form_data("二十一番目"))
    assert "?page=2#post-" in sent["Location"]
    last, first = words(hanakos.get(ROOM)), words(hanakos.get(f"{ROOM}?page=1"))
    assert ("二十一番目" in last, "投稿00" in last) == (True, False)
    assert ("二十一番目" in first, "投稿00" in first, "投稿19" in first) == (False, True, True)
    with municipality_context(kesennuma):
        oldest = Post.objects.order_by("created_at").first()
    sent = hanakos.post(ROOM, form_data("古い投稿への返信", parent=oldest.pk))
    assert "?page=1#post-" in sent["Location"]


@pytest.mark.parametrize("number", ["0", "-1", "99", "abc", "1e5", "9" * 5000, "１"])
def test_a_page_number_from_nowhere_gives_a_page(kesennuma, hanako, hanakos, number):
    make_post(kesennuma, hanako, "ここにいます。")
    assert "ここにいます。" in words(hanakos.get(ROOM, {"page": number}))


def test_the_rooms_are_there_in_english(kesennuma, hanako, hanakos):
    make_post(kesennuma, hanako)
    assert "Community rooms" in words(hanakos.get("/en/rooms/"))
    page = words(hanakos.get(f"/en{ROOM}"))
    assert "(you)" in page and "Write a post" in page


def test_a_japanese_room_has_no_english_sentence(kesennuma, hanako, hanakos):
    make_post(kesennuma, hanako)
    make_post(kesennuma, hanako, hidden="宣伝のため")
    pages = [words(hanakos.get(path)) for path in ("/rooms/", ROOM)]
    pages.append(words(hanakos.post(ROOM, form_data("")), 409))
    for page in pages:
        text = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
        assert re.findall(r"[A-Za-z]{3,}", text.replace("English", "")) == []


# Who is let in


@pytest.mark.parametrize("path", ["/rooms/", ROOM, "/rooms/nowhere/"])
def test_who_is_not_signed_in_is_invited(kesennuma, hanako, path):
    make_post(kesennuma, hanako, "身内の話")
    visitor = Client(HTTP_HOST="kesennuma.localhost")
    page = words(visitor.get(path))
    assert f'href="/enter/?next={path}"' in page
    assert "読む・書くにはログインしてください" in page
    for secret in ("身内の話", "佐藤", "ひろば"):
        assert secret not in page


def test_who_is_not_signed_in_posts_nothing(kesennuma, hanako):
    visitor = Client(HTTP_HOST="kesennuma.localhost")
    page = words(visitor.post(ROOM, form_data("だれでしょう")))
    assert "ログインしてください" in page
    assert bodies(kesennuma) == []


@pytest.mark.parametrize("path", ["/rooms/", ROOM, "/rooms/nowhere/"])
def test_who_is_not_registered_here_is_told_so_and_how_to(kesennuma, hida, hanako, path):
    make_post(kesennuma, hanako, "身内の話")
    # Registered with the other municipality, and signed in here.
    neighbour = make_registrant(hida)
    for resident in (neighbour, ResidentFactory()):
        client = signed_in_client(resident.user, kesennuma)
        for page in (words(client.get(path), 403), words(client.post(path, form_data("x")), 403)):
            assert "登録している方の場所です" in page
            assert "//localhost:8000/register/042056/" in page
            for secret in ("身内の話", "佐藤", "ひろば"):
                assert secret not in page
    assert bodies(kesennuma) == ["身内の話"]


def test_an_account_without_a_profile_is_invited(kesennuma):
    client = signed_in_client(make_member(kesennuma, Role.READER), kesennuma)
    assert "ログインしてください" in words(client.get(ROOM))


def test_what_residents_write_is_kept_by_no_cache(kesennuma, hanakos):
    visitor = Client(HTTP_HOST="kesennuma.localhost")
    stranger = signed_in_client(ResidentFactory().user, kesennuma)
    for client in (hanakos, visitor, stranger):
        assert "no-store" in client.get(ROOM)["Cache-Control"]


def test_a_post_needs_the_forms_token(kesennuma, hanakos):
    strict = Client(HTTP_HOST="kesennuma.localhost", enforce_csrf_checks=True)
    strict.cookies["session"] = hanakos.cookies["session"].value
    assert strict.post(ROOM, form_data("ほかのサイトから")).status_code == 403
    assert bodies(kesennuma) == []


# What is refused


def test_the_same_form_sent_twice_is_one_post(kesennuma, hanakos):
    data = form_data("一度だけ")
    places = {hanakos.post(ROOM, data)["Location"] for _time in range(2)}
    assert len(places) == 1
    assert bodies(kesennuma) == ["一度だけ"]


def test_a_used_form_keeps_the_new_words_and_can_be_sent_again(kesennuma, hanakos):
    data = form_data("最初の文")
    hanakos.post(ROOM, data)
    page = words(hanakos.post(ROOM, {**data, "body": "次の文"}), 409)
    assert "すでに別の投稿をしています" in page
    assert "次の文</textarea>" in page
    key = keys_in(page)[-1]
    assert key != data["client_key"]
    assert hanakos.post(ROOM, {"body": "次の文", "client_key": key}).status_code == 302
    assert bodies(kesennuma) == ["最初の文", "次の文"]


@pytest.mark.parametrize("key", ["", "x", "00000000"])
def test_a_damaged_form_keeps_the_words_and_gets_a_new_key(kesennuma, hanakos, key):
    page = words(hanakos.post(ROOM, {"body": "大事な話", "client_key": key}), 409)
    assert "もう一度送信してください" in page
    assert "大事な話</textarea>" in page
    again = {"body": "大事な話", "client_key": keys_in(page)[-1]}
    assert hanakos.post(ROOM, again).status_code == 302
    assert bodies(kesennuma) == ["大事な話"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "本文を入力してください"),
        ("　\u200b\n", "本文を入力してください"),
        ("海" * 2001, "2,001文字あります。2,000文字までに"),
    ],
)
def test_what_cannot_be_posted_is_told_at_the_field(kesennuma, hanako, hanakos, body, sentence):
    thread = make_post(kesennuma, hanako, "先の投稿")
    for more in ({}, {"parent": thread.pk}):
        page = words(hanakos.post(ROOM, form_data(body, **more)), 409)
        prefix = f"answer-{thread.pk}" if more else "post"
        assert f'href="#{prefix}-body"' in page
        assert page.count(sentence) == 2, "in the summary and at the field"
        assert "先の投稿" in page
    assert bodies(kesennuma) == ["先の投稿"]
    # The limit itself is fine, however the browser sends line breaks.
    assert hanakos.post(ROOM, form_data("海\r\n" * 1000)).status_code == 302


def test_a_minor_reads_and_is_told_why_there_is_no_form(kesennuma, hanako):
    make_post(kesennuma, hanako, "先の投稿")
    today = clock.today()
    young = make_registrant(kesennuma, birth_date=date(today.year - 10, 1, 1))
    client = signed_in_client(young.user, kesennuma)
    page = words(client.get(ROOM))
    assert "先の投稿" in page
    assert "18歳未満の方は" in page
    assert keys_in(page) == []
    page = words(client.post(ROOM, form_data("ぼくも書きたい")), 409)
    assert page.count("18歳未満の方は") == 3, "above the posts, in the summary, at the field"
    assert "ぼくも書きたい" in page
    assert bodies(kesennuma) == ["先の投稿"]


def test_a_closed_room_is_read_only_and_loses_no_words(kesennuma, hanako, hanakos):
    closed = make_room(kesennuma, slug="tsuri", is_open=False)
    thread = make_post(kesennuma, hanako, "大漁でした。", room=closed)
    page = words(hanakos.get("/rooms/tsuri/"))
    assert "大漁でした。" in page and "このルームは終了したため" in page
    assert keys_in(page) == []
    for more in ({}, {"parent": thread.pk}):
        page = words(hanakos.post("/rooms/tsuri/", form_data("間に合わず", **more)), 409)
        assert "間に合わず</textarea>" in page
    assert bodies(kesennuma) == ["大漁でした。"]


def test_too_many_posts_are_told_with_the_figures(kesennuma, hanakos):
    for number in range(10):
        assert hanakos.post(ROOM, form_data(str(number))).status_code == 302
    page = words(hanakos.post(ROOM, form_data("十一番目")), 409)
    assert "10分間に10回まで" in page
    assert "十一番目</textarea>" in page
    assert "十一番目" not in bodies(kesennuma)


def test_an_answer_to_a_post_that_was_hidden_meanwhile_keeps_the_words(
    kesennuma, hanako, hanakos, ichiro
):
    thread = make_post(kesennuma, ichiro, "隠れた話", hidden="個人情報のため")
    page = words(hanakos.post(ROOM, form_data("返事です", parent=thread.pk)), 409)
    assert "もう返信できません" in page
    assert "返事です</textarea>" in page
    assert "隠れた話" not in page


@pytest.mark.parametrize("parent", ["x", "-1", "1.5", "１", "999999", "9" * 30, "9" * 5000, "0"])
def test_an_answer_to_nothing_is_an_unknown_page(kesennuma, hanakos, parent):
    assert hanakos.post(ROOM, form_data("返事", parent=parent)).status_code == 404
    assert bodies(kesennuma) == []


def test_a_post_of_another_room_or_municipality_is_not_answered(kesennuma, hida, hanako, hanakos):
    stranger = make_post(hida, make_registrant(hida), "飛騨", pk=4711)
    elsewhere = make_post(kesennuma, hanako, "別室", room=make_room(kesennuma))
    with municipality_context(kesennuma):
        assert not Post.objects.filter(pk=stranger.pk).exists()
    for parent in (elsewhere, stranger):
        assert hanakos.post(ROOM, form_data("返事", parent=parent.pk)).status_code == 404
    assert bodies(kesennuma) == ["別室"]
    assert bodies(hida) == ["飛騨"]


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(hanakos, method):
    assert getattr(hanakos, method)(ROOM).status_code == 405
    assert hanakos.head(ROOM).status_code == 200


def test_a_room_there_is_not(hanakos):
    assert hanakos.get("/rooms/nowhere/").status_code == 404


# Hidden posts and dangerous words


def test_of_a_hidden_post_residents_see_the_reason_and_no_word(
    kesennuma, hanako, hanakos, ichiro, ichiros
):
    thread = make_post(kesennuma, ichiro, "秘密の電話番号", hidden="個人の電話番号のため")
    answer = make_post(kesennuma, hanako, "見えるままの返信", parent=thread)
    gone = make_post(kesennuma, hanako, "秘密の返信", parent=thread, hidden="宣伝のため")
    open_thread = make_post(kesennuma, ichiro, "見える投稿")
    for client in (hanakos, ichiros):
        page = words(client.get(ROOM))
        assert "運営により非表示（理由：個人の電話番号のため）" in article(page, thread)
        assert "運営により非表示（理由：宣伝のため）" in article(page, gone)
        assert "秘密の" not in page
        assert "見えるままの返信" in article(page, answer)
        # A name beside the reason would be an accusation in public.
        assert "髙橋" not in article(page, thread)
        assert "佐藤" not in article(page, gone)
        # What cannot be read cannot be answered.
        assert f'name="parent" value="{thread.pk}"' not in page
        assert f'name="parent" value="{open_thread.pk}"' in page
        for path in ("/rooms/", f"/en{ROOM}", f"{ROOM}?page=1"):
            assert "秘密の" not in words(client.get(path))
    # One's own is marked, so that its writer knows.
    assert "あなたの投稿" in article(words(ichiros.get(ROOM)), thread)
    assert "あなたの投稿" not in article(words(hanakos.get(ROOM)), thread)


def test_script_in_a_post_is_shown_as_text(kesennuma, hanako, hanakos):
    assert hanakos.post(ROOM, form_data(f"一行目\n{ATTACK}")).status_code == 302
    page = words(hanakos.get(ROOM))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "一行目<br>&lt;script&gt;alert(&quot;海&quot;)&lt;/script&gt;" in page
    assert "script-src" in hanakos.get(ROOM)["Content-Security-Policy"]


def test_script_is_text_also_in_a_refused_form_and_a_reason(kesennuma, hanako, hanakos):
    make_post(kesennuma, hanako, hidden=ATTACK)
    page = words(hanakos.post(ROOM, form_data(ATTACK * 50)), 409)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


# Queries


@pytest.mark.parametrize("path", [ROOM, "/rooms/"])
def test_three_threads_cost_the_queries_of_one(kesennuma, hanako, ichiro, hanakos, path):
    member = make_member(kesennuma, Role.ROOM_MODERATOR)

    def add_thread() -> None:
        thread = make_post(kesennuma, hanako)
        for author in (ichiro, member):
            make_post(kesennuma, author, "返信", parent=thread)
        make_room(kesennuma, slug=f"room-{thread.pk}")

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            words(hanakos.get(path))
        return [query["sql"] for query in captured]

    add_thread()
    hanakos.get(path)
    one = queries()
    add_thread()
    add_thread()
    three = queries()
    assert len(three) == len(one), three
    assert len(one) <= 17, one
