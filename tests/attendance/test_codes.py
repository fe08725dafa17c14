"""The venue code: what it says and what it refuses."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.codes import read_venue_token, venue_token, venue_url
from common.tokens import BadToken, sign

SESSION = UUID("0b5e7c1e-5e0f-4a3c-9a8f-1c2d3e4f5a6b")


@given(st.integers(10006, 473821), st.uuids())
def test_a_code_says_what_it_was_made_for(code: int, session_uuid: UUID) -> None:
    read = read_venue_token(venue_token(f"{code:06d}", session_uuid))
    assert (read.municipality_code, read.session_uuid) == (f"{code:06d}", session_uuid)


@given(st.integers(0, 57), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_changed_letter_is_refused(position: int, letter: str) -> None:
    token = venue_token("042056", SESSION)
    changed = token[:position] + letter + token[position + 1 :]
    if changed == token:
        return
    with pytest.raises(BadToken):
        read_venue_token(changed)


def test_a_code_typed_in_small_letters_is_read() -> None:
    token = venue_token("042056", SESSION)
    assert read_venue_token(token.lower()).session_uuid == SESSION


def test_a_token_made_for_something_else_is_no_venue_code() -> None:
    payload = int("042056").to_bytes(3, "big") + uuid4().bytes
    with pytest.raises(BadToken):
        read_venue_token(sign("certificate", payload))


def test_the_address_keeps_to_the_letters_of_a_small_qr_code(settings) -> None:
    settings.BASE_DOMAIN, settings.PUBLIC_SCHEME = "furusato.example.jp", "https"
    settings.PUBLIC_PORT = 443
    url = venue_url("042056", SESSION)
    assert set(url) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert url.startswith("HTTPS://FURUSATO.EXAMPLE.JP/C/")
