"""The codes of a venue: what they say and what they refuse."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from attendance.codes import read_token, rotating_token, venue_token, venue_url
from attendance.codes.day import day_codes, is_day_code
from attendance.codes.passes import make_pass, read_pass
from common.tokens import BadToken, sign

SESSION = UUID("0b5e7c1e-5e0f-4a3c-9a8f-1c2d3e4f5a6b")
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 0, 40, 12, tzinfo=UTC)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
RESIDENT = UUID("8b1d2c3e-0f1a-4b2c-8d3e-4f5a6b7c8d9e")


def changed(text: str, position: int, letter: str) -> str:
    return text[:position] + letter + text[position + 1 :]


@given(
    st.integers(10006, 473821),
    st.uuids(),
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.integers(1, 255),
)
def test_a_code_says_what_it_was_made_for(
    code: int, session_uuid: UUID, day: date, number: int
) -> None:
    read = read_token(venue_token(f"{code:06d}", session_uuid, day, number))
    assert (read.municipality_code, read.session_uuid) == (f"{code:06d}", session_uuid)
    assert (read.day, read.key_number, read.shown_at) == (day, number, None)


@given(st.integers(10006, 473821), st.uuids(), st.integers(1, 255), st.datetimes(
    datetime(2026, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # fmt: skip
def test_a_rotating_code_says_when_it_was_shown(
    code: int, session_uuid: UUID, number: int, at: datetime
) -> None:
    read = read_token(rotating_token(f"{code:06d}", session_uuid, number, at))
    assert (read.municipality_code, read.session_uuid) == (f"{code:06d}", session_uuid)
    assert (read.day, read.key_number) == (None, number)
    assert read.shown_at is not None
    assert timedelta(0) <= at - read.shown_at < timedelta(seconds=30)


@given(st.integers(0, 62), st.sampled_from(LETTERS))
def test_one_changed_letter_of_a_poster_is_refused(position: int, letter: str) -> None:
    token = venue_token("042056", SESSION, DAY, 1)
    altered = changed(token, position, letter)
    if altered != token:
        with pytest.raises(BadToken):
            read_token(altered)


@given(st.integers(0, 65), st.sampled_from(LETTERS))
def test_one_changed_letter_of_a_rotating_code_is_refused(position: int, letter: str) -> None:
    token = rotating_token("042056", SESSION, 1, NOW)
    altered = changed(token, position, letter)
    if altered != token:
        with pytest.raises(BadToken):
            read_token(altered)


@given(st.integers(0, 140), st.sampled_from(LETTERS))
def test_one_changed_letter_of_a_pass_is_refused(position: int, letter: str) -> None:
    text, _until = make_pass(RESIDENT, NOW)
    altered = changed(text, position, letter)
    if altered != text:
        with pytest.raises(BadToken):
            read_pass(altered)


def test_a_code_typed_in_small_letters_is_read() -> None:
    token = venue_token("042056", SESSION, DAY, 1)
    assert read_token(token.lower()).session_uuid == SESSION


def test_a_token_made_for_something_else_is_no_venue_code() -> None:
    payload = int("042056").to_bytes(3, "big") + uuid4().bytes + bytes(3)
    with pytest.raises(BadToken):
        read_token(sign("certificate", payload))


def test_a_code_of_one_session_cannot_be_made_into_one_of_another() -> None:
    token = rotating_token("042056", SESSION, 1, NOW)
    other = rotating_token("042056", uuid4(), 1, NOW)
    with pytest.raises(BadToken):
        read_token(token[:40] + other[40:])


def test_an_older_key_of_the_platform_is_good_until_it_is_taken_away(settings) -> None:
    settings.TOKEN_KEYS = [(1, b"1" * 32)]
    tokens = [venue_token("042056", SESSION, DAY, 1), rotating_token("042056", SESSION, 1, NOW)]
    digits = day_codes(SESSION, DAY, 1)[0]
    text, _until = make_pass(RESIDENT, NOW)
    settings.TOKEN_KEYS = [(2, b"2" * 32), (1, b"1" * 32)]
    for token in tokens:
        assert read_token(token).session_uuid == SESSION
    assert is_day_code(digits, SESSION, DAY, 1)
    assert read_pass(text).resident_id == RESIDENT
    settings.TOKEN_KEYS = [(2, b"2" * 32)]
    for token in tokens:
        with pytest.raises(BadToken):
            read_token(token)
    assert not is_day_code(digits, SESSION, DAY, 1)
    with pytest.raises(BadToken):
        read_pass(text)


def test_the_address_is_a_small_qr_code_in_capitals(settings) -> None:
    settings.BASE_DOMAIN, settings.PUBLIC_SCHEME = "furusato.example.jp", "https"
    settings.PUBLIC_PORT = 443
    url = venue_url("042056", SESSION, DAY, 1)
    assert set(url) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert url.startswith("HTTPS://FURUSATO.EXAMPLE.JP/C/")
    pass_text, _until = make_pass(RESIDENT, NOW)
    longest = "HTTPS://" + "N" * 80 + "/C/" + "A" * 63
    for text in (url, longest, pass_text):
        code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
        code.add_data(text)
        code.make(fit=True)
        assert code.modules_count <= 41


def test_the_six_digits_are_of_one_session_day_and_key() -> None:
    codes = {
        day_codes(SESSION, DAY, 1)[0],
        day_codes(SESSION, DAY, 2)[0],
        day_codes(SESSION, DAY + timedelta(days=1), 1)[0],
        day_codes(uuid4(), DAY, 1)[0],
    }
    assert len(codes) == 4
    assert all(len(code) == 6 and code.isdigit() for code in codes)


def test_a_pass_says_whose_it_is_to_us_alone_and_otherwise_every_day() -> None:
    text, until = make_pass(RESIDENT, NOW)
    read = read_pass(text)
    assert read.resident_id == RESIDENT
    assert read.valid_until == until == NOW + timedelta(hours=72)
    tomorrow, _until = make_pass(RESIDENT, NOW + timedelta(days=1))
    # Bytes 4 to 20 of the payload, whole letters of it.
    assert text[7:31] != tomorrow[7:31]
    assert len(text) == 141


def test_whoever_holds_the_public_keys_alone_can_check_a_pass(settings) -> None:
    settings.PASS_KEYS = [(7, 1234567890)]
    text, _until = make_pass(RESIDENT, NOW)
    settings.PASS_KEYS = [(7, 987654321)]
    with pytest.raises(BadToken):
        read_pass(text)
