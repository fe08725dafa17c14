"""The resident's forms about premium registration."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common import clock
from common.refusal import Refused
from registration.enums import StayEvidence
from registration.forms.refusals import sentence_of
from registration.models import PremiumStanding
from registration.operations.premium.documents import MOST_BYTES, checked

_ACCEPTED = ".pdf,.jpg,.jpeg,.png,.heic"
_DAYS_BACK = 366


class FilesInput(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class DocumentsField(forms.FileField):
    """Several files. Those that can be taken stand in `taken` even where another can not, so
    that nobody has to choose them again."""

    widget = FilesInput(attrs={"accept": _ACCEPTED})
    taken: tuple[tuple[str, bytes], ...] = ()

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            return super().clean(None, initial)
        taken, errors = [], []
        for file in files:
            try:
                taken.append(self._one(file))
            except ValidationError as error:
                # A name with an individual number in it is not shown again.
                named = "" if error.code == "my_number" else f"{file.name}: "
                errors += [f"{named}{text}" for text in error.messages]
        self.taken = tuple(taken)
        if errors:
            raise ValidationError(errors)
        return self.taken

    def _one(self, file: Any) -> tuple[str, bytes]:
        try:
            if file.size > MOST_BYTES:
                raise Refused("document_size", most=MOST_BYTES)
            content = file.read()
            checked(file.name, content)
        except Refused as refusal:
            raise ValidationError(sentence_of(refusal), code=refusal.code) from None
        return file.name, content


class DocumentsForm(forms.Form):
    """Files for the officer, with an application or after it."""

    documents = DocumentsField(
        label=_("Files"),
        help_text=_(
            "PDF, JPEG, PNG or HEIC (photos of a smartphone), 5 MB each at most. You can choose "
            "several, of 9 MB together at a time, and add others afterwards: 10 in all. Please "
            "don't hand in a picture of a My Number card: it cannot be taken."
        ),
        error_messages={"required": _("Please choose at least one file.")},
    )

    def __init__(self, *args: Any, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["documents"].required = required

    @property
    def taken(self) -> tuple[tuple[str, bytes], ...]:
        """Name and content of each file that can be taken, whatever is wrong besides."""
        return self.fields["documents"].taken  # type: ignore[attr-defined,no-any-return]


class AnswerForm(DocumentsForm):
    """The answer to an officer's question, with files if there are any."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Please write your answer.")},
    )
    field_order = ["text", "documents"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, required=False, **kwargs)


class StayForm(forms.Form):
    """Days spent in the municipality, with what shows it (R12)."""

    first_day = forms.DateField(
        label=_("First day of the stay"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": _("Please enter the first day.")},
    )
    last_day = forms.DateField(
        label=_("Last day of the stay"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": _("Please enter the last day.")},
    )
    evidence = forms.ChoiceField(
        label=_("What shows that you stayed"),
        # The word of staff is theirs to give.
        choices=[one for one in StayEvidence.choices if one[0] != StayEvidence.STAFF],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what shows your stay.")},
    )
    note = forms.CharField(
        label=_("Where you stayed, and what the office should know"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Please keep the receipt: the office may ask to see it."),
    )

    def clean_first_day(self) -> Any:
        day = self.cleaned_data["first_day"]
        if day < clock.today() - timedelta(days=_DAYS_BACK):
            raise ValidationError(_("Please enter days of the last 12 months."))
        return day

    def clean(self) -> Any:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if last and (last > clock.today() or (first and last < first)):
            self.add_error("last_day", sentence_of(Refused("days_invalid")))
        return data


class ChoiceToEnd(forms.Form):
    """Over the limit: which premium registration ends (R7)."""

    standing = forms.ChoiceField(
        label=_("Which of them do you give up?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )

    def __init__(self, data: Any, standings: list[PremiumStanding]) -> None:
        super().__init__(data)
        self.fields["standing"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), row.municipality.full_name) for row in standings
        ]
