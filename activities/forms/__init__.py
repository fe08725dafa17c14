"""Forms of the admin, and of the workspace of organisations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.enums import FAULTS
from activities.models import ActivityReport, ProjectSettings, Session, ThanksNote
from activities.rules.recurrence import MOST_DATES, Frequency, Recurrence, dates_of, times_of
from activities.rules.sessions import LONGEST, faults_of_times
from common import clock
from organisations.enums import Pattern
from organisations.models import Organisation
from organisations.queries import organisations_of
from tenants.models import Municipality

_DAY, _TIME, _MOMENT = "%Y-%m-%d", "%H:%M", "%Y-%m-%dT%H:%M"


class OrganisationForm(forms.ModelForm):
    """A partner organisation and how its projects are designated here (R17)."""

    pattern = forms.TypedChoiceField(
        label=_("Designation of its projects"),
        choices=Pattern.choices,
        coerce=lambda value: Pattern(int(value)),
        widget=forms.RadioSelect,
        initial=Pattern.EACH_PROJECT,
        help_text=_(
            "Choose pattern 2 only for an organisation whose projects may all count without a"
            " decision on each."
        ),
    )

    class Meta:
        model = Organisation
        fields = ["name", "kana", "kind", "contact_name", "contact_phone", "contact_email"]


class JointProgrammeForm(forms.Form):
    """A programme that one organisation runs in several municipalities."""

    organisation = forms.ModelChoiceField(
        label=_("Organiser"), queryset=Organisation.objects.none()
    )
    name = forms.CharField(label=pgettext_lazy("of a joint programme", "name"), max_length=120)

    def __init__(self, municipality: Municipality, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = organisations_of(municipality, clock.today())
        self.fields["organisation"].queryset = known  # type: ignore[attr-defined]


class DatesForm(forms.Form):
    """Dates by a rule, and what their sessions have in common."""

    first = forms.DateField(
        label=_("First date"),
        widget=forms.DateInput({"type": "date"}, _DAY),
        help_text=_("It decides the day of the week, or of the month."),
    )
    frequency = forms.ChoiceField(
        label=_("How often"),
        choices=[
            (Frequency.WEEKLY, _("Every week")),
            (Frequency.FORTNIGHTLY, _("Every second week")),
            (
                Frequency.MONTHLY_WEEKDAY,
                _("Every month on the same weekday, such as the second Saturday"),
            ),
            (Frequency.MONTHLY_LAST_WEEKDAY, _("Every month on the last such weekday")),
            (Frequency.MONTHLY_DAY, _("Every month on the same day")),
            (Frequency.DAILY, _("Every day")),
        ],
    )
    until = forms.DateField(label=_("Until"), widget=forms.DateInput({"type": "date"}, _DAY))
    start = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput({"type": "time"}, _TIME))
    end = forms.TimeField(label=_("Ends at"), widget=forms.TimeInput({"type": "time"}, _TIME))
    more_days = forms.IntegerField(
        label=_("Ends how many days later"),
        min_value=0,
        max_value=LONGEST.days,
        initial=0,
        help_text=_("0 for the same day, 1 for a tour of two days."),
    )
    place = forms.CharField(label=_("Place"), max_length=200)
    meeting_point = forms.CharField(label=_("Meeting point"), max_length=200, required=False)
    capacity = forms.IntegerField(label=_("Number of people"), min_value=1, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        rule = self._rule(cleaned)
        days = dates_of(rule)
        if not days:
            self.add_error("until", _("No date falls into this time."))
        elif len(days) > MOST_DATES:
            self.add_error(
                "until",
                _("That would be more than %(most)s dates. Please choose an earlier end.")
                % {"most": MOST_DATES},
            )
        else:
            self.times = times_of(rule, clock.TOKYO)
            for code in faults_of_times(*self.times[0], None).values():
                self.add_error("end", FAULTS[code])
        return cleaned

    def _rule(self, cleaned: dict[str, Any]) -> Recurrence:
        names = ("first", "until", "start", "end", "more_days")
        return Recurrence(
            frequency=Frequency(cleaned["frequency"]), **{name: cleaned[name] for name in names}
        )

    @property
    def common(self) -> dict[str, Any]:
        """The fields of `Session` that all dates share."""
        names = ("place", "meeting_point", "capacity", "note")
        return {name: self.cleaned_data[name] for name in names}


class MoveForm(forms.ModelForm):
    """Other times or another place for one session."""

    class Meta:
        model = Session
        fields = ["starts_at", "ends_at", "place", "meeting_point"]
        widgets = {
            name: forms.DateTimeInput({"type": "datetime-local"}, _MOMENT)
            for name in ("starts_at", "ends_at")
        }

    def _post_clean(self) -> None:
        """The session is changed by the operation, not by the form."""


class CancelForm(forms.Form):
    """Why a session does not take place."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Visitors and those who signed up read it."),
    )


class ThanksForm(forms.ModelForm):
    """Words of thanks for one session."""

    class Meta:
        model = ThanksNote
        fields = ["text"]
        widgets = {"text": forms.Textarea({"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Browsers cut what is pasted without a word; the server says so.
        self.fields["text"].widget.attrs.pop("maxlength", None)


class FromTemplateForm(forms.Form):
    """Who runs the new activity."""

    organisation = forms.ModelChoiceField(
        label=_("Organiser"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("The municipality itself"),
    )

    def __init__(self, municipality: Municipality, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = organisations_of(municipality, clock.today())
        self.fields["organisation"].queryset = known  # type: ignore[attr-defined]


class ReportForm(forms.ModelForm):
    """What came of a session."""

    class Meta:
        model = ActivityReport
        fields = ["people", "hours", "done", "problems"]
        widgets = {
            "done": forms.Textarea(attrs={"rows": 4}),
            "problems": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"problems": _("Leave empty if there were none.")}


class StandingAnswerForm(forms.Form):
    """The answer to an organisation that asks to be recognised (R17)."""

    answer = forms.ChoiceField(
        label=pgettext_lazy("to a request", "Answer"),
        choices=[*Pattern.choices, ("no", _("Not recognised"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where it is not recognised. The organisation is told it."),
    )

    @property
    def pattern(self) -> Pattern | None:
        """Of a valid form: how it is recognised; None where it is not."""
        answer = self.cleaned_data["answer"]
        return None if answer == "no" else Pattern(int(answer))


class StandingChangeForm(forms.Form):
    """Another pattern from a day on, or the last day of the standing."""

    CHANGES = [*Pattern.choices, ("end", _("The recognition ends"))]
    change = forms.ChoiceField(label=_("Change"), choices=CHANGES, widget=forms.RadioSelect)
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The first day of the new pattern, or the last day of the recognition."),
    )
    reason = forms.CharField(
        label=_("reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day < clock.today():
            raise forms.ValidationError(_("Please enter today or a later day."))
        return day


class ManagerForm(forms.Form):
    """Whom the municipality lets manage an organisation that its staff entered."""

    email = forms.EmailField(label=_("E-mail address"))


class ProjectSettingsForm(forms.ModelForm):
    """How the municipality follows projects of organisations."""

    class Meta:
        model = ProjectSettings
        fields = ["report_days", "tells_coordinators"]
