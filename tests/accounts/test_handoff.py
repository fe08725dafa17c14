"""Moving to a municipality's host (cases 14 and 15)."""

from __future__ import annotations

import logging
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import Handoff, SecurityEvent
from common.clock import TOKYO

EVIL = [
    "//evil.example/",
    "https://evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "/path\nSet-Cookie: a=b",
    "javascript:alert(1)",
    "evil.example",
    "",
]


def is_signed_in(client: Client, path: str = "/enter/?next=/arrived/") -> bool:
    """On a municipality's host: `enter` sends on only who is signed in there."""
    return client.get(path)["Location"] == "/arrived/"


def test_a_resident_signed_in_on_the_portal_is_signed_in_at_the_municipality(
    residents_browser, code_for, kesennuma
):
    _code, arrival = code_for(kesennuma, next="/rooms/?page=2")
    response = residents_browser.get(arrival)
    assert response.status_code == 302
    assert response["Location"] == "/rooms/?page=2"
    assert is_signed_in(residents_browser.on("kesennuma.localhost"))


def test_at_the_municipality_next_door_nobody_is_signed_in(
    residents_browser, code_for, kesennuma, hida
):
    _code, arrival = code_for(kesennuma)
    residents_browser.get(arrival)
    assert not is_signed_in(residents_browser.on("hida.localhost"))


def test_a_code_works_once(residents_browser, code_for, kesennuma, caplog):
    code, arrival = code_for(kesennuma)
    assert residents_browser.get(arrival).status_code == 302
    with caplog.at_level(logging.WARNING, "accounts.handoff"):
        second = residents_browser.get(arrival)
    assert second.status_code == 403
    assert "reason=used" in caplog.text
    assert code not in caplog.text


def test_a_code_is_for_one_municipality(residents_browser, code_for, kesennuma, hida, caplog):
    code, _arrival = code_for(kesennuma)
    at_hida = residents_browser.on("hida.localhost")
    at_hida.get("/enter/")
    response = at_hida.get("/arrive/", {"code": code})
    assert response.status_code == 403
    assert "reason=other_municipality" in caplog.text
    assert not is_signed_in(at_hida)


def test_a_code_tried_at_the_wrong_host_is_spent(residents_browser, code_for, kesennuma, hida):
    code, arrival = code_for(kesennuma)
    residents_browser.on("hida.localhost").get("/arrive/", {"code": code})
    assert residents_browser.get(arrival).status_code == 403


@pytest.mark.parametrize(("seconds", "status"), [(59, 302), (60, 403), (61, 403)])
def test_a_code_lives_for_sixty_seconds(residents_browser, code_for, kesennuma, seconds, status):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=TOKYO), tick=False) as clock:
        _code, arrival = code_for(kesennuma)
        clock.shift(seconds)
        assert residents_browser.get(arrival).status_code == status


def test_a_code_is_for_one_browser(code_for, kesennuma, caplog):
    code, _arrival = code_for(kesennuma)
    other = Client(HTTP_HOST="kesennuma.localhost")
    other.get("/enter/")
    assert other.get("/arrive/", {"code": code}).status_code == 403
    assert "reason=other_browser" in caplog.text
    assert not is_signed_in(other)


def test_a_browser_without_the_secret_is_refused(code_for, kesennuma):
    code, _arrival = code_for(kesennuma)
    without = Client(HTTP_HOST="kesennuma.localhost")
    assert without.get("/arrive/", {"code": code}).status_code == 403


def test_an_invented_code_is_refused_with_a_way_on(browser, kesennuma):
    response = browser.on("kesennuma.localhost").get("/arrive/", {"code": "invented"})
    assert response.status_code == 403
    assert "/enter/?next=" in response.content.decode()


def test_a_deactivated_account_is_refused(code_for, residents_browser, resident, kesennuma):
    _code, arrival = code_for(kesennuma)
    resident.user.is_active = False
    resident.user.save()
    assert residents_browser.get(arrival).status_code == 403


@pytest.mark.parametrize("evil", EVIL)
def test_an_address_elsewhere_is_never_gone_to(residents_browser, code_for, kesennuma, evil):
    _code, arrival = code_for(kesennuma, next=evil)
    response = residents_browser.get(arrival)
    assert response["Location"] == "/"


@pytest.mark.parametrize("evil", EVIL)
def test_the_portal_checks_the_path_itself(residents_browser, kesennuma, evil):
    """Somebody may write the portal's address by hand, without `/enter/`."""
    portal = residents_browser.on("localhost")
    portal.get("/handoff/", {"to": "042056", "browser": "0" * 64, "next": evil})
    assert Handoff.objects.get().return_path == "/"


