"""Where other apps and modules plug in.

- `register_obstacle`: what stands in the way of a verification (a guardian's consent).
- `register_directory`: who is registered with a municipality; the counter finds people there.
- `register_merge`: how two accounts of one person become one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from accounts.models import Resident
    from tenants.models import Municipality

Obstacle = Callable[["Resident"], str | None]
Merge = Callable[["Resident", "Resident"], Any]


@dataclass(frozen=True)
class Registrant:
    """A person as one municipality knows them: what they disclosed to it, and no more."""

    resident_id: UUID
    number: str
    family_name: str
    given_name: str
    kana: str
    birth_date: date
    address: str
    email: str

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.given_name}"


class Directory(Protocol):
    """The registrants of a municipality."""

    def search(self, municipality: Municipality, words: str) -> list[Registrant]:
        """Those whose number is `words`, or whose name or furigana has them; a screenful."""

    def find(self, municipality: Municipality, resident_id: UUID) -> Registrant | None:
        """The one of this id, if registered now."""


_obstacles: list[Obstacle] = []
_directory: list[Directory] = []
_merge: list[Merge] = []


def register_obstacle(check: Obstacle) -> None:
    """Ask `check` before a verification is begun, and before its outcome is kept.

    It answers with the code of a refusal, or None. It is given the resident: before the outcome
    is kept with the birth date that was proved, which may differ from the profile's; at the
    counter an unsaved `Resident` with the id, name and birth date that the municipality knows,
    as staff may not read residents; before there is a profile, one whose id nobody has.
    """
    if check not in _obstacles:
        _obstacles.append(check)


def obstacle_for(resident: Resident) -> str:
    """The code of the first obstacle, "" if there is none."""
    for check in _obstacles:
        if code := check(resident):
            return code
    return ""


def register_directory(directory: Directory) -> None:
    _directory[:] = [directory]


def directory() -> Directory:
    return _directory[0]


def register_merge(merge: Merge | None) -> None:
    """`merge(kept, other)`: everything of `other` becomes that of `kept`. None: not possible."""
    _merge[:] = [merge] if merge else []


def merge_of_accounts() -> Merge | None:
    return _merge[0] if _merge else None
