"""A month of activities with the places and the parts of packages that are free."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from attendance.operations.sign_ups import sign_up
from attendance.rules.sign_up import Wish
from common import clock
from common.wareki import jdate
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tests.activities.test_translations import translate
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.packages import BED, CARE, make_package, part

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def early_in_december():
    with time_machine.travel("2026-12-02 09:00+09:00", tick=False):
        yield


def shown(municipality, query="", path="/activities/", client=None):
    answer = (client or Client()).get(
        f"{path}?view=calendar{query}", headers={"host": municipality_host(municipality)}
    )
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_date_says_in_words_how_full_it_is(kesennuma, hida):
    session, ids = make_package(kesennuma, capacity=5)
    make_activity(hida, title="飛騨の朝市")
    html = shown(kesennuma)
    assert "<caption>令和8年12月</caption>" in html
    assert html.count('scope="col"') == 7
    assert "空きあり" in html
    assert "（あと5人）" in html
    assert "ゲストハウスの寝台：残り3" in html
    assert "一時保育：残り1" in html
    assert "飛騨の朝市" not in html
    wish = Wish(components={ids["childcare"]: 1, ids["lodging"]: 2})
    for number in range(5):
        sign_up(ResidentFactory(), kesennuma, session, Wish() if number else wish)
    html = shown(kesennuma)
    assert "満員" in html
    assert "ゲストハウスの寝台：残り1" in html
    assert "一時保育：満員" in html


def test_a_date_is_full_without_what_everybody_books(kesennuma):
    session, ids = make_package(
        kesennuma, part("昼食", "meals", capacity=1, is_required=True), CARE, capacity=5
    )
    assert "空きあり" in shown(kesennuma)
    wish = Wish(components={ids["meals"]: 1, ids["childcare"]: 1})
    sign_up(ResidentFactory(), kesennuma, session, wish)
    html = shown(kesennuma)
    assert "空きあり" not in html
    assert "（あと4人）" not in html


def test_months_lead_to_each_other_and_nonsense_is_this_month(kesennuma):
    day = clock.today()
    make_activity(kesennuma, title="師走の大掃除", sessions=[session_values(day + timedelta(5))])
    make_activity(kesennuma, title="どんど焼き", sessions=[session_values(day + timedelta(40))])
    html = shown(kesennuma, "&work=volunteer")
    assert "師走の大掃除" in html
    assert "どんど焼き" not in html
    assert "view=calendar&amp;work=volunteer&amp;month=2027-01" in html
    assert 'month=2026-11#calendar"' in html
    assert 'id="calendar"' in html
    later = shown(kesennuma, "&month=2027-01")
    assert "どんど焼き" in later
    assert "師走の大掃除" not in later
    assert "<caption>令和8年12月</caption>" in shown(kesennuma, "&month=2026-13")
    assert "この月の日程はありません" in shown(kesennuma, "&month=2027-03")
    far = shown(kesennuma, "&month=2099-12")
    assert "month=2100-01" not in far


@pytest.mark.parametrize(
    ("query", "month", "name"),
    [("", "2026-12", "令和8年12月"), ("&month=2026-04", "2026-04", "令和8年4月"),
     ("&month=2028-02", "2028-02", "令和10年2月")],
)  # fmt: skip
def test_a_new_search_stays_in_the_month_that_is_shown(kesennuma, query, month, name):
    html = shown(kesennuma, query)
    assert html.count(f'<option value="{month}" selected>{name}</option>') == 1
    assert "すべての月" not in html


def test_the_list_offers_all_months_and_the_one_that_is_chosen(kesennuma):
    answer = Client().get(
        "/activities/?month=2026-04", headers={"host": municipality_host(kesennuma)}
    )
    html = answer.content.decode()
    assert '<option value="2026-04" selected>令和8年4月</option>' in html
    assert "すべての月" in html


def test_each_month_has_a_title_of_its_own(kesennuma):
    for query, month in (("", "令和8年12月"), ("&month=2027-01", "令和9年1月")):
        assert f"<title>活動のカレンダー：{month}｜" in shown(kesennuma, query)


def test_paid_work_has_a_calendar_of_its_own(kesennuma):
    make_package(kesennuma)
    make_activity(kesennuma, title="浜の清掃")
    assert "浜の清掃" not in shown(kesennuma, "&work=paid")
    assert "ゲストハウスの寝台" not in shown(kesennuma, "&work=volunteer")


def test_of_a_page_only_the_dates_that_count_are_shown(kesennuma):
    """R17: its next date does not count, a later one does; a month that is over has them too."""
    day = clock.today()
    days = [session_values(day + timedelta(number)) for number in (-1, 5, 9)]
    page = make_activity(kesennuma, sessions=days, designated_from=day + timedelta(9))
    make_activity(kesennuma, title="指定なし", designated=False)
    with municipality_context(kesennuma):
        *others, counts = page.stored_sessions().order_by("starts_at")
    assert all(f"#session-{one.uuid}" in shown(kesennuma) for one in (*others, counts))
    with CaptureQueriesContext(connection) as queries:
        html = shown(kesennuma, "&counts=1")
    assert f"#session-{counts.uuid}" in html
    assert not any(f"#session-{one.uuid}" in html for one in others)
    assert "指定なし" not in html
    assert len(queries) <= 18
    with time_machine.travel("2027-01-10 09:00+09:00", tick=False):
        html = shown(kesennuma, "&counts=1&month=2026-12")
    assert f"#session-{counts.uuid}" in html


def test_what_is_cancelled_over_or_a_draft_takes_no_sign_up(kesennuma):
    past = clock.today() - timedelta(days=1)
    make_activity(kesennuma, title="きのうの集まり", sessions=[session_values(past)])
    make_activity(kesennuma, title="下書き", publish=False)
    html = shown(kesennuma)
    assert "受付終了" in html
    assert "下書き" not in html


def test_it_is_the_same_for_whoever_looks(kesennuma):
    session, ids = make_package(kesennuma, capacity=5)
    resident = ResidentFactory()
    sign_up(resident, kesennuma, session, Wish(components={ids["car"]: 1}))
    client = signed_in_client(resident.user, kesennuma)
    table = [
        html[html.index("<table") : html.index("</table>")]
        for html in (shown(kesennuma), shown(kesennuma, client=client))
    ]
    assert table[0] == table[1]
    assert resident.name not in table[1]


def test_it_asks_the_same_for_twenty_dates_as_for_one(kesennuma):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            shown(kesennuma)
        return len(queries)

    make_package(kesennuma)
    shown(kesennuma)  # what a process learns once
    one = asked()
    for _ in range(19):
        make_package(kesennuma, BED)
    assert asked() == one
    assert one <= 17


def test_a_translation_has_its_words_and_the_sources_numbers(kesennuma):
    page = make_activity(kesennuma, components=[BED])
    with municipality_context(kesennuma):
        copy = translate(page)
        block = copy.components[0]
        block.value["name"], block.value["capacity"] = "Bed in the guest house", 99
        copy.save_revision().publish()
        session = page.stored_sessions().get().uuid
        assert copy.package[0].id == page.package[0].id
    html = shown(kesennuma, path="/en/activities/")
    assert "Bed in the guest house: 3 left" in html
    assert "December 2026" in html
    answer = Client().get(copy.public_path, headers={"host": municipality_host(kesennuma)})
    assert "Bed in the guest house" in answer.content.decode()
    client = signed_in_client(ResidentFactory().user, kesennuma)
    form = client.get(f"/en/sessions/{session}/sign-up/").content.decode()
    assert "Bed in the guest house" in form
    assert "3 left" in form


def test_a_day_is_named_in_full_for_a_phone_and_a_reader(kesennuma):
    make_activity(kesennuma)
    day = clock.today() + timedelta(days=7)
    assert jdate(day) in shown(kesennuma)
