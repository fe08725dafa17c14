"""What browsers keep for places without a network: complete, and nobody's."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from attendance.codes.day import day_codes
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.scans import DAY, DURING, a_device, a_session, desk_client

pytestmark = pytest.mark.django_db
CITY, PORTAL = "kesennuma.localhost", "localhost"
WORKERS = [
    (CITY, "/desk/worker.js"),
    (CITY, "/en/desk/worker.js"),
    (PORTAL, "/c/worker.js"),
    (PORTAL, "/C/worker.js"),
    (PORTAL, "/c/worker.js?language=en"),
    (PORTAL, "/en/c/worker.js"),
    (PORTAL, "/my/pass/worker.js"),
]
SHELLS = [
    (CITY, "/desk/offline/"),
    (PORTAL, "/c/offline/"),
    (PORTAL, "/en/c/offline/"),
    (PORTAL, "/my/pass/offline/"),
]
_IMPORT = re.compile(r"""(?:from|import) ["'](\./[^"']+)["']""")


def kept_by(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript"
    return json.loads(answer.content.decode().partition("\n")[0][len("const KEEPS = ") : -1])


@pytest.mark.parametrize(("host", "address"), WORKERS)
def test_a_worker_keeps_all_that_its_pages_need(kesennuma, host: str, address: str) -> None:
    client = Client(headers={"host": host})
    keeps = kept_by(client.get(address))
    # A script that is imported and not kept would break the page where there is no network.
    for asset in keeps["assets"]:
        found = finders.find(asset.removeprefix(settings.STATIC_URL))
        assert found, asset
        if asset.endswith(("js", "mjs")):
            for imported in _IMPORT.findall(Path(found).read_text()):
                folder = asset.rsplit("/", 1)[0]
                assert f"{folder}/{imported.removeprefix('./')}" in keeps["assets"], imported
    for shell in {page["shell"] for page in keeps["pages"]}:
        page = client.get(shell)
        assert page.status_code == 200
        # The printed look and the icon too: an address that is not kept would be an error there.
        for part in re.findall(r'(?:src|href|data-wasm)="(/static/[^"]+)"', page.content.decode()):
            assert part in keeps["assets"], part


@pytest.mark.parametrize(("host", "shell"), SHELLS)
def test_a_kept_page_is_the_same_for_everybody(kesennuma, host: str, shell: str) -> None:
    resident = ResidentFactory()
    city = kesennuma if host == CITY else None
    pages = []
    for client in (Client(headers={"host": host}), signed_in_client(resident.user, city)):
        answer = client.get(shell)
        assert answer.status_code == 200
        assert not answer.cookies
        pages.append(re.sub(r'nonce="[^"]+"', "", answer.content.decode()))
    assert pages[0] == pages[1]
    assert resident.family_name not in pages[1]


def test_pages_that_a_worker_stands_for_are_these_and_no_others(kesennuma) -> None:
    desk = kept_by(Client(headers={"host": CITY}).get("/desk/worker.js"))["pages"]
    own = kept_by(Client(headers={"host": PORTAL}).get("/c/worker.js"))["pages"]
    token = "a2" * 30

    def shells(pages: list[dict[str, str]], path: str) -> list[str]:
        return [page["shell"] for page in pages if re.search(page["path"], path)]

    assert shells(desk, "/desk/") == ["/desk/offline/"]
    assert shells(own, f"/C/{token.upper()}") == shells(own, f"/c/{token}/") == ["/c/offline/"]
    assert shells(own, "/my/pass/") == ["/my/pass/offline/"]
    for path in ("/", "/desk/data/", f"/desk/{token[:32]}/", "/desk/code/"):
        assert not shells(desk, path), path
    for path in ("/", "/my/", "/c/scans/", "/my/pass/data/", "/account/login/"):
        assert not shells(own, path), path


def test_what_is_kept_for_a_poster_is_in_the_readers_language(kesennuma) -> None:
    client = Client(headers={"host": PORTAL})
    japanese, english, unknown = (
        kept_by(client.get(f"/c/worker.js{query}"))
        for query in ("", "?language=en", "?language=xx")
    )
    assert unknown == japanese
    assert english["version"] != japanese["version"]
    for keeps, prefix, heading in (
        (japanese, "", "通信できません"),
        (english, "/en", "No network"),
    ):
        (shell,) = {
            page["shell"] for page in keeps["pages"] if re.search(page["path"], "/C/" + "A2" * 30)
        }
        assert shell == f"{prefix}/c/offline/"
        assert heading in client.get(shell).content.decode()


def test_a_device_knows_the_six_digits_of_the_day(kesennuma) -> None:
    session = a_session(kesennuma)
    with time_machine.travel(DURING):
        client = desk_client(kesennuma, a_device(kesennuma, session)[1])
        digits = client.get("/desk/data/").json()["day_code"]
        page = client.get("/desk/")
        code = client.get("/desk/code/")
    assert digits == day_codes(session.session_uuid, DAY, 1)[0]
    assert digits in page.content.decode()
    assert code["Refresh"] == "30"
    assert "<svg" in code.content.decode()


def test_two_people_on_one_phone_have_different_marks(kesennuma) -> None:
    one, other = ResidentFactory(), ResidentFactory()
    marks = [signed_in_client(who.user).get("/c/scans/").json()["who"] for who in (one, one, other)]
    assert marks[0] == marks[1] != marks[2]
    assert one.pk.hex[:8] not in marks[0]
