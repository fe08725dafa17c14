"""What a browser says about itself, in three words."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.devices import Device, device_of
from accounts.rules.limits import LIMITS, network_of
from accounts.rules.recovery import is_code, written

AGENTS = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " Version/18.0 Mobile/15E148 Safari/604.1": Device("phone", "iphone", "safari"),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " CriOS/130.0 Mobile/15E148 Safari/604.1": Device("phone", "iphone", "chrome"),
    "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " Version/18.0 Mobile/15E148 Safari/604.1": Device("tablet", "ipad", "safari"),
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/130.0"
    " Mobile Safari/537.36": Device("phone", "android", "chrome"),
    "Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 SamsungBrowser/26.0"
    " Chrome/122.0 Safari/537.36": Device("tablet", "android", "samsung"),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0"
    " Safari/537.36 Edg/130.0": Device("computer", "windows", "edge"),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 Version/18.0"
    " Safari/605.1.15": Device("computer", "mac", "safari"),
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0": Device(
        "computer", "linux", "firefox"
    ),
    "Mozilla/5.0 (X11; CrOS x86_64 14541) AppleWebKit/537.36 Chrome/130.0 Safari/537.36": Device(
        "computer", "chromeos", "chrome"
    ),
    "curl/8.0": Device(),
    "": Device(),
}


@pytest.mark.parametrize(("agent", "device"), AGENTS.items())
def test_devices_are_told_apart(agent, device):
    assert device_of(agent) == device


@given(st.text(max_size=400))
def test_whatever_it_says_becomes_words_that_fit_their_columns(agent):
    device = device_of(agent)
    assert all(len(word) <= 16 for word in (device.kind, device.system, device.browser))


@given(st.ip_addresses(v=6))
def test_a_household_is_one_network(address):
    neighbour = IPv6Address(int(address) ^ 1)
    assert network_of(address) == network_of(neighbour)
    assert network_of(address) != network_of(IPv6Address(int(address) ^ (1 << 64)))


def test_places_that_cannot_be_known_count_as_one():
    assert network_of(None) == network_of(None) != network_of(ip_address("192.0.2.1"))


def test_the_owner_elsewhere_is_let_in_longer_than_a_guesser_here():
    limits = {limit.by: limit.amount for limit in LIMITS["sign_in"]}
    assert limits["both"] == 20
    assert limits["both"] < limits["address"] < limits["network"]


@given(st.text(alphabet="0123456789", min_size=16, max_size=16))
def test_a_code_written_in_groups_is_the_same_code(digits):
    assert written(digits).replace("-", "") == digits
    assert is_code(digits)
    assert not is_code(digits[1:])
    assert not is_code(f"{digits}0")


def test_digits_of_other_scripts_are_no_code():
    assert not is_code("１" * 16)
    assert not is_code("٣" * 16)
