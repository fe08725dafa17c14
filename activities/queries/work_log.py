"""The year of a municipality's coordinators in figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, Sum

from activities.models import Coordinator, OtherCosts, WorkEntry


@dataclass(frozen=True)
class PersonYear:
    """One person; `coordinator` is None of whoever logged work and is not on the register."""

    name: str
    hours: Decimal
    coordinator: Coordinator | None

    @property
    def claim(self) -> int:
        return self.coordinator.claim if self.coordinator else 0


@dataclass(frozen=True)
class YearlySummary:
    """What the special grant is claimed by; amounts in yen."""

    year: int
    people: list[PersonYear]
    other: OtherCosts

    @property
    def hours(self) -> Decimal:
        return sum((one.hours for one in self.people), Decimal(0))

    @property
    def claim(self) -> int:
        return sum(one.claim for one in self.people) + self.other.claim


def yearly_summary(year: int) -> YearlySummary:
    """Of the active municipality, of a fiscal year (April to March): three queries."""
    logged = {
        user_id: (name, hours)
        for user_id, name, hours in WorkEntry.objects.in_year(year)
        .order_by()
        .values_list("user_id")
        .annotate(Max("name"), Sum("hours"))
    }
    people = []
    for coordinator in Coordinator.objects.filter(fiscal_year=year).order_by("name", "pk"):
        _name, hours = logged.pop(coordinator.user_id, ("", Decimal(0)))
        people.append(PersonYear(coordinator.name, hours, coordinator))
    people += [PersonYear(name, hours, None) for name, hours in sorted(logged.values())]
    other = OtherCosts.objects.filter(fiscal_year=year).first() or OtherCosts(fiscal_year=year)
    return YearlySummary(year, people, other)
