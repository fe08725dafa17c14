"""What may be claimed of the yearly costs as special grant (特別交付税, A15.1, A15.2).

All amounts are whole yen a fiscal year (April to March); what is under a yen falls away.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal

MOST_FOR_A_COORDINATOR = {
    "dedicated": 5_000_000,
    "concurrent": 400_000,
}
"""By the code of `enums.CoordinatorKind`."""
MOST_OTHER_COSTS = 10_000_000
RATE = Decimal("0.5")
_APRIL = 4


def fiscal_year(day: date) -> int:
    """The year in whose April the fiscal year of `day` begins."""
    return day.year if day.month >= _APRIL else day.year - 1


def days_of(year: int) -> tuple[date, date]:
    """First and last day of a fiscal year."""
    return date(year, _APRIL, 1), date(year + 1, _APRIL - 1, 31)


def claim_for_coordinator(kind: str, cost: int) -> int:
    """Of one person's `cost`, up to the cap of their kind of employment."""
    return min(cost, MOST_FOR_A_COORDINATOR[kind])


def claim_for_other_costs(costs: int, correction: Decimal = Decimal(1)) -> int:
    """Half of the costs up to their ceiling, times the correction by financial strength.

    `correction` (財政力補正) is the municipality's own figure, above 0 up to 1.
    """
    claim = min(costs, MOST_OTHER_COSTS) * RATE * correction
    return int(claim.to_integral_value(ROUND_DOWN))
