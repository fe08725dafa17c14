"""What the two kinds of registration are called: the ministry may change the names (R29).

The app that keeps them tells them here, so that the screens of every app can show them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Names = Mapping[str, str]

_sources: list[Callable[[], Names]] = []


def tell_kind_names(source: Callable[[], Names]) -> None:
    """`source` gives both names, in the active language; one is registered at the start."""
    _sources[:] = [source]


def kind_names() -> Names:
    """`basic` and `premium` as they are called today, in the active language."""
    return _sources[0]()
