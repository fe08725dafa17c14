"""Countries: ISO 3166-1 codes with their Japanese and English names."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache

from accounts.data import COUNTRIES_CSV

JAPAN = "JP"
# Where most Japanese nationals abroad and most foreign friends of Japan's regions live (Foreign
# Ministry's survey of overseas residents, Tourism Agency's arrivals): first in the list.
COMMON = (
    JAPAN, "US", "CN", "TW", "KR", "HK", "AU", "TH", "CA", "GB", "SG", "DE", "FR", "BR", "VN",
    "PH", "MY", "ID", "NZ", "IN",
)  # fmt: skip


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Code to Japanese and English name, in the order of the Japanese reading."""
    with COUNTRIES_CSV.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["ja"], row["en"]) for row in csv.DictReader(file)}


def is_country(code: str) -> bool:
    return code in _names()


def country_name(code: str, language: str = "ja") -> str:
    """Its name; in English for every language but Japanese. An unknown code comes back as it is."""
    names = _names().get(code)
    return names[not language.startswith("ja")] if names else code


def countries(language: str = "ja") -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(code, name) of the common ones, Japan first, and of all others in the language's order."""
    rest = [(code, country_name(code, language)) for code in _names() if code not in COMMON]
    if not language.startswith("ja"):
        rest.sort(key=lambda item: _without_accents(item[1]))
    return [(code, country_name(code, language)) for code in COMMON], rest


def _without_accents(name: str) -> str:
    """Åland before Albania's neighbours, not after Zimbabwe."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
