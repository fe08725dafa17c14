"""The night's work: every step by itself, safe to repeat, in any order, and after any pause.

Nothing here remembers when it last ran: each step asks the rows what is due. A step that fails is
logged and keeps no other waiting; the next night does it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import date

from common import clock
from registration.operations.nightly.lapses import lapse, tell_of_ends
from registration.operations.nightly.population import count_population
from registration.operations.nightly.releases import release, warn
from registration.operations.nightly.renewals import renew
from tenants.context import public_context

logger = logging.getLogger(__name__)


def _lapse(day: date) -> int:
    """Whatever the order: nobody lapses who could still be renewed that night."""
    try:
        renew(day)
    except Exception:
        logger.exception("renewals failed; what is over ends all the same")
    return lapse(day)


STEPS: Mapping[str, Callable[[date], int]] = {
    "renewed": renew,
    "told_of_end": tell_of_ends,
    "lapsed": _lapse,
    "warned": warn,
    "released": release,
    "counted": count_population,
}


def nightly(day: date | None = None) -> dict[str, int | None]:
    """All steps, as of `day` (today, if not given; never later); how many rows each dealt with,
    None for one that failed. Run by the owner. Raises `ValueError` for a day to come."""
    today = clock.today()
    day = day or today
    if day > today:
        raise ValueError(f"{day} is still to come")
    done: dict[str, int | None] = {}
    with public_context():
        for name, step in STEPS.items():
            started = time.monotonic()
            try:
                done[name] = step(day)
            except Exception:
                logger.exception("the night's step %s failed", name)
                done[name] = None
            else:
                seconds = time.monotonic() - started
                logger.info("night of %s: %s %s in %.1f s", day, name, done[name], seconds)
    return done
