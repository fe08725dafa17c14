"""A municipality sets from how many participations on it sees a closer relation (A16.5)."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from accounts.models import User
from common import clock
from common.refusal import Refused
from registration.models import RelationSetting
from registration.rules.relation import Thresholds
from tenants.models import Municipality


@transaction.atomic
def set_thresholds(
    municipality: Municipality, officer: User, thresholds: Thresholds
) -> RelationSetting:
    """Safe to repeat; stages are read anew with every look, so nothing else changes. Raises
    `Refused("stages_out_of_order")` where a later stage would be reached before an earlier one."""
    in_order = 2 <= thresholds.core_in_year <= thresholds.core_in_all < thresholds.fellow_in_all
    if not in_order:
        raise Refused("stages_out_of_order")
    setting, _made = RelationSetting.objects.update_or_create(
        municipality=municipality,
        defaults={**asdict(thresholds), "set_by": officer, "set_at": clock.now()},
    )
    return setting
