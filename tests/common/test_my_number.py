import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.my_number import MASK, check_digit, has_my_number, mask_my_numbers

# An example that everybody uses; it was never given to anybody.
NUMBER = "123456789018"
ELEVEN = st.text("0123456789", min_size=11, max_size=11)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
PRINTED = st.sampled_from(
    [" ", "-", "　", "－", "ー", "‐", "–", "−", ".", "・", "/", "_", "", " - "]
)


def plain_reading(eleven):
    """Article 5, read a second time: 11 less the remainder of the weighed sum by 11."""
    weights = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
    remainder = sum(int(d) * w for d, w in zip(eleven, weights, strict=True)) % 11
    return 0 if remainder <= 1 else 11 - remainder


@given(ELEVEN)
@example("00000000000")
@example("99999999999")
def test_exactly_the_right_check_digit_is_recognised(eleven):
    right = [d for d in "0123456789" if has_my_number(eleven + d)]
    assert right == [str(check_digit(eleven))] == [str(plain_reading(eleven))]


@given(ELEVEN, PRINTED, PRINTED, st.booleans())
def test_as_on_the_card_with_anything_between_the_groups(eleven, one, two, wide):
    whole = f"{eleven}{check_digit(eleven)}"
    text = f"{whole[:4]}{one}{whole[4:8]}{two}{whole[8:]}"
    text = text.translate(FULL_WIDTH) if wide else text
    assert has_my_number(f"番号は{text}です。")
    assert mask_my_numbers(f"番号は{text}です。") == f"番号は{MASK}です。"


@given(ELEVEN, st.sets(st.integers(1, 11)), st.sampled_from([" ", "　", "-", "－", "ー", "\u200b"]))
def test_in_any_grouping_with_one_kind_of_separator(eleven, cuts, separator):
    whole = f"{eleven}{check_digit(eleven)}"
    text = "".join((separator if i in cuts else "") + d for i, d in enumerate(whole))
    assert mask_my_numbers(text) == MASK


@given(ELEVEN, st.integers(0, 10**6), st.sampled_from([" ", "-"]))
def test_another_number_beside_it_does_not_hide_it(eleven, other, separator):
    whole = f"{eleven}{check_digit(eleven)}"
    assert has_my_number(f"{other}{separator}{whole}")
    assert has_my_number(f"{whole}{separator}{other}")


@given(st.text(max_size=200))
def test_a_masked_text_has_none_left(text):
    assert not has_my_number(mask_my_numbers(f"{text}{NUMBER}{text}"))


@given(st.text(st.characters(exclude_categories=["Nd"]), max_size=200))
def test_a_text_without_digits_is_left_alone(text):
    assert mask_my_numbers(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "1234567890189",  # thirteen digits: a corporate number, a barcode
        "23456789018",
        "123456789019",
        "0226-22-3456 13",
        "2026-11-24 1030",
        "192.168.100.101",
        "+81 226 22 3456",
        "1234,5678,9018",  # sums of money
        "2026年11月24日 10:30",
    ],
)
def test_what_is_not_one_is_left_alone(text):
    assert not has_my_number(text)
    assert mask_my_numbers(text) == text


@pytest.mark.parametrize("text", ["個人番号カード_1234_5678_9018.jpg", "scan123456789018.pdf"])
def test_in_the_name_of_a_file(text):
    assert has_my_number(text)


def test_in_an_address_of_a_log_line():
    line = "GET /search?q=1234%205678%209018 200"
    assert mask_my_numbers(line) == f"GET /search?q={MASK} 200"
    wide = "GET /search?q=" + "".join(f"%EF%BC%9{d}" for d in NUMBER) + " 200"
    assert mask_my_numbers(wide) == f"GET /search?q={MASK} 200"
    assert mask_my_numbers("GET /search?q=%E6%B0%97 200") == "GET /search?q=%E6%B0%97 200"


def test_two_in_one_text():
    assert mask_my_numbers(f"{NUMBER}, {NUMBER}") == f"{MASK}, {MASK}"


def test_a_long_text_is_read_once():
    """No text makes the search go over it again and again."""
    assert not has_my_number("1 " * 200_000 + "%")
    assert not has_my_number("1" * 400_000)


def test_the_check_digit_asks_for_eleven():
    with pytest.raises(ValueError, match="Eleven"):
        check_digit("123")
