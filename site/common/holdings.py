"""What is held of a person, table by table: what they may read of it, and how it goes.

Each app lists its tables in a module `holdings`, as `HOLDINGS`. The copy of one's data, the
closing of an account and the register in `docs/privacy.md` are made from these lists; a table
that names a person and is in none of them fails `tests/privacy/test_holdings.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Person:
    """Whose data it is: the account in use first, then those that became part of it.

    Tables name a person by the account's number or by the resident's; both are plural because
    two accounts of one person can become one, and what is append-only keeps the older number.
    """

    accounts: tuple[int, ...]
    residents: tuple[UUID, ...]
    # Addresses of the accounts, known before the first table is emptied.
    emails: tuple[str, ...] = ()

    @property
    def account(self) -> int:
        return self.accounts[0]

    @property
    def resident(self) -> UUID:
        return self.residents[0]


@dataclass(frozen=True)
class Field:
    """One value of a row as the person reads it: `read` takes the model's instance."""

    key: str
    label: Text
    read: Callable[[Any], Any]


@dataclass(frozen=True)
class Holding:
    """One table. `rows` are the person's rows, read as that person; `fields` what they see of
    each: names of the model's fields or properties, or a `Field`. Secrets are left out of it.

    `why` says in a sentence or two what it is held for and how long. `erase` is called when the
    account is closed, by the owner of the database and in the transaction of the closing: it
    deletes the rows or empties what names the person, in a number of statements that does not
    grow with the rows, and changes nothing when it is called again. None: the rows stay under a
    pseudonym, and `kept` says on what ground. `municipal` tables stand in every municipality's
    schema; `rows` and `erase` are then called inside of each that the person has been with.
    """

    table: str
    title: Text
    why: Text
    rows: Callable[[Person], Iterable[Model]]
    fields: tuple[str | Field, ...]
    erase: Callable[[Person], None] | None = None
    kept: Text = ""
    municipal: bool = False

    def __post_init__(self) -> None:
        if (self.erase is None) is not bool(self.kept):
            raise ValueError(f"{self.table}: is it erased, or kept on which ground?")


# Where a row is of a municipality, by name; its `rows` fetch the names with `PLACE_NAMED`.
PLACE = Field("municipality", _("municipality"), lambda row: row.municipality)
PLACE_NAMED = "municipality__local_government__prefecture"
