"""A draw that everybody can check.

Before the first sign-up a seed is made, and its SHA-256 published: nobody can choose another one
afterwards. Each sign-up has a ticket, a random text it keeps. Tickets are sorted by
HMAC-SHA-256(seed, ticket). With the result the seed is published, so anybody can sort again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from attendance.rules.places import Group, allot

# Without the signs that are taken for each other when read aloud: 0 O, 1 I L, 5 S, 8 B, U V.
ALPHABET = "234679ACDEFGHJKMNPQRTWXYZ"
TICKET_LENGTH = 9


def new_seed() -> str:
    """256 random bits as 64 hexadecimal digits; that text is the key."""
    return secrets.token_hex(32)


def new_ticket() -> str:
    """Nine signs, about 42 bits: different within a session, for which the database answers."""
    return "".join(secrets.choice(ALPHABET) for _sign in range(TICKET_LENGTH))


def hash_of(seed: str) -> str:
    """What is published before: SHA-256 of the seed's text, in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def rank_of(seed: str, ticket: str) -> str:
    """What is sorted by, smallest first: `printf %s TICKET | openssl dgst -sha256 -hmac SEED`."""
    return hmac.new(seed.encode(), ticket.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Drawn:
    """The result: who has places, and who waits, both in drawn order; `order` is all of them."""

    order: tuple[Group, ...]
    winners: frozenset[str]

    def as_json(self) -> list[dict[str, object]]:
        """What is published: tickets and sizes, no names."""
        return [
            {"ticket": one.key, "party": one.party, "place": one.key in self.winners}
            for one in self.order
        ]


def draw_lots(seed: str, tickets: Iterable[Group], free: int | None) -> Drawn:
    """The draw. `key` of each group is its ticket; a group has one, however many come with it.

    The same seed and tickets give the same result, in whatever order they are handed in.
    """
    order = sorted(tickets, key=lambda one: (rank_of(seed, one.key), one.key))
    served, _left = allot(free, order)
    return Drawn(tuple(order), frozenset(one.key for one in served))
