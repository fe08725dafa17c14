"""Stored decisions made again: whether they still come out as they did, and what other national
parameters would make of them (R29)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import clock
from registration.enums import ReplayKind
from registration.models.parameters import NationalParameters


class Replay(models.Model):
    """One run over stored decisions, asked for by the operator and done by the caretaker, in
    steps: `after` is the last decision or registration that was looked at. Nobody's data is in
    it, only numbers.

    A preview holds the draft of a version in `draft`; once it was put in force, `made` is that.
    """

    kind = models.CharField(max_length=8, choices=ReplayKind.choices)
    draft = models.JSONField(null=True)
    made = models.OneToOneField(
        NationalParameters, on_delete=models.PROTECT, null=True, related_name="preview"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    after = models.CharField(max_length=36, blank=True, default="")
    looked_at = models.PositiveIntegerField(_("decisions looked at"), default=0)
    same = models.PositiveIntegerField(pgettext_lazy("decisions", "the same outcome"), default=0)
    gained = models.PositiveIntegerField(_("refused before, granted now"), default=0)
    lost = models.PositiveIntegerField(_("granted before, refused now"), default=0)
    otherwise = models.PositiveIntegerField(_("other reasons, the same answer"), default=0)
    # Of a replay that differs, the first: [id of the decision, codes of what differs].
    examples = models.JSONField(default=list)
    # Codes of `RegistrationKind` to the number of registrations that hold.
    registrations = models.JSONField(default=dict)
    finished_at = models.DateTimeField(pgettext_lazy("replay", "finished at"), null=True)

    class Meta:
        verbose_name = _("replay of decisions")
        verbose_name_plural = _("replays of decisions")
        default_permissions = ()
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def changed(self) -> int:
        """Decisions whose answer is another."""
        return self.gained + self.lost

    def as_parameters(self) -> NationalParameters:
        """The draft as a version that is not stored. Raises `TypeError` where there is none."""
        if self.draft is None:
            raise TypeError("a replay without a draft")
        fields = {field.name: field for field in NationalParameters._meta.concrete_fields}
        values: dict[str, Any] = {
            name: fields[name].to_python(value) for name, value in self.draft.items()
        }
        return NationalParameters(version="draft", **values)
