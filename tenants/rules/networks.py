"""From where staff may reach a municipality's admin (R2)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_MAPPED_PREFIX = 96


class BadRange(ValueError):
    """Not a network range; `network` is the one that was probably meant, if any."""

    def __init__(self, network: Network | None = None) -> None:
        super().__init__(str(network or ""))
        self.network = network


def client_address(remote_addr: str, forwarded_for: str, trusted_proxies: int) -> Address | None:
    """The address a request came from, or None where it cannot be known.

    Each trusted proxy adds on the right of X-Forwarded-For the address it was called from, so
    with n of them the n-th entry from the right was written by the outermost one. Everything
    left of it was sent by the visitor and proves nothing. Without proxies the header is the
    visitor's invention altogether, and only the connection's own address counts.
    """
    if trusted_proxies <= 0:
        return parse_address(remote_addr)
    entries = forwarded_for.split(",")
    if len(entries) < trusted_proxies:
        return None
    return parse_address(entries[-trusted_proxies])


def parse_address(text: str) -> Address | None:
    """An address as text; None if it is none. `::ffff:192.0.2.1` is 192.0.2.1."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def parse_range(text: str) -> Network:
    """A range such as `192.0.2.0/24`, `2001:db8::/32` or a single address.

    Full-width letters are understood. Raises `BadRange`, also for an address inside of a range
    (`192.0.2.7/24`): the whole range would be let in by a slip, so it is only suggested.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if "%" in typed:  # an interface of one machine, not a range
        raise BadRange
    try:
        network = ip_network(typed, strict=False)
    except ValueError:
        raise BadRange from None
    given = ip_address(typed.split("/")[0])
    if given != network.network_address:
        raise BadRange(_unmapped(network))
    return _unmapped(network)


def is_inside(address: Address | None, ranges: Iterable[str]) -> bool:
    """Whether `address` lies in one of `ranges`; an unknown address lies in none.

    Raises `BadRange` for a text that is no range: only checked ones are ever kept.
    """
    return address is not None and any(
        network.version == address.version and address in network
        for network in map(parse_range, ranges)
    )


def _unmapped(network: Network) -> Network:
    """An IPv4 range written as IPv6 is that IPv4 range, as its addresses are."""
    if isinstance(network, IPv6Network) and network.prefixlen >= _MAPPED_PREFIX:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            return IPv4Network((mapped, network.prefixlen - _MAPPED_PREFIX))
    return network
