"""The municipality's word that an activity counts (R17, R18): who, when, on what ground."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.decision import Decision
from organisations.enums import Pattern
from organisations.queries import standings_by_organisation
from organisations.rules.designation import ProjectDesignation, assess_designation
from tenants.context import current_municipality

if TYPE_CHECKING:
    from activities.models.activities import ActivityPage


class Designation(models.Model):
    """One decision on one activity. Rows are added; only `valid_to` is ever written again.

    A refusal ("no" to a question) is a row too. Answers are null where they were not asked:
    an organisation the municipality trusts (pattern 2).
    """

    page = models.ForeignKey(
        "activities.ActivityPage", on_delete=models.CASCADE, related_name="designations"
    )
    pattern = models.PositiveSmallIntegerField(_("pattern"), choices=Pattern.choices)
    lack_of_hands = models.BooleanField(_("answers a lack of hands"), null=True)
    lack_of_hands_reason = models.TextField(_("reason"), blank=True)
    public_benefit = models.BooleanField(_("has enough public benefit"), null=True)
    public_benefit_reason = models.TextField(_("reason"), blank=True)
    # Accounts live in the shared schema and are anonymised, never deleted.
    designated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    designated_at = models.DateTimeField(_("decided at"))
    effective_from = models.DateField(_("counts from"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.effective_from}"

    @property
    def is_positive(self) -> bool:
        """No question was answered with no."""
        return False not in (self.lack_of_hands, self.public_benefit)

    @property
    def facts(self) -> ProjectDesignation:
        """What the rule of designation reads."""
        return ProjectDesignation(
            pattern=self.pattern,
            lack_of_hands=self.lack_of_hands,
            public_benefit=self.public_benefit,
            effective_from=self.effective_from,
            valid_to=self.valid_to,
            reference=self.pk,
        )


class Designations:
    """The designations of several activities at once: two queries, however many."""

    def __init__(self, pages: Iterable[ActivityPage]) -> None:
        self._organisations = {page.pk: page.organisation_id for page in pages}
        self._records: dict[int, list[Designation]] = defaultdict(list)
        for record in Designation.objects.filter(page__in=self._organisations):
            self._records[record.page_id].append(record)
        # Who runs a project matters under pattern 2 alone.
        self._standings = standings_by_organisation(
            current_municipality().code,
            [
                self._organisations[pk] or 0
                for pk, records in self._records.items()
                if any(record.pattern == Pattern.TRUSTED for record in records)
            ],
        )

    def decision(self, page: ActivityPage, day: date) -> Decision:
        """Whether `page` is designated on `day` (R17)."""
        return assess_designation(
            day,
            [record.facts for record in self._records[page.pk]],
            [one.facts for one in self._standings.get(page.organisation_id or 0, [])],
        )

    def basis(self, page: ActivityPage, day: date) -> str:
        """The records a yes was read from, for the ledger; empty for a no."""
        decision = self.decision(page, day)
        if not decision.allowed:
            return ""
        found = {condition.code: condition.evidence for condition in decision.conditions}
        parts = [f"designation={found['designation_recorded'][0]}"]
        if "organisation_trusted" in found:
            return ";".join(["pattern=2", *parts, f"standing={found['organisation_trusted'][0]}"])
        return ";".join(["pattern=1", *parts])