@pytest.mark.parametrize(
    "query",
    [
        {"to": "999999", "browser": "0" * 64},
        {"to": "042056", "browser": "short"},
        {"to": "042056"},
        {},
    ],
)
def test_a_request_that_no_host_of_ours_makes_is_not_found(residents_browser, kesennuma, query):
    assert residents_browser.on("localhost").get("/handoff/", query).status_code == 404
    assert not Handoff.objects.exists()


def test_who_is_not_signed_in_signs_in_on_the_portal_and_comes_back(browser, resident, kesennuma):
    response = browser.on("kesennuma.localhost").get("/enter/", {"next": "/rooms/"})
    handoff = response["Location"]
    login = browser.get(handoff)
    assert urlsplit(login["Location"]).path == "/account/login/"
    back = parse_qs(urlsplit(login["Location"]).query)["next"][0]
    assert back == urlsplit(handoff).path + "?" + urlsplit(handoff).query


def test_the_database_keeps_neither_code_nor_secret(code_for, residents_browser, kesennuma):
    code, _arrival = code_for(kesennuma)
    secret = residents_browser.on("kesennuma.localhost").cookies["handoff"].value
    row = Handoff.objects.values().get()
    assert code not in map(str, row.values())
    assert secret not in map(str, row.values())


def test_no_cookie_has_a_domain(residents_browser, code_for, kesennuma):
    _code, arrival = code_for(kesennuma)
    residents_browser.get(arrival)
    seen = 0
    for client in residents_browser.jars.values():
        for cookie in client.cookies.values():
            assert cookie["domain"] == ""
            seen += 1
    assert seen >= 3
    secret = residents_browser.on("kesennuma.localhost").cookies["handoff"]
    assert secret["httponly"] and secret["samesite"] == "Lax"


@pytest.mark.parametrize(
    "host", ["hida.localhost", "localhost", "kesennuma.admin.localhost", "operator.localhost"]
)
def test_a_session_copied_to_another_host_is_nothing_there(
    residents_browser, code_for, kesennuma, hida, resident, host
):
    _code, arrival = code_for(kesennuma)
    residents_browser.get(arrival)
    stolen = residents_browser.on("kesennuma.localhost").cookies["session"].value
    thief = Client(HTTP_HOST=host)
    thief.cookies["session"] = stolen
    if host == "hida.localhost":
        assert not is_signed_in(thief)
    elif host == "localhost":
        assert thief.get("/my/profile/").status_code == 302
    else:
        assert resident.user.email not in thief.get("/").content.decode()
    # The attempt does not end the session at home.
    assert is_signed_in(residents_browser.on("kesennuma.localhost"))


def test_a_portal_session_is_nothing_at_a_municipality(residents_browser, kesennuma):
    stolen = residents_browser.on("localhost").cookies["session"].value
    thief = Client(HTTP_HOST="kesennuma.localhost")
    thief.cookies["session"] = stolen
    assert not is_signed_in(thief)


