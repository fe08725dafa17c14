"""From where a municipality's admin can be reached (R2)."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.refusal import Refused
from tenants.models import Municipality, NetworkRange
from tenants.operations.networks import Elsewhere, add_range, remove_range
from tenants.rules.networks import parse_address
from tenants.staff.roles import Role
from tests.factories.staff import make_member, staff_client

pytestmark = pytest.mark.django_db
INSIDE, OUTSIDE = "192.0.2.10", "198.51.100.10"
SCREEN = "/admin/staff/networks/"


@pytest.fixture(autouse=True)
def _published(kesennuma, hida):
    Municipality.objects.update(status="published")


@pytest.fixture
def closed_network(kesennuma):
    """気仙沼市's admin can be reached from one IPv4 and one IPv6 range."""
    administrator = make_member(kesennuma, "administrator")
    for cidr in ("192.0.2.0/24", "2001:db8::/32"):
        add_range(kesennuma, cidr, "庁内", administrator, within=Elsewhere.OPERATOR)


def _ask(host, remote, path="/admin/login/", **headers):
    return Client(HTTP_HOST=host, REMOTE_ADDR=remote).get(path, headers=headers or None)


def _status(remote, **headers):
    return _ask("kesennuma.admin.localhost", remote, **headers).status_code


@pytest.mark.parametrize("remote", [INSIDE, "2001:db8::5", "::ffff:192.0.2.10"])
def test_inside_of_the_ranges_the_admin_answers(closed_network, remote):
    assert _status(remote) == 200


@pytest.mark.parametrize("remote", [OUTSIDE, "2001:db9::5", "::ffff:198.51.100.10", "", "unix:"])
def test_outside_it_looks_like_an_unknown_host(closed_network, hida, remote):
    unknown = _ask("unknown.admin.localhost", remote)
    for path in ("/", "/admin/", "/admin/login/", "/welcome/x/", "/static/themes/css/base.css"):
        answer = _ask("kesennuma.admin.localhost", remote, path)
        assert answer.status_code == 404, path
        assert answer.content == unknown.content
        assert _headers(answer) == _headers(unknown)
        assert not answer.cookies
    assert _ask("hida.admin.localhost", remote).status_code == 200
    assert _ask("kesennuma.localhost", remote, "/").status_code == 200


def _headers(answer):
    """All of them; the nonce is another each time."""
    return {name: re.sub(r"nonce-[^']+", "", value) for name, value in answer.items()}


def test_a_session_does_not_open_the_door_from_outside(closed_network, kesennuma):
    client = staff_client(kesennuma, "administrator")
    assert client.get("/admin/", REMOTE_ADDR=INSIDE).status_code == 200
    assert client.get("/admin/", REMOTE_ADDR=OUTSIDE).status_code == 404


def test_without_proxies_a_forwarded_address_is_worth_nothing(closed_network, settings):
    assert settings.TRUSTED_PROXIES == 0
    assert _status(OUTSIDE, **{"x-forwarded-for": INSIDE}) == 404
    assert _status(INSIDE, **{"x-forwarded-for": OUTSIDE}) == 200


@pytest.mark.parametrize(
    ("proxies", "header", "status"),
    [
        (1, INSIDE, 200),
        (1, OUTSIDE, 404),
        (1, f"{INSIDE}, {OUTSIDE}", 404),  # forged by the visitor, the proxy wrote the second
        (1, f"{OUTSIDE},{INSIDE}", 200),
        (2, f"{INSIDE}, 10.0.0.2", 200),
        (2, f"{INSIDE}, {OUTSIDE}, 10.0.0.2", 404),
        (2, INSIDE, 404),  # went round one of the proxies
        (1, "", 404),
        (1, "unknown", 404),
        (1, f"{INSIDE}:443", 404),
    ],
)
def test_behind_proxies_what_the_outermost_wrote_counts(
    closed_network, settings, proxies, header, status
):
    settings.TRUSTED_PROXIES = proxies
    assert _status("10.0.0.1", **{"x-forwarded-for": header}) == status
    # The proxy's own address lets nobody in.
    assert _status(INSIDE, **{"x-forwarded-for": OUTSIDE}) == 404


def test_the_check_is_one_query_on_admin_hosts_and_none_on_public_ones(closed_network):
    counts = {}
    for host, path in (
        ("kesennuma.admin.localhost", "/admin/login/"),
        ("kesennuma.localhost", "/"),
    ):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            _ask(host, INSIDE, path)
        counts[host] = sum("tenants_networkrange" in q["sql"] for q in captured.captured_queries)
    assert counts == {"kesennuma.admin.localhost": 1, "kesennuma.localhost": 0}


