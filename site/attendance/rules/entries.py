"""What a device sends, taken apart: an entry that cannot be read is damaged, never an error."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

MOST = 200  # readings in one request
_LONGEST_CODE = 400
_LAST_NUMBER = 2**53  # what JavaScript counts to
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_TIME = 4_102_444_800_000  # the year 2100, in milliseconds
_SHAPE = 200
_KNOWN = ("uuid", "seq", "at", "code", "null", "true", "false")
_WORD = re.compile(r"[A-Za-z]+|[0-9]|[^\x20-\x7e]|@")


@dataclass(frozen=True)
class Entry:
    """One reading as it was sent. `sequence` None where the device does not count."""

    uuid: UUID
    code: str
    device_time: datetime
    sequence: int | None = None


@dataclass(frozen=True)
class Damaged:
    """An entry that cannot be read: what is left to keep of it."""

    uuid: UUID
    shape: str
    sequence: int | None = None


def parse_entry(raw: object, source: UUID) -> Entry | Damaged:
    """`{"uuid": …, "seq": 17, "at": milliseconds since 1970, "code": "…"}`.

    A damaged entry without an id of its own gets one made from what it says, so that it too is
    one row however often it is sent.
    """
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True)
    values = raw if isinstance(raw, dict) else {}
    uuid, sequence = _uuid(values.get("uuid")), _sequence(values.get("seq"))
    at, code = parse_time(values.get("at")), values.get("code")
    if uuid is None or at is None or not isinstance(code, str) or len(code) > _LONGEST_CODE:
        return Damaged(uuid or uuid5(source, text), shape_of(text), sequence)
    return Entry(uuid, code, at, sequence)


def parse_time(value: object) -> datetime | None:
    """Milliseconds since 1970 as a moment; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    if not 0 <= value <= _LONGEST_TIME:
        return None
    return _EPOCH + timedelta(milliseconds=value)


def shape_of(text: str) -> str:
    """What `text` looks like, with none of its words: letters become x, digits 0, and what is not
    ASCII a dot. Names, numbers and addresses are not kept by way of an error."""

    def masked(found: re.Match[str]) -> str:
        word = found.group()
        if word in _KNOWN:
            return word
        if word.isascii():
            return "0" if word.isdigit() else "." if word == "@" else "x" * len(word)
        return "."

    return _WORD.sub(masked, text[: 2 * _SHAPE])[:_SHAPE]


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _sequence(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value < _LAST_NUMBER else None
