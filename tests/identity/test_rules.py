"""Forms of claims, what counts as the same, how long a proof holds."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import TOKYO
from identity.rules.claims import Attributes, ClaimsUnreadable, attributes_of
from identity.rules.comparison import same_address, same_name
from identity.rules.masking import mask_email
from identity.rules.validity import valid_until

GOOD = {"name": "佐藤 花子", "birthdate": "1988-04-02", "address": "宮城県気仙沼市南町1丁目2番3号"}


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("佐藤 花子", "佐藤", "花子"),
        ("佐藤　花子", "佐藤", "花子"),
        ("𠮷野　髙子", "𠮷野", "髙子"),
        ("NGUYEN VAN AN", "NGUYEN", "VAN AN"),
        ("佐藤花子", "佐藤花子", ""),
    ],
)
def test_names(name, family, given):
    attributes = attributes_of({**GOOD, "name": name})
    assert (attributes.family_name, attributes.given_name) == (family, given)


def test_names_given_apart_are_taken_as_they_are():
    claims = {**GOOD, "name": "x y", "family_name": "佐藤", "given_name": "花子"}
    assert attributes_of(claims).name == "佐藤 花子"


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)))
def test_birth_dates_in_both_forms(born):
    for text in (born.isoformat(), born.strftime("%Y%m%d")):
        assert attributes_of({**GOOD, "birthdate": text}).birth_date == born


@pytest.mark.parametrize(
    "address",
    [
        "宮城県気仙沼市南町",
        {"formatted": "宮城県気仙沼市南町"},
        {"region": "宮城県", "locality": "気仙沼市", "street_address": "南町"},
    ],
)
def test_addresses(address):
    assert attributes_of({**GOOD, "address": address}).address == "宮城県気仙沼市南町"


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("name", ""),
        ("name", None),
        ("name", 7),
        ("birthdate", "1988"),
        ("birthdate", "19881340"),
        ("birthdate", "昭和63年4月2日"),
        ("birthdate", None),
        ("address", {}),
        ("address", " "),
    ],
)
def test_what_cannot_be_read_is_named_without_its_value(claim, value):
    with pytest.raises(ClaimsUnreadable) as unreadable:
        attributes_of({**GOOD, claim: value})
    assert str(unreadable.value) == claim


def test_attributes_survive_being_kept():
    attributes = attributes_of(GOOD)
    assert Attributes.of_json(attributes.as_json()) == attributes


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("宮城県気仙沼市南町一丁目２番３号", "宮城県気仙沼市南町1丁目2番3号", True),
        ("宮城県気仙沼市南町1-2-3", "宮城県気仙沼市南町1丁目2番3号", True),
        ("宮城県気仙沼市南町１－２－３", "宮城県気仙沼市南町一丁目2番地の3", True),
        ("宮城県気仙沼市南町十二丁目3番", "宮城県気仙沼市南町12-3", True),
        ("宮城県気仙沼市南町1丁目2番3号", "宮城県気仙沼市南町1丁目2番3号 海荘201", True),
        ("宮城県気仙沼市南町1丁目2番3号", "宮城県気仙沼市南町1丁目2番30号", False),
        ("宮城県気仙沼市南町1丁目2番", "宮城県気仙沼市南町1丁目2番3号", False),
        ("宮城県気仙沼市南町1丁目2番3号", "宮城県気仙沼市八日町1丁目2番3号", False),
        ("", "宮城県気仙沼市", False),
    ],
)
def test_addresses_are_the_same_however_they_are_written(one, other, same):
    assert same_address(one, other) is same
    assert same_address(other, one) is same


def test_letters_of_a_name_are_not_exchanged():
    assert same_name("佐藤", "佐 藤")
    assert not same_name("髙橋", "高橋")


def test_five_years_or_the_card_s_last_day():
    proved = datetime(2026, 11, 24, 12, tzinfo=TOKYO)
    assert valid_until(proved, 5, None, TOKYO) == datetime(2031, 11, 24, 12, tzinfo=TOKYO)
    soon = valid_until(proved, 5, date(2027, 4, 2), TOKYO)
    assert soon == datetime(2027, 4, 3, tzinfo=TOKYO)
    assert valid_until(proved, 5, date(2036, 4, 2), TOKYO).year == 2031
    leap = datetime(2028, 2, 29, 12, tzinfo=TOKYO)
    assert valid_until(leap, 5, None, TOKYO).date() == date(2033, 2, 28)


@pytest.mark.parametrize(
    ("address", "masked"),
    [("mika@example.jp", "m•••@example.jp"), ("x@example.jp", "x•••@example.jp"), ("", "")],
)
def test_an_address_is_masked(address, masked):
    assert mask_email(address) == masked
