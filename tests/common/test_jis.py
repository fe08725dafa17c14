import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import jis

CODES = st.from_regex(r"\A[0-9]{5}\Z")


@given(CODES)
def test_exactly_one_check_digit_is_right(code):
    assert [d for d in "0123456789" if jis.is_valid(code + d)] == [jis.check_digit(code)]


@pytest.mark.parametrize(
    "code", ["042056", "212172", "011002", "131016", "040002", "473821", "014648"]
)
def test_known_codes_are_valid(code):
    assert jis.is_valid(code)


@pytest.mark.parametrize(
    "code", ["", "042057", "42056", "0420560", "０４２０５６", "04205x", "402056"]
)
def test_other_codes_are_not(code):
    assert not jis.is_valid(code)


@pytest.mark.parametrize("code", ["", "0420", "042056", "０４２０５"])
def test_check_digit_is_for_five_digits(code):
    with pytest.raises(ValueError):
        jis.check_digit(code)


@pytest.mark.parametrize(
    ("jis_code", "municipality"),
    [
        ("01101", "011002"),  # 札幌市中央区
        ("14131", "141305"),  # 川崎市川崎区, not Yokohama
        ("14118", "141003"),  # 横浜市都筑区
        ("22138", "221309"),  # 浜松市中央区 since 2024
        ("27141", "271403"),  # 堺市堺区
        ("13101", "131016"),  # 千代田区 is a municipality itself
        ("13123", "131237"),
        ("04205", "042056"),
        ("01100", "011002"),
    ],
)
def test_a_ward_of_a_designated_city_is_its_city(jis_code, municipality):
    assert jis.municipality_code(jis_code) == municipality


def test_prefecture_of_a_municipality():
    assert jis.prefecture_code("042056") == "040002"
    assert jis.prefecture_code("13101") == "130001"
