"""An organisation's activity, as its workspace asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from activities.enums import FAULTS, Category
from activities.models import Session
from activities.operations.projects import FurtherDate
from activities.rules.sessions import faults_of_times
from common import clock

MOST_NEW_DATES = 3
_ON_THE_DAY = ("day", "begins", "ends", "place")


class ProjectForm(forms.Form):
    """On one short page: what, when, where, how many.

    `dates` are those that can be changed, the soonest first; `must_stay`: people know of them,
    so none is left out. With `is_filled` (a template) everything but name, day and place stands
    folded away; `proposed` is the date it proposes. What takes nights takes them on other days too.
    """

    title = forms.CharField(label=_("Name of the activity"), max_length=100)
    summary = forms.CharField(
        label=_("What do people do?"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences. For example: We pick up rubbish on the beach together."),
    )
    category = forms.ChoiceField(label=_("Kind of activity"), choices=Category.choices)
    day = forms.DateField(
        label=pgettext_lazy("of an activity", "Day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    begins = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("Ends at"), widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(
        label=_("Place"), max_length=200, help_text=_("Name and address of the place.")
    )
    capacity = forms.IntegerField(
        label=_("How many people?"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Leave empty if there is no limit."),
    )
    belongings = forms.CharField(
        label=_("What to bring"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    contact_name = forms.CharField(label=_("Contact"), max_length=100)
    contact_phone = forms.CharField(label=_("Telephone number"), max_length=20)

    def __init__(
        self,
        *args: Any,
        dates: Sequence[Session] = (),
        must_stay: bool = False,
        is_filled: bool = False,
        proposed: Session | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_filled = is_filled
        self._others = {f"day_{one.uuid.hex}": one for one in dates[1:]}
        self._nights = _nights(dates[0] if dates else proposed)
        if self._nights:
            self.fields["ends"].help_text = ngettext(
                "On the day after.", "%(nights)s days later.", self._nights
            ) % {"nights": self._nights}
        for number, (name, one) in enumerate(self._others.items(), start=2):
            self._add_day(name, number, required=must_stay, initial=one.day.isoformat())
        for number in range(MOST_NEW_DATES):
            self._add_day(f"more_{number + 1}", len(self._others) + 2 + number)

    def _add_day(self, name: str, number: int, **options: Any) -> None:
        self.fields[name] = forms.DateField(
            label=_("Day %(number)s") % {"number": number},
            widget=forms.DateInput(attrs={"type": "date"}),
            **{"required": False} | options,
        )

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What everybody fills in."""
        wanted = ("title", *_ON_THE_DAY) if self.is_filled else self.base_fields
        return [self[name] for name in wanted]

    @property
    def filled_fields(self) -> list[forms.BoundField]:
        """What a template has filled in."""
        shown = {field.name for field in self.first_fields}
        return [self[name] for name in self.base_fields if name not in shown]

    @property
    def further_days(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.base_fields]

    @property
    def has_further_days(self) -> bool:
        """Whether they are to be shown open."""
        return any(field.value() or field.errors for field in self.further_days)

    @property
    def has_faults_in_filled(self) -> bool:
        return any(field.errors for field in self.filled_fields)

    def clean_title(self) -> str:
        """On one line, as it stands in headings and in subjects of mails."""
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not {"begins", "ends"} <= cleaned.keys():
            return cleaned
        if "day" in cleaned:
            cleaned["starts_at"], cleaned["ends_at"] = self._times("day", cleaned)
            for code in faults_of_times(cleaned["starts_at"], cleaned["ends_at"], None).values():
                self.add_error("ends", FAULTS[code])
        seen: set[date] = {cleaned["day"]} if cleaned.get("day") else set()
        cleaned["further"] = []
        for field in self.further_days:
            day = cleaned.get(field.name)
            if day is None:
                continue
            if day in seen:
                self.add_error(field.name, _("This day is there already."))
                continue
            seen.add(day)
            known = self._others.get(field.name)
            times = self._times(field.name, cleaned)
            cleaned["further"].append(FurtherDate(known.uuid if known else None, *times))
        return cleaned

    def _times(self, name: str, cleaned: dict[str, Any]) -> tuple[datetime, datetime]:
        """The day of a field with the hours. A date that had hours of its own keeps them as long
        as nobody enters others."""
        hours = [cleaned["begins"], cleaned["ends"]]
        known = self._others.get(name)
        if known is not None and not {"begins", "ends"} & set(self.changed_data):
            hours = [at.astimezone(clock.TOKYO).time() for at in (known.starts_at, known.ends_at)]
        last = cleaned[name] + timedelta(days=_nights(known) if known else self._nights)
        starts_at = datetime.combine(cleaned[name], hours[0], clock.TOKYO)
        ends_at = datetime.combine(last, hours[1], clock.TOKYO)
        if starts_at <= clock.now():
            self.add_error(name, _("Please enter a day that is still to come."))
        return starts_at, ends_at


def _nights(one: Session | None) -> int:
    if one is None:
        return 0
    first, last = (at.astimezone(clock.TOKYO).date() for at in (one.starts_at, one.ends_at))
    return (last - first).days
