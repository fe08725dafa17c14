"""National parameters: what the ministry may change without a new version of the code (R29)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Window = Literal["rolling", "fiscal_year"]
ROLLING: Window = "rolling"
FISCAL_YEAR: Window = "fiscal_year"
LEAST_PARTICIPATIONS = 3
"""Nobody, neither the operator nor a municipality, asks for fewer (R8)."""


@dataclass(frozen=True)
class Parameters:
    """One version of the figures and names of the scheme.

    A decision keeps `version`, so that it replays to the same result. `one_a_day` counts at
    most one participation a day in a municipality (R8, reading). Participations before
    `countable_from` never count (R20). Who was not seen for `release_after_months` is released
    (R15). Both names of the kinds are provisional (仮称).
    """

    version: str = "1"
    basic_name: str = "ベーシック"
    basic_name_en: str = "Basic"
    premium_name: str = "プレミアム"
    premium_name_en: str = "Premium"
    needed_participations: int = 3
    window: Window = ROLLING
    one_a_day: bool = True
    max_premium: int = 3
    adult_age: int = 18
    countable_from: date = date(2026, 4, 1)
    release_after_months: int = 24

    def name_of(self, kind: str, language: str = "ja") -> str:
        """The name in force of "basic" or "premium". Raises `KeyError` for another kind."""
        japanese, english = {
            "basic": (self.basic_name, self.basic_name_en),
            "premium": (self.premium_name, self.premium_name_en),
        }[kind]
        return english if language.startswith("en") else japanese

    def names(self, language: str = "ja") -> dict[str, str]:
        """Both names by kind, for a text that names either."""
        return {kind: self.name_of(kind, language) for kind in ("basic", "premium")}
