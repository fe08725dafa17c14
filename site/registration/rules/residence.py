"""Where somebody lives, as far as a municipality is concerned (R16)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A local government: its code and its prefecture's (a prefecture's own is its code)."""

    code: str
    prefecture_code: str

    @property
    def is_prefecture(self) -> bool:
        return self.code == self.prefecture_code


def lives_in(residence: Place, municipality: Place) -> bool:
    """Whether who lives in `residence` lives in `municipality`.

    For a prefecture, residents of any of its cities live there.
    """
    if municipality.is_prefecture:
        return residence.prefecture_code == municipality.code
    return residence.code == municipality.code
