"""How often what may be tried, and by whom it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network

MINUTE, HOUR = 60, 60 * 60
# One household, as far as the internet tells: a provider gives out /64 networks.
_IPV6_HOUSEHOLD = 64
_NOWHERE = "unknown"


@dataclass(frozen=True)
class Limit:
    """At most `amount` within `seconds`, for each that is counted `by`.

    `by` names what makes two attempts count together: "address" (the e-mail address that was
    typed), "network", "both" (that address from that network), "account", "place" (a municipality),
    "organiser" (who runs a municipality's sessions).
    """

    by: str
    amount: int
    seconds: int


# Of each action from narrow to wide: where one is reached the wider ones are spared, so that nobody
# uses up alone what many share.

# Refused attempts to sign in, by whatever way; what succeeds is not counted.
# - both: a guesser at one desk is stopped, and the owner at another is not;
# - address: many desks together guess no faster (a password has 10 characters or more, a code
#   three attempts a mail);
# - network: one desk that tries many addresses. Wide, because a provider's customers and a
#   whole town hall may share one.
SIGN_IN = (
    Limit("both", 20, HOUR),
    Limit("address", 100, HOUR),
    Limit("network", 300, HOUR),
)
# Mails with a code: nobody's mailbox is flooded.
MAIL = (
    Limit("both", 6, 15 * MINUTE),
    Limit("address", 20, HOUR),
    Limit("network", 200, 10 * MINUTE),
)
# A passkey cannot be guessed; this only keeps the signatures that are checked within bounds.
PASSKEY = (Limit("network", 120, MINUTE),)
# Who is signed in, changing what opens the account.
CHANGE = (Limit("account", 20, HOUR),)
# Copies of all one's data, each the work of some seconds.
COPY = (Limit("account", 20, HOUR),)
# Participations from before the platform that somebody says are theirs: an account has few to ask
# for, and many accounts from one place guess no faster.
EARLIER = (Limit("account", 5, HOUR), Limit("network", 100, HOUR))

# The six digits of a venue's day, of which one in a million is right: whoever guesses alone, from
# one network with many accounts, or from all over at one municipality's sessions.
DAY_CODE = (
    Limit("account", 10, HOUR),
    Limit("network", 200, HOUR),
    Limit("place", 1000, HOUR),
)

# Number and name from a list on paper. Slips are few; of who guesses all colleagues count together.
ON_PAPER = (Limit("account", 20, HOUR), Limit("organiser", 60, 24 * HOUR))

LIMITS: dict[str, tuple[Limit, ...]] = {
    "sign_in": SIGN_IN,
    "mail": MAIL,
    "passkey": PASSKEY,
    "change": CHANGE,
    "copy": COPY,
    "day_code": DAY_CODE,
    "earlier": EARLIER,
    "on_paper": ON_PAPER,
}


def network_of(address: IPv4Address | IPv6Address | None) -> str:
    """What attempts from one place are counted by. All places that cannot be known are one."""
    if address is None:
        return _NOWHERE
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _IPV6_HOUSEHOLD), strict=False))
    return str(address)
