"""A new version of the terms or the privacy notice: asked before a resident goes on."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.operations.sign_ins import confirm
from common import clock
from privacy.models import Consent
from privacy.queries import to_agree_to
from privacy.receivers import AGREED_ON
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.privacy import new_version
from tests.factories.registration import register_resident

pytestmark = pytest.mark.django_db
AGREE = "/my/agree/"
SIGN_UP = f"/sessions/{uuid4()}/sign-up/"


def visit(resident, municipality=None):
    """A client whose session has not been asked yet, as after a sign-in."""
    client = signed_in_client(resident.user, municipality)
    session = client.session
    del session[AGREED_ON]
    session.save()
    return client


@pytest.fixture
def resident(kesennuma):
    made = ResidentFactory(residence_id="131016")
    register_resident(made, kesennuma)
    return made


def where(response) -> tuple[str, dict[str, list[str]]]:
    assert response.status_code == 302
    parts = urlsplit(response["Location"])
    return f"{parts.netloc}{parts.path}", parse_qs(parts.query)


def test_nobody_is_asked_while_nothing_is_new(resident):
    client = visit(resident)
    assert client.get("/my/").status_code == 200
    assert where(client.get(AGREE)) == ("/my/", {})


def test_a_new_version_is_asked_about_and_then_they_go_on(resident):
    new = new_version("privacy")
    client = visit(resident)
    path, query = where(client.get("/my/history/?page=2"))
    assert (path, query) == (AGREE, {"next": ["/my/history/?page=2"]})
    address = f"{AGREE}?{urlencode({'next': '/my/history/?page=2'})}"
    page = client.get(address).content.decode()
    for words in ("第2.0版", "第1.0版", "/terms/privacy/2.0/", "/terms/privacy/1.0/", "から適用"):
        assert words in page, words
    assert "/terms/resident/" not in page.split("<main")[1].split("</main")[0]
    refused = client.post(address, {})
    assert refused.status_code == 200
    assert "チェックを付けてください" in refused.content.decode()
    assert to_agree_to(resident.user) == [new]
    answer = {f"text_{new.pk}": "on"}
    assert client.post(address, answer)["Location"] == "/my/history/?page=2"
    assert client.post(address, answer)["Location"] == "/my/history/?page=2", "sent twice"
    assert client.get("/my/history/").status_code == 200
    rows = Consent.objects.filter(user=resident.user, purpose="privacy_notice")
    assert [(row.text.version, row.end_reason) for row in rows] == [
        ("1.0", "new_version"), ("2.0", ""),
    ]  # fmt: skip


def test_both_texts_are_agreed_to_each_by_itself(resident):
    texts = [new_version("resident"), new_version("privacy")]
    assert to_agree_to(resident.user) == texts
    client = visit(resident)
    client.post(AGREE, {f"text_{texts[0].pk}": "on"})
    assert to_agree_to(resident.user) == texts, "all or nothing"
    answer = client.post(AGREE, {f"text_{text.pk}": "on" for text in texts})
    assert answer["Location"] == "/my/"
    assert to_agree_to(resident.user) == []


def test_a_version_that_came_in_meanwhile_is_not_agreed_to_unread(resident):
    first = new_version("privacy")
    client = visit(resident)
    client.get(AGREE)
    second = new_version("privacy", "3.0")
    page = client.post(AGREE, {f"text_{first.pk}": "on"})
    assert page.status_code == 200
    assert to_agree_to(resident.user) == [second]


def test_a_version_of_tomorrow_is_asked_about_tomorrow_in_the_same_visit(resident):
    tomorrow = clock.now() + timedelta(days=1)
    new_version("resident", day=(tomorrow).date() + timedelta(days=1))
    client = visit(resident)
    assert client.get("/my/").status_code == 200
    with time_machine.travel(tomorrow + timedelta(days=1)):
        assert where(client.get("/my/"))[0] == AGREE


def test_versions_of_other_texts_stop_nobody(resident):
    for kind in ("disclosure", "mailing", "organisations", "municipality", "guardian"):
        new_version(kind)
    assert visit(resident).get("/my/").status_code == 200


def test_whoever_never_agreed_is_asked_too():
    """Accounts that came with another system's list."""
    resident = ResidentFactory(agrees=False)
    client = visit(resident)
    assert where(client.get("/my/"))[0] == AGREE
    assert "まだありません" in client.get(AGREE).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/my/consents/", "/my/requests/", "/my/requests/new/disclosure/", "/my/access/",
        "/register/042056/leave/", "/terms/privacy/", "/terms/privacy/1.0/", "/account/logout/",
        "/en/my/consents/", "/",
    ],
)  # fmt: skip
def test_whoever_does_not_agree_can_read_take_and_leave(resident, path):
    new_version("resident")
    assert visit(resident).get(path).status_code == 200


