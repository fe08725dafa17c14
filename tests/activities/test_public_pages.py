"""What visitors see of activities on a municipality's host."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities import registry
from activities.models import Session
from activities.registry import SessionStatus
from common import clock
from common.wareki import jdatetime
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tests.factories.activities import make_activity, session_values

pytestmark = pytest.mark.django_db
BADGE = "この活動は担い手活動の実績になります"


def get(municipality, path):
    return Client().get(path, headers={"host": municipality_host(municipality)})


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def path_of(page):
    return f"/activities/{page.slug}/"


@pytest.fixture(autouse=True)
def statuses(monkeypatch):
    """A provider of our own: `{uuid: SessionStatus}` that a test fills."""
    known = {}
    monkeypatch.setattr(registry, "_status_providers", [lambda request, uuids: known])
    return known


def test_activity_page_shows_when_where_and_how_to_take_part(kesennuma, statuses):
    page = make_activity(
        kesennuma,
        sessions=[session_values(capacity=20, meeting_point="駅前広場")],
        belongings="軍手、飲み物",
        minimum_age=15,
    )
    with municipality_context(kesennuma):
        session = Session.objects.get(page=page.pk)
    statuses[session.uuid] = SessionStatus(taken=5)
    html = text(get(kesennuma, path_of(page)))
    assert jdatetime(session.starts_at) in html
    for words in (
        "内湾地区 ムカエル",
        "駅前広場",
        "軍手、飲み物",
        "20人",
        "あと15人",
        "宮城県気仙沼市",
    ):
        assert words in html, words
    assert f"/sessions/{session.uuid}/sign-up/" in html
    assert BADGE in html


def test_badge_is_shown_only_for_sessions_on_which_the_designation_is_in_force(kesennuma, statuses):
    day = clock.today() + timedelta(days=10)
    page = make_activity(
        kesennuma,
        designated_from=day,
        sessions=[session_values(day - timedelta(days=1)), session_values(day)],
    )
    assert text(get(kesennuma, path_of(page))).count(">実績になります<") == 1
    undesignated = make_activity(kesennuma, designated=False)
    html = text(get(kesennuma, path_of(undesignated)))
    assert BADGE not in html
    assert "実績になります" not in html


@pytest.mark.parametrize(
    ("status", "capacity", "offered", "words"),
    [
        # For the waiting list.
        (SessionStatus(taken=2), 2, True, "キャンセル待ちについて"),
        (SessionStatus(taken=1), 2, True, "あと1人"),
        (SessionStatus(taken=2, mine=True), 2, True, "申込み済み"),
        (SessionStatus(taken=2, asked=True), 2, True, "申込みの状況を見る"),
        (SessionStatus(taken=99), None, True, "制限なし"),
    ],
)
def test_sign_up_is_offered_while_there_are_places(
    kesennuma, statuses, status, capacity, offered, words
):
    page = make_activity(kesennuma, sessions=[session_values(capacity=capacity)])
    with municipality_context(kesennuma):
        uuid = Session.objects.get(page=page.pk).uuid
    statuses[uuid] = status
    html = text(get(kesennuma, path_of(page)))
    assert (f"/sessions/{uuid}/sign-up/" in html) is offered
    assert words in html


def test_session_that_is_over_offers_no_sign_up(kesennuma, statuses):
    past = clock.today() - timedelta(days=2)
    page = make_activity(kesennuma, sessions=[session_values(past), session_values()])
    html = text(get(kesennuma, path_of(page)))
    assert html.count("/sign-up/") == 1
    assert "終了しました" in html


def test_dates_to_come_stand_first_and_past_ones_are_folded_the_latest_first(kesennuma):
    today = clock.today()
    days = [today + timedelta(days=ago) for ago in (-9, 3, -2, 12)]
    page = make_activity(kesennuma, sessions=[session_values(day) for day in days])
    html = text(get(kesennuma, path_of(page)))
    shown, folded = html.split('<details class="details">')
    assert "過去の日程（2件）" in folded
    with municipality_context(kesennuma):
        of = {one.day: f"session-{one.uuid}" for one in Session.objects.filter(page=page.pk)}
    at = [html.index(of[days[number]]) for number in (1, 3, 2, 0)]
    assert at == sorted(at)
    assert at[1] < len(shown) < at[2]


def test_an_activity_whose_dates_are_all_over_says_so(kesennuma):
    day = clock.today() - timedelta(days=2)
    page = make_activity(kesennuma, sessions=[session_values(day)])
    assert "現在、今後の日程はありません。" in text(get(kesennuma, path_of(page)))
    undated = make_activity(kesennuma, sessions=[])
    html = text(get(kesennuma, path_of(undated)))
    assert "過去の日程" not in html


def test_activity_is_unknown_on_another_municipalitys_host(kesennuma, hida):
    page = make_activity(kesennuma)
    other = make_activity(hida, title="飛騨の朝市")
    assert get(kesennuma, path_of(page)).status_code == 200
    assert get(hida, path_of(page)).status_code == 404
    assert get(kesennuma, path_of(other)).status_code == 404
    listing = text(get(hida, "/activities/"))
    assert "飛騨の朝市" in listing
    assert page.title not in listing


def test_draft_is_not_public(kesennuma):
    page = make_activity(kesennuma, title="準備中の活動", publish=False)
    assert get(kesennuma, path_of(page)).status_code == 404
    assert "準備中の活動" not in text(get(kesennuma, "/activities/"))


def test_list_begins_with_what_is_soonest_to_come(kesennuma):
    today = clock.today()
    make_activity(kesennuma, title="終わった", sessions=[session_values(today - timedelta(days=3))])
    make_activity(kesennuma, title="来月", sessions=[session_values(today + timedelta(days=40))])
    make_activity(
        kesennuma,
        title="明日",
        sessions=[
            session_values(today - timedelta(days=9)),
            session_values(today + timedelta(days=1)),
        ],
    )
    make_activity(kesennuma, title="日程未定", sessions=[])
    html = text(get(kesennuma, "/activities/"))
    positions = [html.index(f">{title}</a>") for title in ("明日", "来月", "終わった", "日程未定")]
    assert positions == sorted(positions)


def test_list_is_narrowed_by_month_and_word(kesennuma):
    year = clock.today().year + 1
    make_activity(kesennuma, title="秋の祭り", sessions=[session_values(date(year, 10, 31))])
    make_activity(kesennuma, title="冬の祭り", sessions=[session_values(date(year, 11, 1))])
    make_activity(kesennuma, title="冬の清掃", sessions=[session_values(date(year, 11, 30))])
    october = text(get(kesennuma, f"/activities/?month={year}-10"))
    assert "秋の祭り" in october
    assert "冬の祭り" not in october
    festivals = text(get(kesennuma, f"/activities/?month={year}-11&q=祭り"))
    assert "冬の祭り" in festivals
    assert "冬の清掃" not in festivals
    nonsense = text(get(kesennuma, "/activities/?month=x&page=abc"))
    assert "秋の祭り" in nonsense
    assert "見つかりませんでした" in text(get(kesennuma, "/activities/?q=ありえない語"))


def test_front_page_shows_what_comes_next_and_leads_to_the_list(kesennuma, hida):
    page = make_activity(kesennuma, title="明日の清掃")
    make_activity(hida, title="飛騨の朝市")
    html = text(get(kesennuma, "/"))
    assert "明日の清掃" in html
    assert path_of(page) in html
    assert 'href="/activities/"' in html
    assert "飛騨の朝市" not in html


def test_english_visitors_see_the_activities_with_english_words_around(kesennuma):
    page = make_activity(kesennuma)
    listing = text(get(kesennuma, "/en/activities/"))
    assert page.title in listing
    assert "Search" in listing
    html = text(get(kesennuma, f"/en{path_of(page)}"))
    assert "Dates and sign-up" in html
    assert "/en/sessions/" in html


def queries_of(municipality, path):
    get(municipality, path)
    with CaptureQueriesContext(connection) as captured:
        text(get(municipality, path))
    return len(captured)


def test_activity_page_asks_the_same_of_the_database_for_twenty_sessions(kesennuma):
    one = make_activity(kesennuma, title="一回")
    many = make_activity(
        kesennuma, title="二十回", sessions=[session_values(hours=n + 1) for n in range(20)]
    )
    assert queries_of(kesennuma, path_of(one)) == queries_of(kesennuma, path_of(many)) <= 21


def test_list_asks_the_same_of_the_database_for_twenty_activities(kesennuma):
    make_activity(kesennuma, title="最初")
    one = queries_of(kesennuma, "/activities/")
    for number in range(19):
        make_activity(
            kesennuma, title=f"活動{number}", sessions=[session_values(hours=n + 1) for n in (0, 1)]
        )
    assert queries_of(kesennuma, "/activities/") == one <= 20
