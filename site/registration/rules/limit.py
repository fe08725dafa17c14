"""At most so many premium municipalities (R7): which of them count.

Counted are premium cities, and premium prefectures without a premium city inside. A derived
standing never counts; one over the limit does.
"""

from __future__ import annotations

from collections.abc import Iterable

from registration.rules.facts import Held
from registration.rules.residence import Place


def counted(held: Iterable[Held], extra: Iterable[Place] = ()) -> frozenset[str]:
    """Codes of the municipalities that count, if direct standings at `extra` were held too."""
    places = {item.place for item in held if not item.derived} | set(extra)
    with_city = {place.prefecture_code for place in places if not place.is_prefecture}
    return frozenset(
        place.code for place in places if not (place.is_prefecture and place.code in with_city)
    )


def counts(place: Place, held: Iterable[Held]) -> bool:
    """Whether a direct standing at `place` counts beside `held`, which may name it already."""
    return place.code in counted(held, (place,))


def needs_slot(place: Place, held: Iterable[Held]) -> bool:
    """Whether a direct standing that begins at `place` takes a slot: what counts has one.

    True for a city whose prefecture held a slot alone: that slot is free from then on.
    """
    return counts(place, held)


def is_within(place: Place, held: Iterable[Held], most: int) -> bool:
    """Whether a standing at `place` can begin, or go on for another year, beside `held`.

    Not while one is over the limit, wherever and whether or not `place` would count:
    the resident chooses first.
    """
    held = tuple(held)
    return len(counted(held, (place,))) <= most and not any(item.over_limit for item in held)