def test_the_page_says_what_is_left_to_whoever_does_not_agree(resident):
    new_version("resident")
    page = visit(resident).get(AGREE).content.decode()
    for path in ("/my/data/", "/my/close/", "/my/consents/", "/my/access/", "/account/logout/"):
        assert f'href="{path}"' in page


@pytest.mark.parametrize(
    "next_", ["https://evil.example/", "//evil.example/", "/\\evil", "javascript:x", ""]
)
def test_nobody_is_led_elsewhere(resident, next_):
    client = visit(resident)
    assert client.get(f"{AGREE}?{urlencode({'next': next_})}")["Location"] == "/my/"
    query = urlencode({"next": next_, "to": "042056"})
    assert client.get(f"{AGREE}?{query}")["Location"] == "/my/"


def test_what_is_sent_off_is_not_lost(resident):
    new_version("resident")
    assert visit(resident).post("/my/wishes/", {"persona": ""})["Location"] == "/my/"


def test_from_a_municipality_s_site_and_back_to_it(resident, kesennuma, hida):
    register_resident(resident, hida)
    new = new_version("privacy")
    here = visit(resident, kesennuma)
    path, query = where(here.get(SIGN_UP))
    assert path.split(":")[0].split("/")[0] == "localhost"
    assert path.endswith(AGREE)
    assert query == {"next": [SIGN_UP], "to": [kesennuma.code]}
    client = visit(resident)
    answer = client.post(f"{AGREE}?{urlencode(query, doseq=True)}", {f"text_{new.pk}": "on"})
    host = urlsplit(answer["Location"])
    assert host.hostname == f"{kesennuma.slug}.localhost"
    assert host.path == SIGN_UP
    unknown = urlencode({"next": SIGN_UP, "to": "999999"})
    assert client.get(f"{AGREE}?{unknown}")["Location"] == "/my/"
    assert here.get(SIGN_UP).status_code != 302


def test_the_way_to_a_municipality_leads_through_it_too(resident, kesennuma):
    new = new_version("privacy")
    client = visit(resident)
    query = urlencode({"to": kesennuma.code, "browser": "a" * 64, "next": "/"})
    path, asked = where(client.get(f"/handoff/?{query}"))
    assert path == AGREE
    address = f"{AGREE}?{urlencode(asked, doseq=True)}"
    assert client.post(address, {f"text_{new.pk}": "on"})["Location"] == f"/handoff/?{query}"
    assert "/arrive/" in client.get(f"/handoff/?{query}")["Location"]


def test_the_usual_page_costs_no_query_more(resident):
    client = visit(resident)

    def consent_queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/my/").status_code == 200
        return sum("privacy_consent" in query["sql"] for query in captured)

    assert [consent_queries() for _visit in range(3)] == [1, 0, 0]


def test_whoever_does_not_agree_sees_and_takes_their_data(resident, kesennuma):
    """As the page says; and in the language they read."""
    new_version("privacy")
    client = visit(resident)
    page = client.get(f"/en{AGREE}").content.decode()
    assert 'href="/en/my/data/"' in page
    assert 'href="/en/my/close/"' in page
    for path in ("/my/data/", f"/my/data/municipalities/{kesennuma.code}/"):
        assert client.get(path).status_code == 200, path
    assert where(client.get("/my/data/pdf/"))[0] == "/account/reauthenticate/"
    session = client.session
    confirm(session)
    session.save()
    assert client.post("/my/data/json/").status_code == 200
    assert where(client.get("/my/"))[0] == AGREE, "nothing else"
