"""What is put into a frame is each reader's own; the rest is made once."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from tests.attendance.test_check_in import DURING
from tests.attendance.test_check_in import token as token
from tests.factories.accounts import ResidentFactory, sign_in
from themes.views import frames

pytestmark = pytest.mark.django_db


def _nonces(page: str) -> set[str]:
    return set(re.findall(r'nonce="([^"]+)"', page))


@time_machine.travel(DURING)
def test_each_gets_their_own_page_out_of_one_frame(token: str, monkeypatch) -> None:
    monkeypatch.setattr(frames, "_frames", {})
    pages = []
    for name in ("花子", "<b>太郎</b>"):
        client = Client(headers={"host": "localhost"})
        sign_in(client, ResidentFactory(given_name=name).user)
        answer = client.get(f"/c/{token}/")
        page = answer.content.decode()
        (nonce,) = _nonces(page)
        assert f"'nonce-{nonce}'" in answer["Content-Security-Policy"]
        pages.append(page)
    assert len(frames._frames) == 1
    assert "花子" in pages[0]
    assert "花子" not in pages[1]
    assert "&lt;b&gt;太郎" in pages[1]
    assert _nonces(pages[0]) != _nonces(pages[1])
    for page in pages:
        assert not set("\ue001\ue002\ue003\ue004") & set(page)
        assert f'href="/en/c/{token}/"' in page
        assert page.count("csrfmiddlewaretoken") == 1


@time_machine.travel(DURING)
def test_each_language_has_a_frame_of_its_own(token: str) -> None:
    client = Client(headers={"host": "localhost"})
    sign_in(client, ResidentFactory().user)
    japanese, english = (
        client.post(f"{prefix}/c/{token}/").content.decode() for prefix in ("", "/en")
    )
    for page in (japanese, english):  # what follows the middle is in the frame, with its script
        assert page.index("</h1>") < page.index('<section id="own"') < page.index("</main>")
        assert len(_nonces(page)) == 1
    assert '<html lang="ja"' in japanese
    assert '<html lang="en"' in english
    with translation.override("ja"):
        assert gettext("Your participation is recorded") in japanese
    assert "Your participation is recorded｜" in english
    assert f'href="/c/{token}/"' in english


@time_machine.travel(DURING)
def test_a_message_waits_for_a_page_that_shows_it(token: str) -> None:
    client = Client(headers={"host": "localhost"})
    resident = ResidentFactory()
    sign_in(client, resident.user)
    client.post("/my/profile/", {})
    assert 'class="messages"' not in client.get(f"/c/{token}/").content.decode()
