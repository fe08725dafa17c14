"""How much one person may take away alone, and what cells may say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from common.decision import Condition, Decision

ROWS_ALONE = 1_000
WINDOW = timedelta(hours=24)
APPROVAL_WITHIN = timedelta(days=7)
FILE_KEPT = timedelta(hours=24)


def may_export_alone(earlier: Iterable[tuple[datetime, int]], now: datetime, rows: int) -> Decision:
    """Whether `rows` more may leave without a second person.

    `earlier` are the exports the same person made alone: when, and how many rows. All of the
    last 24 hours count together, so that a large export cannot be cut into small ones. What a
    second person approved has been looked at and does not count again.
    """
    taken = sum(count for at, count in earlier if at > now - WINDOW)
    return Decision(
        (
            Condition(
                "few_enough_rows",
                taken + rows <= ROWS_ALONE,
                {"rows": rows, "taken": taken, "limit": ROWS_ALONE},
            ),
        )
    )
