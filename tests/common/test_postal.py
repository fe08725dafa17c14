from concurrent.futures import ThreadPoolExecutor

import pytest

from common.postal import PostalAddress, lookup


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("988-0017", PostalAddress("宮城県", "気仙沼市", "南町", "042056")),
        ("〒０６０－００００", PostalAddress("北海道", "札幌市中央区", "", "011002")),
        ("1000001", PostalAddress("東京都", "千代田区", "千代田", "131016")),
        ("1008111", PostalAddress("東京都", "千代田区", "千代田", "131016")),  # an office's own
    ],
)
def test_postal_code_gives_the_address_and_its_municipality(code, address):
    assert lookup(code) == [address]


def test_a_code_across_a_border_gives_every_municipality():
    assert {(a.prefecture, a.municipality_code) for a in lookup("4980000")} == {
        ("愛知県", "232351"),
        ("三重県", "243035"),
    }


@pytest.mark.parametrize("code", ["", "000-0000", "988", "98800170", "abcdefg", "' OR 1=1"])
def test_an_unknown_code_gives_nothing(code):
    assert lookup(code) == []


def test_lookup_works_in_other_threads():
    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(lookup, ["9880017", "0600000", "5060000"]))
