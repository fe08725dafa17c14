"""A municipality's own survey items, and the answers it was given."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from surveys.enums import QuestionKind, Survey
from surveys.rules.choices import labelled, problem_with

_CHOICE_KINDS = {QuestionKind.ONE_CHOICE, QuestionKind.SEVERAL_CHOICES}
_PROBLEMS = {
    "too_few": ("choices", _("Please give at least two choices, one on each line.")),
    "repeated": ("choices", _("Two choices are the same.")),
    "english_differs": (
        "choices_en",
        _("Please give as many lines as in Japanese, in the same order."),
    ),
}


class SurveyItemQuerySet(models.QuerySet["SurveyItem"]):
    def asked(self) -> SurveyItemQuerySet:
        """Items in use, in the order they are asked."""
        return self.filter(is_active=True).order_by("sort_order", "pk")


class SurveyItem(models.Model):
    """A question of this municipality's own in the registration survey (独自項目, R4).

    It follows the questions asked everywhere. Changing or deleting it leaves answers as they
    were given, with the words they were asked in.
    """

    text = models.CharField(_("question"), max_length=200)
    text_en = models.CharField(_("question in English"), max_length=200, blank=True)
    help_text = models.CharField(_("explanation"), max_length=200, blank=True)
    help_text_en = models.CharField(_("explanation in English"), max_length=200, blank=True)
    kind = models.CharField(
        _("kind of answer"),
        max_length=16,
        choices=QuestionKind.choices,
        default=QuestionKind.SHORT_TEXT,
    )
    choices = models.TextField(
        _("choices"), blank=True, help_text=_("One on each line. Only for the two choice kinds.")
    )
    choices_en = models.TextField(
        _("choices in English"), blank=True, help_text=_("In the same order as in Japanese.")
    )
    required = models.BooleanField(
        _("must be answered"),
        default=False,
        help_text=_("Who does not answer cannot register. Please use it sparingly."),
    )
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("Untick to stop asking. Answers are kept.")
    )
    sort_order = models.PositiveIntegerField(_("order"), default=0, editable=False)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    sort_order_field = "sort_order"  # Wagtail's list then lets editors move the rows

    objects = SurveyItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey item")
        verbose_name_plural = _("survey items")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new item goes to the end of the survey."""
        if self._state.adding and not self.sort_order:
            last = SurveyItem.objects.aggregate(last=models.Max("sort_order"))["last"]
            self.sort_order = (last or 0) + 1
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.kind not in _CHOICE_KINDS:
            return
        problem = problem_with(self.choices, self.choices_en)
        if problem:
            field, message = _PROBLEMS[problem]
            raise ValidationError({field: message})

    @property
    def label(self) -> str:
        """The question in the reader's language, in Japanese where there is no English."""
        return (_is_english() and self.text_en) or self.text

    @property
    def hint(self) -> str:
        return (_is_english() and self.help_text_en) or self.help_text

    @property
    def options(self) -> list[tuple[str, str]]:
        """Values and their labels in the reader's language."""
        return labelled(self.choices, self.choices_en, get_language() or "ja")


def _is_english() -> bool:
    return (get_language() or "ja").startswith("en")


class Answer(models.Model):
    """What one resident answered to one question.

    `resident_id` is an opaque id: no name is in this schema. `question_text` is the question
    as it was asked, in Japanese, whichever language it was read in; `value` is a text, or a
    list of codes (common questions) or of Japanese choices (own items). Who registers again
    answers again: then the earlier answers are no longer current.
    """

    resident_id = models.UUIDField(_("resident"), db_index=True)
    survey = models.CharField(_("survey"), max_length=16, choices=Survey.choices)
    question = models.CharField(_("common question"), max_length=16, blank=True)
    item = models.ForeignKey(
        SurveyItem,
        verbose_name=_("survey item"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers",
    )
    question_text = models.CharField(_("question"), max_length=200)
    kind = models.CharField(_("kind of answer"), max_length=16, choices=QuestionKind.choices)
    value = models.JSONField(_("answer"))
    is_current = models.BooleanField(_("current"), default=True)
    answered_at = models.DateTimeField(_("answered at"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["-answered_at", "pk"]

    def __str__(self) -> str:
        return f"{self.question_text}: {self.value}"
