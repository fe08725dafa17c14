"""The operator's pages of municipalities: status, history, terms, fee, networks."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from common import clock
from tenants.models import Municipality, NetworkRange
from tests.factories.staff import make_member
from tests.factories.tenants import operator_client, with_status

pytestmark = pytest.mark.django_db
PLACE = "/municipalities/042056/"


@pytest.fixture
def host():
    return operator_client()


def _text(answer):
    return answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/municipalities/", PLACE, f"{PLACE}publish/", f"{PLACE}schedule/", f"{PLACE}close/"],
)
def test_only_operators_see_and_do_anything(kesennuma, hida, path):
    with_status(kesennuma, "preparing")
    client = Client(HTTP_HOST="operator.localhost")
    for answer in (client.get(path), client.post(path, {"reason": "x"})):
        assert answer.status_code in (302, 405)
    client.post(f"{PLACE}networks/", {"cidr": "192.0.2.0/24"})
    assert Municipality.objects.get(pk=kesennuma.pk).status == "preparing"
    assert not NetworkRange.objects.exists()
    member = make_member(kesennuma, "administrator")
    client.force_login(member, backend="accounts.backends.AccountBackend")
    assert client.post(f"{PLACE}publish/", {}).status_code in (302, 403)
    assert Municipality.objects.get(pk=kesennuma.pk).status == "preparing"


def test_the_list_is_filtered_by_status(host, kesennuma, hida):
    Municipality.objects.update(status="published")
    with_status(kesennuma, "preparing")
    assert "気仙沼市" in _text(host.get("/municipalities/?status=preparing"))
    assert "飛騨市" not in _text(host.get("/municipalities/?status=preparing"))
    assert "飛騨市" in _text(host.get("/municipalities/?status=nonsense"))
    assert 'href="/municipalities/"' in _text(host.get("/"))


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_many(
    host, kesennuma, hida, django_assert_num_queries, django_assert_max_num_queries
):
    Municipality.objects.update(status="published")
    with_status(kesennuma, "preparing")
    with django_assert_max_num_queries(12) as captured:
        host.get("/municipalities/?status=preparing")
    with django_assert_num_queries(len(captured)):
        host.get("/municipalities/?status=published")


def test_the_page_says_what_is_known(host, kesennuma, hida):
    page = _text(host.get(PLACE))
    for words in (
        "宮城県気仙沼市",
        "042056",
        "http://kesennuma.localhost",
        "http://kesennuma.admin.localhost",
        "第1.0版",
        "企画課 担当者 (staff-042056@example.jp)",
        "一定期間免除",
        "状態は、まだ変更されていません",
        "どこからでも接続できます",
    ):
        assert words in page
    assert "飛騨" not in page


def test_publishing_asks_once_and_stands_in_the_history(host, kesennuma):
    with_status(kesennuma, "preparing")
    assert f'href="{PLACE}publish/"' in _text(host.get(PLACE))
    assert "今すぐ公開する" in _text(host.get(f"{PLACE}publish/"))
    assert Municipality.objects.get(pk=kesennuma.pk).status == "preparing"
    answer = host.post(f"{PLACE}publish/", {"reason": ""}, follow=True)
    page = _text(answer)
    assert "自治体を公開しました" in page
    assert "準備中 → 公開中" in page
    assert "総務 太郎" in page
    assert Municipality.objects.get(pk=kesennuma.pk).is_published
    assert f'href="{PLACE}publish/"' not in page


@pytest.mark.parametrize(("step", "leads_to"), [("suspend", "suspended"), ("close", "closed")])
def test_a_grave_step_needs_its_reason(host, kesennuma, hida, step, leads_to):
    Municipality.objects.update(status="published")
    url = f"{PLACE}{step}/"
    refused = host.post(url, {"reason": "  "})
    assert refused.context["form"].errors
    assert Municipality.objects.get(pk=kesennuma.pk).is_published
    assert host.post(url, {"reason": "災害対応のため"}).status_code == 302
    assert Municipality.objects.get(pk=kesennuma.pk).status == leads_to
    assert "災害対応のため" in _text(host.get(PLACE))
    assert Municipality.objects.get(pk=hida.pk).is_published


def test_a_step_that_cannot_be_taken_says_why(host, kesennuma):
    with_status(kesennuma, "closed")
    page = _text(host.post(f"{PLACE}resume/", {}, follow=True))
    assert "この自治体の状態は「終了」のため" in page


def test_a_publication_is_set_for_later_and_taken_back(host, kesennuma):
    with_status(kesennuma, "preparing")
    url = f"{PLACE}schedule/"
    past = timezone.localtime(clock.now() - timedelta(days=1))
    refused = host.post(url, {"publish_at": f"{past:%Y-%m-%dT%H:%M}"})
    assert "現在より後の日時" in _text(refused)
    assert "日時" in _text(host.post(url, {"publish_at": "あした"}))
    ahead = timezone.localtime(clock.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    assert host.post(url, {"publish_at": f"{ahead:%Y-%m-%dT%H:%M}"}).status_code == 302
    assert Municipality.objects.get(pk=kesennuma.pk).publish_at == ahead
    assert "に公開する予定です" in _text(host.get(PLACE))
    assert f'value="{ahead:%Y-%m-%dT%H:%M}"' in _text(host.get(url))
    host.post(url, {"cancel": "1"})
    assert Municipality.objects.get(pk=kesennuma.pk).publish_at is None
    assert "公開日時の設定を取消し" in _text(host.get(PLACE))


def test_the_operator_sets_and_takes_away_ranges_of_one_municipality(host, kesennuma, hida):
    refused = host.post(f"{PLACE}networks/", {"cidr": "192.0.2.7/24", "label": "本庁"})
    assert refused.status_code == 200
    assert "192.0.2.0/24 と入力" in _text(refused)
    host.post(f"{PLACE}networks/", {"cidr": "192.0.2.0/24", "label": "本庁"})
    (row,) = NetworkRange.objects.all()
    assert (row.municipality, row.cidr, row.created_by) == (
        kesennuma, "192.0.2.0/24", host.operator
    )  # fmt: skip
    assert "192.0.2.0/24" in _text(host.get(PLACE))
    # Under another municipality's address the row is not found, and stays.
    host.post(f"/municipalities/212172/networks/{row.pk}/remove/")
    assert NetworkRange.objects.in_force().exists()
    host.post(f"{PLACE}networks/{row.pk}/remove/")
    row.refresh_from_db()
    assert row.removed_by == host.operator
    assert not NetworkRange.objects.in_force().exists()


def test_what_is_not_there_is_404(host, kesennuma):
    for path in (
        "/municipalities/011002/",
        "/municipalities/4205/",
        f"{PLACE}provision/",
        "/municipalities/011002/publish/",
    ):
        assert host.get(path).status_code == 404, path
        assert host.post(path).status_code in (404, 405), path


def test_a_request_leads_to_its_municipality(host, kesennuma):
    from tenants.models import ParticipationRequest

    made = ParticipationRequest.objects.get(local_government=kesennuma.pk)
    page = _text(host.get(f"/requests/{made.pk}/"))
    assert f'href="{PLACE}"' in page
    assert urlsplit(PLACE).path == PLACE
