"""Which address a request came from, and whether a range holds it (R2); no database."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.rules.networks import BadRange, client_address, is_inside, parse_address, parse_range

addresses = st.ip_addresses()
junk = st.text(alphabet="0123456789.:abcdef, x", max_size=40)


def _unmapped(address):
    return getattr(address, "ipv4_mapped", None) or address


@given(addresses, junk)
def test_without_proxies_the_header_is_ignored(address, header):
    assert client_address(str(address), header, 0) == _unmapped(address)


@given(addresses, st.lists(addresses, min_size=1, max_size=4), st.lists(junk, max_size=4))
def test_behind_proxies_the_nth_from_the_right_counts_whatever_stands_left_of_it(
    remote, chain, forged
):
    header = ", ".join([*forged, *map(str, chain)])
    assert client_address(str(remote), header, len(chain)) == _unmapped(chain[0])


@given(st.lists(addresses, max_size=3), st.integers(1, 4))
def test_too_short_a_header_tells_no_address(chain, missing):
    header = ",".join(map(str, chain))
    assert client_address("10.0.0.1", header, len(chain) + missing) is None


@pytest.mark.parametrize(
    "header", ["", "unknown", "10.0.0.256", "10.0.0.1:80", "[2001:db8::1]", "010.0.0.1", "a, "]
)
def test_a_malformed_entry_tells_no_address(header):
    assert client_address("10.0.0.1", header, 1) is None


@given(junk, junk, st.integers(-1, 3))
def test_nothing_a_visitor_sends_raises(remote, header, proxies):
    client_address(remote, header, proxies)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_written_as_ipv6_is_the_same(address):
    mapped = f"::ffff:{address}"
    assert parse_address(mapped) == address
    assert is_inside(parse_address(mapped), [f"{address}/32"])
    assert str(parse_range(f"{mapped}/128")) == f"{address}/32"


@given(addresses, st.integers(0, 128))
def test_a_range_holds_its_own_addresses_and_is_written_one_way(address, length):
    kind = IPv4Network if address.version == 4 else IPv6Network
    network = kind((address, min(length, address.max_prefixlen)), strict=False)
    parsed = parse_range(str(network))
    assert parse_range(str(parsed)) == parsed
    if not getattr(address, "ipv4_mapped", None):
        assert is_inside(address, [str(parsed)])


@given(st.ip_addresses(v=4))
def test_an_address_of_the_other_kind_is_outside(address):
    assert not is_inside(address, ["2000::/3"])
    assert not is_inside(IPv6Address("2001:db8::1"), [f"{address}/32"])


def test_one_of_several_ranges_is_enough_and_none_holds_nobody():
    ranges = ["192.0.2.0/24", "2001:db8::/32"]
    assert is_inside(IPv4Address("192.0.2.255"), ranges)
    assert is_inside(IPv6Address("2001:db8:ffff::1"), ranges)
    assert not is_inside(IPv4Address("192.0.3.0"), ranges)
    assert not is_inside(None, ranges)
    assert not is_inside(ip_address("192.0.2.1"), [])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 192.0.2.0/24 ", "192.0.2.0/24"),
        ("１９２．０．２．０／２４", "192.0.2.0/24"),
        ("192.0.2.0/255.255.255.0", "192.0.2.0/24"),
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:DB8:0::/32", "2001:db8::/32"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
    ],
)
def test_ranges_are_kept_in_one_form(typed, kept):
    assert str(parse_range(typed)) == kept


@pytest.mark.parametrize(
    "typed", ["", "town hall", "192.0.2", "192.0.2.0/33", "10.0.0.0-10.0.0.9", "fe80::1%eth0", "/8"]
)
def test_what_is_no_range_is_refused(typed):
    with pytest.raises(BadRange) as refusal:
        parse_range(typed)
    assert refusal.value.network is None


def test_an_address_inside_of_a_range_is_only_suggested():
    with pytest.raises(BadRange) as refusal:
        parse_range("192.0.2.7/24")
    assert str(refusal.value.network) == "192.0.2.0/24"