def test_an_administrator_sets_ranges_for_the_own_municipality_only(kesennuma, hida):
    client = staff_client(kesennuma, "administrator")
    page = client.get(SCREEN).content.decode()
    assert "あなたのIPアドレス：127.0.0.1" in page
    assert SCREEN in client.get("/admin/").content.decode()
    answer = client.post(SCREEN, {"cidr": "１２７．０．０．０／８", "label": "本庁"})
    assert answer.status_code == 302
    (row,) = NetworkRange.objects.all()
    assert (row.municipality, row.cidr, row.label) == (kesennuma, "127.0.0.0/8", "本庁")
    assert "127.0.0.0/8" in client.get(SCREEN).content.decode()
    there = staff_client(hida, "administrator")
    assert "127.0.0.0/8" not in there.get(SCREEN).content.decode()
    assert there.post(f"{SCREEN}{row.pk}/remove/").status_code == 404
    assert NetworkRange.objects.in_force().count() == 1
    client.post(f"{SCREEN}{row.pk}/remove/")
    assert NetworkRange.objects.in_force().count() == 0


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMINISTRATOR])
def test_nobody_else_sees_or_changes_them(kesennuma, role):
    client = staff_client(kesennuma, role)
    assert client.get(SCREEN).status_code in (302, 403)
    client.post(SCREEN, {"cidr": "127.0.0.0/8"})
    assert not NetworkRange.objects.exists()
    assert SCREEN not in client.get("/admin/").content.decode()


def test_administrators_cannot_lock_themselves_out(kesennuma):
    client = staff_client(kesennuma, "administrator")
    refused = client.post(SCREEN, {"cidr": "192.0.2.0/24", "label": ""})
    assert "あなたのIPアドレス 127.0.0.1 が範囲の外" in refused.content.decode()
    assert not NetworkRange.objects.exists()
    client.post(SCREEN, {"cidr": "127.0.0.1", "label": ""})
    client.post(SCREEN, {"cidr": "192.0.2.0/24", "label": ""})
    own = NetworkRange.objects.get(cidr="127.0.0.1/32")
    page = client.post(f"{SCREEN}{own.pk}/remove/", follow=True).content.decode()
    assert "範囲の外" in page
    assert NetworkRange.objects.in_force().count() == 2
    other = NetworkRange.objects.get(cidr="192.0.2.0/24")
    client.post(f"{SCREEN}{other.pk}/remove/")
    client.post(f"{SCREEN}{own.pk}/remove/")
    assert NetworkRange.objects.in_force().count() == 0, "without any range the door is open"


def test_who_comes_from_an_unknown_address_sets_no_range(kesennuma, settings):
    client = staff_client(kesennuma, "administrator")
    settings.TRUSTED_PROXIES = 1
    page = client.post(SCREEN, {"cidr": "127.0.0.0/8"}).content.decode()
    assert "システム運営者に設定を依頼" in page
    assert not NetworkRange.objects.exists()


@pytest.mark.parametrize("typed", ["", "庁内LAN", "192.0.2.0/33"])
def test_what_is_no_range_is_asked_for_again(kesennuma, typed):
    client = staff_client(kesennuma, "administrator")
    answer = client.post(SCREEN, {"cidr": typed, "label": "本庁"})
    assert list(answer.context["form"].errors) == ["cidr"]
    assert 'value="本庁"' in answer.content.decode()


def test_a_range_twice_is_one_and_one_removed_can_come_back(kesennuma, hida):
    user = make_member(kesennuma, "administrator")
    here = parse_address("192.0.2.1")
    first = add_range(kesennuma, "192.0.2.0/24", "", user, within=here)
    assert add_range(kesennuma, "192.0.2.0/24", "", user, within=here) == first
    add_range(hida, "192.0.2.0/24", "", user, within=here)
    for _ in range(2):
        remove_range(kesennuma, first.pk, user, within=here)
    again = add_range(kesennuma, "192.0.2.0/24", "", user, within=here)
    assert again.pk != first.pk
    assert NetworkRange.objects.filter(municipality=kesennuma).count() == 2
    with pytest.raises(Refused) as refusal:
        add_range(kesennuma, "192.0.2.9/24", "", user, within=here)
    assert refusal.value.data == {"suggestion": "192.0.2.0/24"}
