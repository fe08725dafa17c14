"""The forms by which staff take a list over."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.utils import get_column_letter

from activities.enums import Answer as YesNo
from attendance.forms.earlier_words import file_sentence
from attendance.models import ImportedActivity
from attendance.operations.earlier.designation import Answer, Statement
from attendance.rules.earlier import Entry
from attendance.rules.earlier_columns import COLUMNS, Places, Table, faults_of_places
from attendance.rules.earlier_sheets import read_table
from common.refusal import Refused
from common.text import normalise_name

MAX_FILE_SIZE = 5 * 1024 * 1024
_FILE_NAME_LENGTH = 255
_EXAMPLE_LENGTH = 20
_FIRST_ROWS = 5


@dataclass(frozen=True)
class SentTable:
    """A list as it was read: name of the file, SHA-256 of its bytes, its rows."""

    file_name: str
    digest: str
    table: Table

    def to_json(self) -> list[Any]:
        return [self.file_name, self.digest, self.table.headings, self.table.rows]

    @classmethod
    def from_json(cls, stored: list[Any]) -> SentTable:
        name, digest, headings, rows = stored
        filled = tuple((number, tuple(texts)) for number, texts in rows)
        return cls(name, digest, Table(tuple(headings), filled))


class UploadForm(forms.Form):
    """The file."""

    sheet = forms.FileField(
        label=gettext_lazy("Spreadsheet (.xlsx) or CSV file"),
        help_text=gettext_lazy(
            "Up to 5,000 rows and 5 MB. The name of an Excel file ends in .xlsx. A CSV file is"
            " plain text with commas between the columns, as other software writes it."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_sheet(self) -> SentTable:
        file = self.cleaned_data["sheet"]
        if file.size > MAX_FILE_SIZE:
            raise ValidationError(
                _("This file is too big (%(size)s). The largest allowed is %(limit)s.")
                % {"size": filesizeformat(file.size), "limit": filesizeformat(MAX_FILE_SIZE)}
            )
        content = file.read()
        try:
            table = read_table(content)
        except Refused as refused:
            raise ValidationError(file_sentence(refused), refused.code) from None
        name = normalise_name(file.name)[:_FILE_NAME_LENGTH]
        return SentTable(name, hashlib.sha256(content).hexdigest(), table)


class ColumnsForm(forms.Form):
    """Which column of the file each of ours is; what the first rows say stands beside it."""

    def __init__(self, table: Table, data: Any = None, places: Mapping[str, int] | None = None):
        initial = {name: str(at) for name, at in (places or {}).items()}
        super().__init__(data, initial=initial)
        choices = [("", gettext_lazy("Not in the file")), *_choices(table)]
        for column in COLUMNS:
            self.fields[column.name] = forms.ChoiceField(
                label=column.heading,
                help_text=column.described.note,
                choices=choices,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        sentences = {
            "missing": _("Please choose a column. It is needed."),
            "chosen_twice": _("This column has been chosen twice."),
            "one_of_two": _(
                "Please choose this column or the other one: start or hours, date of birth or"
                " telephone number."
            ),
        }
        for name, code in faults_of_places(self.places()).items():
            self.add_error(name, ValidationError(sentences[code], code))
        return cleaned

    def places(self) -> Places:
        return {
            name: int(self.cleaned_data[name])
            for name in self.fields
            if self.cleaned_data.get(name)
        }


def _choices(table: Table) -> list[tuple[str, str]]:
    found = []
    for at, heading in enumerate(table.headings):
        texts = [row[at] for _number, row in table.rows[:_FIRST_ROWS] if at < len(row) and row[at]]
        examples = "、".join(text[:_EXAMPLE_LENGTH] for text in list(dict.fromkeys(texts))[:2])
        label = f"{get_column_letter(at + 1)}：{heading}"
        found.append((str(at), f"{label}（{examples}）" if examples else label))
    return found


_YES_NO = [
    ("", gettext_lazy("Please choose")),
    (YesNo.YES, YesNo.YES.label),
    (YesNo.NO, YesNo.NO.label),
]


class ActivityForm(forms.Form):
    """Whether one activity of the list counts: as its page says, or as staff say (R17, R18)."""

    page = forms.TypedChoiceField(
        label=gettext_lazy("Activity on this site"),
        help_text=gettext_lazy("If you choose one, its designation on the day decides."),
        required=False,
        coerce=int,
        empty_value=None,
    )
    lack_of_hands = forms.ChoiceField(
        label=gettext_lazy("Does it answer a lack of hands?"), choices=_YES_NO, required=False
    )
    lack_of_hands_reason = forms.CharField(
        label=gettext_lazy("reason (lack of hands)"), max_length=1000, required=False
    )
    public_benefit = forms.ChoiceField(
        label=gettext_lazy("Is its public benefit enough for its content and hours?"),
        choices=_YES_NO,
        required=False,
    )
    public_benefit_reason = forms.CharField(
        label=gettext_lazy("reason (public benefit)"), max_length=1000, required=False
    )
    effective_from = forms.DateField(
        label=gettext_lazy("counts from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    _STATED = (
        "lack_of_hands",
        "lack_of_hands_reason",
        "public_benefit",
        "public_benefit_reason",
        "effective_from",
    )

    def __init__(
        self,
        entry: Entry,
        pages: Sequence[tuple[int, str]],
        known: ImportedActivity | None,
        page: int | None,
        data: Any,
        prefix: str,
    ) -> None:
        initial: dict[str, Any] = {"page": page}
        if known is not None:
            initial |= {
                "lack_of_hands": YesNo.YES if known.lack_of_hands else YesNo.NO,
                "lack_of_hands_reason": known.lack_of_hands_reason,
                "public_benefit": YesNo.YES if known.public_benefit else YesNo.NO,
                "public_benefit_reason": known.public_benefit_reason,
                "effective_from": known.effective_from,
            }
        super().__init__(data, prefix=prefix, initial=initial)
        self.entry = entry
        self.fields["page"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("None of these")),
            *pages,
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [name for name in self._STATED if cleaned.get(name)]
        if not cleaned.get("page") and given:
            for name in self._STATED:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Please answer both questions with reasons and a day."))
        return cleaned

    def answer(self) -> Answer:
        """What was said; neither page nor statement where all was left empty."""
        said = self.cleaned_data
        if said["page"]:
            return Answer(page=said["page"])
        if not said["lack_of_hands"]:
            return Answer()
        return Answer(
            statement=Statement(
                said["lack_of_hands"] == YesNo.YES,
                said["lack_of_hands_reason"],
                said["public_benefit"] == YesNo.YES,
                said["public_benefit_reason"],
                said["effective_from"],
            )
        )


class UndoForm(forms.Form):
    """Why a list is taken back."""

    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200)
