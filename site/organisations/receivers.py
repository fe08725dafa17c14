"""Requests reach the office by mail; what an account acts for ends with it."""

from __future__ import annotations

from typing import Any

from accounts.registry import merge_part
from notifications.registry import handler
from organisations.operations.sign_up import (
    REQUEST_ARRIVED,
    end_memberships,
    take_over,
    tell_office_of_request,
)
from privacy.registry import closing_part

merge_part("organisations")(take_over)
closing_part("organisations")(end_memberships)


@handler(REQUEST_ARRIVED)
def deliver_request(payload: dict[str, Any]) -> None:
    tell_office_of_request(payload["request"])