def test_arriving_begins_a_new_session(residents_browser, code_for, kesennuma):
    """A session key planted before the sign-in is not the one that gets signed in."""
    code, arrival = code_for(kesennuma)
    site = residents_browser.on("kesennuma.localhost")
    planted = "planted0planted0planted0planted0"
    site.cookies["session"] = planted
    residents_browser.get(arrival)
    assert site.cookies["session"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_signing_out_on_the_portal_ends_it_everywhere_at_once(
    residents_browser, code_for, kesennuma, hida
):
    for municipality in (kesennuma, hida):
        _code, arrival = code_for(municipality)
        residents_browser.get(arrival)
    assert is_signed_in(residents_browser.on("kesennuma.localhost"))
    assert is_signed_in(residents_browser.on("hida.localhost"))
    residents_browser.on("localhost").post("/account/logout/", {"next": "/terms/resident/"})
    assert not is_signed_in(residents_browser.on("kesennuma.localhost"))
    assert not is_signed_in(residents_browser.on("hida.localhost"))


def test_signing_out_in_one_browser_leaves_the_other_signed_in(
    residents_browser, code_for, kesennuma, resident
):
    from tests.factories.accounts import signed_in_client

    _code, arrival = code_for(kesennuma)
    residents_browser.get(arrival)
    signed_in_client(resident.user).post("/account/logout/", {"next": "/terms/resident/"})
    assert is_signed_in(residents_browser.on("kesennuma.localhost"))


def test_a_code_not_spent_yet_is_void_once_the_portal_is_left(
    residents_browser, code_for, kesennuma
):
    _code, arrival = code_for(kesennuma)
    residents_browser.on("localhost").post("/account/logout/", {"next": "/terms/resident/"})
    assert residents_browser.get(arrival).status_code == 403


def test_leaving_the_municipality_leaves_the_portal_signed_in(
    residents_browser, code_for, kesennuma
):
    _code, arrival = code_for(kesennuma)
    residents_browser.get(arrival)
    site = residents_browser.on("kesennuma.localhost")
    assert site.get("/leave/").status_code == 405
    response = site.post("/leave/", {"next": "//evil.example"})
    assert response["Location"] == "/"
    assert not is_signed_in(site)
    assert residents_browser.on("localhost").get("/my/profile/").status_code == 200


def test_leaving_needs_the_forms_token(residents_browser, code_for, kesennuma):
    _code, arrival = code_for(kesennuma)
    residents_browser.get(arrival)
    strict = Client(HTTP_HOST="kesennuma.localhost", enforce_csrf_checks=True)
    strict.cookies["session"] = residents_browser.on("kesennuma.localhost").cookies["session"].value
    assert strict.post("/leave/").status_code == 403
    assert is_signed_in(residents_browser.on("kesennuma.localhost"))


def test_the_way_stays_in_english(residents_browser, kesennuma):
    site = residents_browser.on("kesennuma.localhost")
    entered = site.get("/en/enter/", {"next": "/en/"})
    assert urlsplit(entered["Location"]).path == "/en/handoff/"
    handed = residents_browser.get(entered["Location"])
    assert urlsplit(handed["Location"]).path == "/en/arrive/"


def test_what_is_sent_is_not_kept_by_caches(residents_browser, code_for, kesennuma):
    _code, arrival = code_for(kesennuma)
    response = residents_browser.get(arrival)
    assert "no-store" in response["Cache-Control"]


def test_the_secret_cookie_is_named_in_the_settings():
    assert settings.HANDOFF_COOKIE_NAME == "handoff"


def refusals():
    return list(
        SecurityEvent.objects.filter(kind="handoff_refused").values_list(
            "account__email", "municipality_id", "detail__reason"
        )
    )


def test_a_reused_code_is_recorded(residents_browser, code_for, kesennuma, resident):
    _code, arrival = code_for(kesennuma)
    residents_browser.get(arrival)
    assert refusals() == []
    residents_browser.get(arrival)
    assert refusals() == [(resident.user.email, kesennuma.code, "used")]


def test_a_late_code_is_recorded(residents_browser, code_for, kesennuma, resident):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=TOKYO), tick=False) as clock:
        _code, arrival = code_for(kesennuma)
        clock.shift(61)
        residents_browser.get(arrival)
    assert refusals() == [(resident.user.email, kesennuma.code, "expired")]


def test_another_browser_is_recorded(code_for, kesennuma, resident):
    code, _arrival = code_for(kesennuma)
    Client(HTTP_HOST="kesennuma.localhost").get("/arrive/", {"code": code})
    assert refusals() == [(resident.user.email, kesennuma.code, "other_browser")]


def test_another_host_is_recorded_as_the_one_that_tried(
    residents_browser, code_for, kesennuma, hida, resident
):
    code, _arrival = code_for(kesennuma)
    residents_browser.on("hida.localhost").get("/arrive/", {"code": code})
    assert refusals() == [(resident.user.email, hida.code, "other_municipality")]


def test_an_invented_code_is_recorded_as_nobodys(browser, kesennuma):
    browser.on("kesennuma.localhost").get("/arrive/", {"code": "invented"})
    assert refusals() == [(None, kesennuma.code, "unknown")]


def test_the_record_holds_no_code(residents_browser, code_for, kesennuma):
    code, arrival = code_for(kesennuma)
    for _time in range(2):
        residents_browser.get(arrival)
    assert code not in str(list(SecurityEvent.objects.values()))


def test_the_owner_reads_it_on_the_portal(residents_browser, code_for, kesennuma):
    _code, arrival = code_for(kesennuma)
    for _time in range(2):
        residents_browser.get(arrival)
    page = residents_browser.on("localhost").get("/my/sign-in/").content.decode()
    assert "自治体のサイトへの移動を受け付けませんでした" in page


def test_the_way_is_two_redirects_between_hosts_and_one_that_takes_the_code_off_the_address(
    residents_browser, kesennuma
):
    hops, url, host = [], "/enter/?next=/rooms/", "kesennuma.localhost"
    while True:
        response = residents_browser.get(url, host)
        if response.status_code != 302 or urlsplit(url).path == "/rooms/":
            break
        url = response["Location"]
        target = urlsplit(url).hostname or host
        hops.append((host, target))
        host = target
    assert [hop for hop in hops if hop[0] != hop[1]] == [
        ("kesennuma.localhost", "localhost"),
        ("localhost", "kesennuma.localhost"),
    ]
    assert len(hops) == 3
