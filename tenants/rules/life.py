"""The life of a municipality on the platform: preparing, published, suspended, closed (R1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from common.decision import Condition, Decision


class Step(StrEnum):
    """What can be done with a municipality; each leads to one status."""

    PUBLISH = "publish"
    SCHEDULE = "schedule"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"


# Statuses are those of `tenants.enums.MunicipalityStatus`. Nothing leads out of "closed": its
# registrations are history, and a return begins with a new request.
TARGET: Mapping[Step, str] = MappingProxyType(
    {
        Step.PUBLISH: "published",
        Step.SCHEDULE: "preparing",
        Step.SUSPEND: "suspended",
        Step.RESUME: "published",
        Step.CLOSE: "closed",
    }
)
_FROM: Mapping[Step, tuple[str, ...]] = MappingProxyType(
    {
        Step.PUBLISH: ("preparing",),
        Step.SCHEDULE: ("preparing",),
        Step.SUSPEND: ("published",),
        Step.RESUME: ("suspended",),
        Step.CLOSE: ("preparing", "published", "suspended"),
    }
)


def may_take(step: Step, status: str) -> Decision:
    """Whether a municipality with `status` may take `step`.

    One condition, `status_allows`, with `step`, `status` and the statuses it is `allowed_from`.
    """
    return Decision(
        [
            Condition(
                "status_allows",
                status in _FROM[step],
                {"step": step, "status": status, "allowed_from": _FROM[step]},
            )
        ]
    )


def may_schedule(status: str, publish_at: datetime, now: datetime) -> Decision:
    """As `may_take`, and the time lies ahead: a past one would publish without being asked."""
    return Decision(
        [
            *may_take(Step.SCHEDULE, status).conditions,
            Condition("time_lies_ahead", publish_at > now, {"publish_at": publish_at}),
        ]
    )


def possible_steps(status: str) -> list[Step]:
    """The steps a municipality with `status` may take, in the order they are offered."""
    return [step for step in Step if may_take(step, status).allowed]
