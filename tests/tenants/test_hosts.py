"""From the Host header to a municipality (hard cases 11 and 17)."""

import pytest
from django.test import Client

from tests.factories.accounts import PASSWORD, signed_in_client
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db


def _get(host, path="/", **headers):
    return Client(HTTP_HOST=host).get(path, **headers)


@pytest.mark.parametrize(
    "host",
    [
        "sendai.localhost",  # exists, does not take part
        "unknown.admin.localhost",
        "a.b.localhost",
        ".localhost",
        "admin.localhost",
        "kesennuma.admin.admin.localhost",
        "operator.admin.localhost",
        "kesennuma.localhost.evil.example",
        "evil.example",
        "bad_host!",
        "kesennuma.localhost@evil.example",
        "",
    ],
)
def test_an_unknown_host_gets_a_plain_page_in_japanese(kesennuma, host):
    answer = _get(host, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "このアドレスの自治体はありません" in page
    assert "Traceback" not in page
    assert "気仙沼" not in page
    assert not answer.cookies


@pytest.mark.parametrize(
    "host",
    [
        "KESENNUMA.localhost",
        "kesennuma.localhost.",
        "kesennuma.localhost:8000",
        "Kesennuma.LOCALHOST.:443",
    ],
)
def test_case_trailing_dot_and_port_change_nothing(kesennuma, hida, host):
    answer = _get(host)
    assert answer.status_code == 200
    assert answer.wsgi_request.municipality == kesennuma


def test_a_forwarded_host_is_ignored(kesennuma, hida):
    forged = {"x-forwarded-host": "hida.localhost", "forwarded": "host=hida.localhost"}
    answer = _get("kesennuma.localhost", headers=forged)
    assert answer.wsgi_request.municipality == kesennuma
    assert "飛騨" not in answer.content.decode()
    assert _get("evil.example", headers=forged).status_code == 404


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/pages/", "/django-admin/"])
@pytest.mark.parametrize("host", ["localhost", "kesennuma.localhost", "operator.localhost"])
def test_there_is_no_admin_on_public_hosts(kesennuma, host, path):
    assert _get(host, path).status_code == 404


def test_a_session_of_the_portal_is_nobody_on_the_admin_host(kesennuma):
    user = make_member(kesennuma, "administrator")
    portal = signed_in_client(user)
    answer = portal.get("/admin/", headers={"host": "kesennuma.admin.localhost"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_a_session_of_one_admin_host_is_nobody_on_another(kesennuma, hida):
    client = signed_in_client(make_member(kesennuma, "administrator"), kesennuma, admin=True)
    assert client.get("/admin/").status_code == 200
    for host in ("hida.admin.localhost", "operator.localhost"):
        answer = client.get("/", headers={"host": host}, follow=True)
        assert not answer.wsgi_request.user.is_authenticated


def test_cookies_name_no_domain(kesennuma):
    user = make_member(kesennuma, "editor")
    client = Client(HTTP_HOST="kesennuma.admin.localhost")
    client.get("/admin/login/")
    answer = client.post("/admin/login/", {"username": user.email, "password": PASSWORD})
    assert answer.cookies
    for cookie in answer.cookies.values():
        assert cookie["domain"] == ""


def test_finding_the_municipality_takes_one_query(kesennuma, django_assert_num_queries):
    from tenants.middleware import HostMiddleware

    with django_assert_num_queries(1):
        _kind, found = HostMiddleware._resolve("kesennuma.localhost")
    with django_assert_num_queries(0):
        assert found.full_name == "宮城県気仙沼市"
