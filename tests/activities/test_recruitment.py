"""What a page says to those who think of coming, and how a list is narrowed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities import registry
from activities.models import ActivityPage, Session
from activities.registry import SessionStatus
from common import clock
from tenants.context import municipality_context
from tenants.enums import MunicipalityStatus
from tenants.hosts import municipality_host
from tests.activities.test_translations import translate
from tests.factories.activities import make_activity, session_values

pytestmark = pytest.mark.django_db
OFFICIAL = "この活動への参加は、ふるさと住民登録制度の実績としてカウントされます"
BEFORE_RELEASE = "公開される前の参加も"
URL = "https://meet.example.jp/room/secret-7"


def get(municipality, path):
    answer = Client().get(path, headers={"host": municipality_host(municipality)})
    assert answer.status_code == 200, path
    return answer.content.decode()


def path_of(page):
    return f"/activities/{page.slug}/"


def test_the_page_says_what_people_want_to_know(kesennuma):
    page = make_activity(
        kesennuma,
        cost_amount=1500,
        costs="昼食代は別です。",
        insurance="take_out",
        insurance_note="ボランティア活動保険",
        minimum_age=16,
        maximum_age=75,
        languages="日本語、英語",
        travel="気仙沼駅から送迎あり",
        safety_notes="暑さに注意してください。",
        stay="作業小屋に泊まれます。",
        stay_hours=5,
    )
    html = get(kesennuma, path_of(page))
    for words in (
        "1人 1,500円", "昼食代は別です。", "ご自身で加入してください", "ボランティア活動保険",
        "16歳から75歳まで", "日本語、英語", "駅から送迎あり", "暑さに注意",
        "作業小屋", "5時間のお手伝い",
    ):  # fmt: skip
        assert words in html, words
    plain = get(kesennuma, path_of(make_activity(kesennuma)))
    for words in ("費用", "保険", "年齢", "保護者", "宿泊", "緊急"):
        assert words not in plain, words


def test_zero_yen_is_free(kesennuma):
    assert "無料" in get(kesennuma, path_of(make_activity(kesennuma, cost_amount=0)))


def test_paid_work_stands_apart_from_volunteering(kesennuma):
    paid = make_activity(kesennuma, title="収穫の仕事", is_paid=True, pay="1時間 1,100円")
    make_activity(kesennuma, title="収穫の手伝い")
    html = get(kesennuma, path_of(paid))
    assert "ボランティア活動ではありません" in html
    assert "1時間 1,100円" in html
    only_paid = get(kesennuma, "/activities/?work=paid")
    assert "収穫の仕事" in only_paid
    assert "収穫の手伝い" not in only_paid
    voluntary = get(kesennuma, "/activities/?work=volunteer")
    assert "収穫の仕事" not in voluntary
    assert "収穫の手伝い" in voluntary


def test_the_address_of_the_online_meeting_is_for_those_with_a_place(kesennuma, monkeypatch):
    known = {}
    monkeypatch.setattr(registry, "_status_providers", [lambda request, uuids: known])
    page = make_activity(kesennuma, is_remote=True, online_url=URL)
    assert URL not in get(kesennuma, path_of(page))
    with municipality_context(kesennuma):
        known[Session.objects.get(page=page.pk).uuid] = SessionStatus(taken=1, mine=True)
    assert f'href="{URL}"' in get(kesennuma, path_of(page))
    with municipality_context(kesennuma):
        ActivityPage.objects.filter(pk=page.pk).update(online_url="javascript:alert(1)")
    assert 'href="javascript:' not in get(kesennuma, path_of(page))


@pytest.mark.parametrize(("notice", "designated", "shown"), [
    (True, True, True), (False, True, False), (True, False, False),
])  # fmt: skip
def test_the_official_sentence_is_shown_while_it_is_true(kesennuma, notice, designated, shown):
    page = make_activity(kesennuma, counts_notice=notice, designated=designated)
    html = get(kesennuma, path_of(page))
    assert (OFFICIAL in html) is shown
    assert BEFORE_RELEASE not in html


def test_the_sentence_is_not_shown_for_days_before_the_designation(kesennuma):
    later = clock.today() + timedelta(days=30)
    page = make_activity(kesennuma, counts_notice=True, designated_from=later)
    assert OFFICIAL not in get(kesennuma, path_of(page))


def test_recruitment_before_release_says_that_it_counts_too(kesennuma, rf):
    page = make_activity(kesennuma, counts_notice=True)
    kesennuma.status = MunicipalityStatus.PREPARING
    kesennuma.save()
    with municipality_context(kesennuma):
        request = rf.get("/", headers={"host": municipality_host(kesennuma)})
        request.municipality, request.resident = kesennuma, None
        assert ActivityPage.objects.get(pk=page.pk).get_context(request)["before_release"]


def test_urgent_ones_stand_first_until_they_are_over(kesennuma):
    today = clock.today()
    make_activity(kesennuma, title="明日", sessions=[session_values(today + timedelta(days=1))])
    make_activity(kesennuma, title="泥出し", is_urgent=True)
    past = [session_values(today - timedelta(days=3))]
    make_activity(kesennuma, title="昨年の泥出し", is_urgent=True, sessions=past)
    html = get(kesennuma, "/activities/")
    positions = [html.index(f">{title}</a>") for title in ("泥出し", "明日", "昨年の泥出し")]
    assert positions == sorted(positions)
    assert html.count("badge--error") == 1
    assert "明日" not in get(kesennuma, "/activities/?urgent=1")


def test_the_list_is_narrowed_by_each_filter(kesennuma, hida):
    make_activity(kesennuma, title="田植え", category="farming", is_remote=False)
    make_activity(kesennuma, title="遠隔の助言", category="advice", is_remote=True)
    make_activity(kesennuma, title="指定なし", category="farming", designated=False)
    later = date(clock.today().year + 2, 1, 1)
    make_activity(kesennuma, title="のちに指定", category="advice", designated_from=later)
    make_activity(hida, title="飛騨の田植え", category="farming")
    titles = ("田植え", "遠隔の助言", "指定なし", "のちに指定", "飛騨の田植え")
    for query, expected in (
        ("category=farming", {"田植え", "指定なし"}),
        ("remote=1", {"遠隔の助言"}),
        ("counts=1", {"田植え", "遠隔の助言"}),
        ("counts=1&category=advice", {"遠隔の助言"}),
        ("category=nonsense&work=x&counts=2", set(titles[:4])),
    ):
        html = get(kesennuma, f"/activities/?{query}")
        assert {title for title in titles if f">{title}</a>" in html} == expected, query
    assert "見つかりませんでした" in get(kesennuma, "/activities/?urgent=1")


def test_what_counts_is_also_found_in_a_translation(kesennuma):
    page = make_activity(kesennuma, is_urgent=True)
    with municipality_context(kesennuma):
        translate(page)
    assert "Beach cleaning" in get(kesennuma, "/en/activities/?counts=1&urgent=1")


def test_a_cancelled_date_is_not_the_next_one(kesennuma):
    today = clock.today()
    days = [session_values(today + timedelta(days=n)) for n in (2, 9)]
    page = make_activity(kesennuma, title="清掃", sessions=days)
    with municipality_context(kesennuma):
        first, second = page.stored_sessions().order_by("starts_at")
        Session.objects.filter(pk=first.pk).update(state="cancelled")
    html = get(kesennuma, "/activities/")
    assert second.starts_at.astimezone(clock.TOKYO).isoformat() in html
    assert first.starts_at.astimezone(clock.TOKYO).isoformat() not in html


@pytest.mark.parametrize("query", ["", "?counts=1&work=volunteer&category=cleaning"])
def test_filters_ask_a_bounded_number_of_questions(kesennuma, query):
    for number in range(20):
        make_activity(kesennuma, title=f"活動{number}", is_urgent=number == 3)
    get(kesennuma, f"/activities/{query}")
    with CaptureQueriesContext(connection) as captured:
        get(kesennuma, f"/activities/{query}")
    assert len(captured) <= (18 if query else 16), [one["sql"][:90] for one in captured]


def test_the_snapshot_carries_what_attendance_asks(kesennuma):
    page = make_activity(kesennuma, maximum_age=70, is_urgent=True)
    with municipality_context(kesennuma):
        snapshot = Session.objects.public().get(page=page.pk).snapshot()
    assert (snapshot.maximum_age, snapshot.is_urgent, snapshot.is_cancelled) == (70, True, False)


def test_the_page_links_to_a_local_currency_and_loads_nothing_from_there(kesennuma):
    address = "https://coin.example.jp/about"
    page = make_activity(kesennuma, currency_name="さるぼぼコイン", currency_url=address)
    html = get(kesennuma, path_of(page))
    for words in ("お礼（地域通貨など）", "さるぼぼコイン</a>", "（外部のサイトへ）"):
        assert words in html, words
    assert html.count("coin.example.jp") == html.count(f'<a href="{address}"') == 1
    with municipality_context(kesennuma):
        translate(page)
        copy = ActivityPage.objects.get(title="Beach cleaning")
        assert copy.currency_url == address
    for wrong in ("http://coin.example.jp", "javascript:alert(1)"):
        with municipality_context(kesennuma):
            ActivityPage.objects.filter(pk=page.pk).update(currency_url=wrong)
        html = get(kesennuma, path_of(page))
        assert "さるぼぼコイン" in html
        assert wrong not in html
