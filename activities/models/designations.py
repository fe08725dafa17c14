"""The municipality's word that an activity counts (R17, R18): who, when, on what ground."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from common.decision import Decision
from organisations.enums import Pattern
from organisations.rules.designation import (
    ProjectDesignation,
    TrustedStanding,
    assess_designation,
)
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
    """The designations of several activities at once: one query, however many.

    An activity is run by the organisation its published page names, also for who looks at
    the draft of another.
    """

    def __init__(self, pages: Iterable[ActivityPage]) -> None:
        self._records: dict[int, dict[int, ProjectDesignation]] = defaultdict(dict)
        self._standings: dict[int, dict[int, TrustedStanding]] = defaultdict(dict)
        # A row for each pair of a designation and a standing; nearly always there is one.
        for record in _with_standings([page.pk for page in pages]):
            self._records[record.page_id][record.pk] = record.facts
            if standing := getattr(record, "standing", None):
                self._standings[record.page_id][standing.pk] = standing.facts

    def decision(self, page: ActivityPage, day: date) -> Decision:
        """Whether `page` is designated on `day` (R17)."""
        return assess_designation(
            day, self._records[page.pk].values(), self._standings[page.pk].values()
        )

    def basis(self, page: ActivityPage, day: date) -> str:
        """The records a yes was read from, for the ledger; empty for a no."""
        designation, standing = self._read(page, day)
        if designation is None:
            return ""
        parts = [f"designation={designation.reference}"]
        if standing is not None:
            return ";".join(["pattern=2", *parts, f"standing={standing.reference}"])
        return ";".join(["pattern=1", *parts])

    def since(self, page: ActivityPage, day: date) -> date | None:
        """From which day on the records hold that a yes was read from; None for a no."""
        designation, standing = self._read(page, day)
        if designation is None:
            return None
        return max(designation.effective_from, standing.valid_from if standing else date.min)

    def _read(
        self, page: ActivityPage, day: date
    ) -> tuple[ProjectDesignation | None, TrustedStanding | None]:
        decision = self.decision(page, day)
        if not decision.allowed:
            return None, None
        found = {condition.code: condition.evidence for condition in decision.conditions}
        designation = self._records[page.pk][found["designation_recorded"][0]]
        if "organisation_trusted" not in found:
            return designation, None
        return designation, self._standings[page.pk][found["organisation_trusted"][0]]


def _with_standings(page_ids: list[int]) -> models.QuerySet[Designation]:
    """Each designation with each standing, past ones too, of its organisation here."""
    path = "page__organisation__standings"
    here = Q(**{f"{path}__municipality": current_municipality().code})
    return (
        Designation.objects.filter(page__in=page_ids)
        .annotate(standing=FilteredRelation(path, condition=here))
        .select_related("standing")  # type: ignore[misc]  # the annotation
        .order_by("pk", "-standing__valid_from", "-standing__pk")
    )
