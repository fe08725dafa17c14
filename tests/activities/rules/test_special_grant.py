"""Caps, ceiling, rate and correction of the special grant (A15.1, A15.2); no database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from activities.enums import CoordinatorKind
from activities.rules.special_grant import (
    MOST_FOR_A_COORDINATOR,
    claim_for_coordinator,
    claim_for_other_costs,
    days_of,
    fiscal_year,
)


@pytest.mark.parametrize(
    "kind, cost, claim",
    [
        ("dedicated", 0, 0),
        ("dedicated", 4_999_999, 4_999_999),
        ("dedicated", 5_000_000, 5_000_000),
        ("dedicated", 6_200_000, 5_000_000),
        ("concurrent", 399_999, 399_999),
        ("concurrent", 400_001, 400_000),
    ],
)
def test_a_person_is_claimed_up_to_the_cap(kind, cost, claim):
    assert claim_for_coordinator(kind, cost) == claim


@pytest.mark.parametrize(
    "costs, correction, claim",
    [
        (0, "1", 0),
        (8_000_000, "1", 4_000_000),
        (10_000_000, "1", 5_000_000),
        (12_000_000, "1", 5_000_000),
        (12_000_000, "0.85", 4_250_000),
        (8_000_000, "0.5", 2_000_000),
        (1_001, "1", 500),
        (333, "0.3333", 55),
    ],
)
def test_other_costs_are_claimed_by_half_up_to_the_ceiling(costs, correction, claim):
    assert claim_for_other_costs(costs, Decimal(correction)) == claim


def test_without_a_correction_there_is_none():
    assert claim_for_other_costs(8_000_000) == 4_000_000


@pytest.mark.parametrize(
    "day, year",
    [("2026-03-31", 2025), ("2026-04-01", 2026), ("2027-03-31", 2026), ("2027-04-01", 2027)],
)
def test_the_year_begins_in_april(day, year):
    assert fiscal_year(date.fromisoformat(day)) == year
    first, last = days_of(year)
    assert first <= date.fromisoformat(day) <= last


def test_every_kind_has_its_cap():
    assert set(MOST_FOR_A_COORDINATOR) == set(CoordinatorKind.values)
