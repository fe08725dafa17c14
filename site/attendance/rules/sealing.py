"""How a row of the ledger is put into words for its seal, and what a seal signs.

Anybody can repeat it: a row is a JSON array of the columns below, its digest the SHA-256 of
that text, and the digests of a seal's rows one after the other make its `content`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# What new seals are made with. Columns that come later make a version of their own, so that
# what was sealed before keeps its digest.
VERSION = 1
# Tables in the order in which a seal has their rows.
TABLES = {"record": "attendance_participationrecord", "amendment": "attendance_amendment"}
MARK = 8  # bytes of each row's digest that a seal keeps
_MOMENT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
_DAY = "to_char({}, 'YYYY-MM-DD')"
_TEXT = "({})::text"
_AS_IS = "{}"
# By version and table: each column, and how it is written whatever the session's settings.
COLUMNS: dict[int, dict[str, tuple[tuple[str, str], ...]]] = {
    1: {
        "record": (
            ("id", _AS_IS),
            ("resident_id", _AS_IS),
            ("municipality_id", _AS_IS),
            ("session_uuid", _AS_IS),
            ("activity_title", _AS_IS),
            ("organiser", _AS_IS),
            ("place", _AS_IS),
            ("session_date", _DAY),
            ("starts_at", _MOMENT),
            ("ends_at", _MOMENT),
            ("hours", _TEXT),
            ("designated", _AS_IS),
            ("designation_basis", _AS_IS),
            ("category", _AS_IS),
            ("method", _AS_IS),
            ("recorded_by_id", _AS_IS),
            ("remark", _AS_IS),
            ("recorded_at", _MOMENT),
        ),
        "amendment": (
            ("id", _AS_IS),
            ("record_id", _AS_IS),
            ("resident_id", _AS_IS),
            ("municipality_id", _AS_IS),
            ("number", _AS_IS),
            ("kind", _AS_IS),
            ("hours", _TEXT),
            ("reason", _AS_IS),
            ("actor_id", _AS_IS),
            ("at", _MOMENT),
        ),
    }
}


def digest_sql(version: int, table: str, alias: str = "r") -> str:
    """SQL for the digest of a row: `sha256` of `["record", id, …]`."""
    columns = ", ".join(form.format(f"{alias}.{name}") for name, form in COLUMNS[version][table])
    return f"sha256(convert_to(json_build_array('{table}', {columns})::text, 'UTF8'))"


@dataclass(frozen=True)
class Words:
    """What a seal says. `rows`: by table, in ranges of ids, both ends in; `at`: ISO 8601, UTC;
    `content` and `previous` in hexadecimal digits."""

    number: int
    at: str
    version: int
    rows: Mapping[str, Sequence[tuple[int, int]]]
    content: str
    previous: str

    @property
    def text(self) -> str:
        """The document that is signed, as UTF-8."""
        return json.dumps(
            {
                "ledger_seal": self.number,
                "at": self.at,
                "version": self.version,
                "rows": {table: [list(ends) for ends in self.rows[table]] for table in TABLES},
                "content": self.content,
                "previous": self.previous,
            },
            sort_keys=True,
            separators=(",", ":"),
        )

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.text.encode()).digest()


def as_said(at: datetime) -> str:
    """A moment as a seal says it: UTC, with all of its digits."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def content_of(digests: Iterable[bytes]) -> bytes:
    """The digest over the digests of all rows of a seal."""
    whole = hashlib.sha256()
    for digest in digests:
        whole.update(digest)
    return whole.digest()


def ranges(ids: Iterable[int]) -> list[tuple[int, int]]:
    """Ids in ascending order as ranges without a gap, both ends in."""
    found: list[tuple[int, int]] = []
    for number in ids:
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def sign(seed: bytes, text: str) -> bytes:
    """The Ed25519 signature; `seed` is the private key, 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())


def public_key(seed: bytes) -> bytes:
    """What anybody may have in order to check: 32 bytes."""
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def is_signed(public: bytes, signature: bytes, text: str) -> bool:
    """Whether whoever holds the private key to `public` signed `text`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
