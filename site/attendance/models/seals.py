"""Seals over the ledger, and what waits for one."""

from __future__ import annotations

from typing import Any

from django.db import models
from psycopg.types.multirange import Multirange

from attendance.rules.sealing import Words, as_said


class RowIds(models.Field):
    """Ids of rows, as ranges: PostgreSQL's `int8multirange`."""

    def db_type(self, connection: Any) -> str:
        return "int8multirange"

    def to_python(self, value: Any) -> Multirange[int]:
        return value if isinstance(value, Multirange) else Multirange(value or ())


class Unsealed(models.Model):
    """A row of the ledger that no seal covers yet; written by a trigger, with the row itself.

    Rows become visible out of the order of their ids. So who seals is told which rows are new,
    and needs no lock that those who write would wait for.
    """

    table = models.CharField(max_length=16)  # as `rules.sealing.TABLES` names it
    row = models.BigIntegerField()

    class Meta:
        verbose_name = "unsealed row"
        verbose_name_plural = "unsealed rows"

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


class Seal(models.Model):
    """Rows of the ledger that were written since the last seal, bound to it and signed.

    Append-only, numbered without a gap. `signature` is over `rules.sealing.document`.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    version = models.PositiveSmallIntegerField()  # of the canonical form of rows
    records = RowIds()
    amendments = RowIds()
    content = models.BinaryField()  # SHA-256 over the digests of all rows
    # The first bytes of each row's digest, in the order of table and id: they only help to say
    # which row was changed.
    marks = models.BinaryField()
    previous = models.BinaryField()  # `digest` of the seal before; empty for the first
    digest = models.BinaryField()  # SHA-256 of the document
    kid = models.PositiveSmallIntegerField()
    signature = models.BinaryField()

    class Meta:
        verbose_name = "seal"
        verbose_name_plural = "seals"
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def words(self) -> Words:
        """What it says; what is signed is their text."""
        rows = {"record": self.records, "amendment": self.amendments}
        return Words(
            number=self.number,
            at=as_said(self.at),
            version=self.version,
            rows={
                table: [(one.lower, one.upper - 1) for one in ids] for table, ids in rows.items()
            },
            content=bytes(self.content).hex(),
            previous=bytes(self.previous).hex(),
        )

    @property
    def fingerprint(self) -> str:
        """The digest in groups of eight, for reading aloud and for narrow screens."""
        digits = bytes(self.digest).hex()
        return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
