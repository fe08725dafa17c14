"""The system fee (R26)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

LAST_DAY_OF_WAIVER = date(2028, 3, 31)
"""End of fiscal 2027: who joins by this day is charged nothing for a period (R26)."""


class Waiver(StrEnum):
    """What the scheme says of a municipality's fee."""

    WAIVED = "waived"
    TO_BE_DECIDED = "to_be_decided"


def fee_waiver_for(joined_on: date) -> Waiver:
    """The waiver of a municipality that joined on `joined_on`, a date in Japan.

    Fees of those who join later are not decided yet, so nothing is promised to them.
    """
    return Waiver.WAIVED if joined_on <= LAST_DAY_OF_WAIVER else Waiver.TO_BE_DECIDED
