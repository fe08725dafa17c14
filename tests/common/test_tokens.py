import base64
import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from common.tokens import BadToken, sign, verify

pytestmark = pytest.mark.usefixtures("token_keys")
same_keys = examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
payloads = st.binary(max_size=40)


@same_keys
@given(payload=payloads)
def test_token_returns_its_payload_and_fits_qr_alphanumeric_mode(payload):
    token = sign("venue", payload)
    assert verify("venue", token) == payload
    assert re.fullmatch("[A-Z2-7]+", token)


@same_keys
@given(payload=payloads, data=st.data())
def test_any_flipped_bit_of_the_text_is_refused(payload, data):
    text = bytearray(sign("venue", payload), "ascii")
    bit = data.draw(st.integers(0, len(text) * 8 - 1))
    text[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(BadToken):
        verify("venue", text.decode("latin-1"))


@same_keys
@given(payload=payloads, data=st.data())
def test_any_flipped_bit_of_the_content_is_refused(payload, data):
    token = sign("venue", payload)
    raw = bytearray(base64.b32decode(token + "=" * (-len(token) % 8)))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(BadToken):
        verify("venue", base64.b32encode(raw).decode().rstrip("="))


@same_keys
@given(payload=payloads, made=st.text(max_size=8), used=st.text(max_size=8))
def test_token_holds_for_its_own_purpose_only(payload, made, used):
    token = sign(made, payload)
    if made == used:
        assert verify(used, token) == payload
    else:
        with pytest.raises(BadToken):
            verify(used, token)


@pytest.mark.parametrize(
    "text", ["", "A", "AE", "あ", "A" * 26, "A" * 28, "A" * 500, "=" * 8, "A B"]
)
def test_text_that_is_no_token_is_refused(text):
    with pytest.raises(BadToken):
        verify("venue", text)


def test_a_token_has_one_spelling():
    token = sign("venue", b"1234")
    for other in (token.lower(), token + "=", token + "=" * (-len(token) % 8 or 8), f" {token}"):
        with pytest.raises(BadToken):
            verify("venue", other)


def test_new_key_signs_and_old_tokens_verify_until_their_key_is_removed(token_keys):
    old = sign("venue", b"x")
    token_keys((2, b"second secret"), (1, b"first secret"))
    new = sign("venue", b"x")
    assert verify("venue", old) == verify("venue", new) == b"x"
    token_keys((2, b"second secret"))
    assert verify("venue", new) == b"x"
    with pytest.raises(BadToken):
        verify("venue", old)


def test_same_key_number_with_another_secret_is_refused(token_keys):
    token = sign("venue", b"x")
    token_keys((1, b"another secret"))
    with pytest.raises(BadToken):
        verify("venue", token)
