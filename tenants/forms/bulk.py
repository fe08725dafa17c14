"""The upload of many requests, and each row judged as the public form would judge it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.jis import is_valid
from common.refusal import Refused
from common.text import normalise_digits, normalise_name
from tenants.enums import RequestStatus, TermsKind
from tenants.forms.participation import ParticipationRequestForm
from tenants.models import LocalGovernment, ParticipationRequest, Terms
from tenants.queries import prefectures
from tenants.rules.bulk import COLUMNS, MAX_ROWS, SheetRow, Upload, read_day, repeated_codes
from tenants.rules.workbooks import read_rows

MAX_FILE_SIZE = 2 * 1024 * 1024
_FILE_NAME_LENGTH = 255


def refusal_sentence(refused: Refused) -> str:
    """Why a file cannot be read, and what to do."""
    missing = refused.data.get("headings")
    headings = "、".join(missing) if isinstance(missing, list) else ""
    sentences = {
        "old_or_locked": _(
            "This file is in the old format (.xls) or is locked with a password. Please save it"
            " as .xlsx without a password."
        ),
        "has_macros": _("This file contains macros. Please save it as .xlsx without macros."),
        "unpacks_too_big": _("This file is too big once unpacked. Please use the template."),
        "damaged": _("This file cannot be read. Please save it again as .xlsx."),
        "headings_missing": _(
            "These headings are missing in the first row of the first sheet: %(headings)s"
        )
        % {"headings": headings},
        "headings_repeated": _("These headings stand there more than once: %(headings)s")
        % {"headings": headings},
        "too_many_rows": _("Up to %(limit)s rows can be sent in at once.") % {"limit": MAX_ROWS},
        "no_rows": _("No row is filled in."),
    }
    return sentences.get(
        refused.code,
        _("This file is not an Excel spreadsheet (.xlsx). Please use the template."),
    )


class UploadForm(forms.Form):
    """The file, and if wanted the prefecture that all its rows must lie in."""

    sheet = forms.FileField(
        label=gettext_lazy("Spreadsheet (.xlsx)"),
        help_text=gettext_lazy("Up to 2,000 rows and 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
    prefecture = forms.ModelChoiceField(
        label=gettext_lazy("Prefecture"),
        queryset=LocalGovernment.objects.none(),
        required=False,
        empty_label=gettext_lazy("Any prefecture"),
        help_text=gettext_lazy(
            "If you choose one, local governments of other prefectures are errors."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prefecture"].queryset = prefectures()  # type: ignore[attr-defined]
        self._content = b""
        self._rows: tuple[SheetRow, ...] = ()

    def clean_sheet(self) -> Any:
        file = self.cleaned_data["sheet"]
        if file.size > MAX_FILE_SIZE:
            raise forms.ValidationError(
                _("This file is too big (%(size)s). The largest allowed is %(limit)s.")
                % {"size": filesizeformat(file.size), "limit": filesizeformat(MAX_FILE_SIZE)}
            )
        self._content = file.read()
        try:
            self._rows = read_rows(self._content)
        except Refused as refused:
            raise forms.ValidationError(refusal_sentence(refused), refused.code) from None
        return file

    def uploaded(self) -> Upload:
        """What was read; only of a valid form."""
        prefecture = self.cleaned_data["prefecture"]
        return Upload(
            file_name=normalise_name(self.cleaned_data["sheet"].name)[:_FILE_NAME_LENGTH],
            digest=hashlib.sha256(self._content).hexdigest(),
            prefecture=prefecture.pk if prefecture else "",
            rows=self._rows,
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """All that rows are compared with, read once for the whole sheet."""

    governments: dict[str, LocalGovernment]
    asked: set[str]
    terms: dict[str, Terms]
    repeated: dict[str, list[int]]
    prefecture: str


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row with its errors as (heading, sentence); `fields` only where there is none."""

    row: SheetRow
    government: LocalGovernment | None
    errors: list[tuple[str, str]]
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def sentences(self) -> str:
        """All errors in one cell of a spreadsheet."""
        return "\n".join(f"{heading}：{sentence}" for heading, sentence in self.errors)


class RowForm(ParticipationRequestForm):
    """One row: the public form, with a code in place of the list and the agreement as told."""

    local_government = forms.CharField(max_length=20)  # type: ignore[assignment]
    contact_email = forms.EmailField(max_length=254)
    terms = forms.CharField(max_length=20)
    agreed_on = forms.CharField(max_length=40)
    agree = None  # type: ignore[assignment]

    def __init__(self, row: SheetRow, known: _Known) -> None:
        # Past the public form's own constructor, which prepares its list of choices.
        super(ParticipationRequestForm, self).__init__(row.values)
        self._row, self._known = row, known

    def clean_local_government(self) -> LocalGovernment:
        code = normalise_digits(self.cleaned_data["local_government"])
        if not is_valid(code):
            raise forms.ValidationError(
                _(
                    "Please enter the six-digit code with its check digit. Set the format of the"
                    " cell to text, so that a zero in front stays."
                )
            )
        government = self._known.governments.get(code)
        if government is None:
            raise forms.ValidationError(_("No local government has this code."))
        if self._known.prefecture not in {"", code, government.prefecture_id}:
            raise forms.ValidationError(
                _("%(name)s is not in the chosen prefecture.") % {"name": government.full_name}
            )
        if hasattr(government, "municipality"):
            raise forms.ValidationError(
                _("%(name)s takes part already.") % {"name": government.full_name}
            )
        if code in self._known.asked:
            raise forms.ValidationError(
                _("A request of %(name)s is there already.") % {"name": government.full_name}
            )
        others = [str(n) for n in self._known.repeated.get(code, []) if n != self._row.number]
        if others:
            raise forms.ValidationError(
                _("The same code stands in row %(rows)s too.") % {"rows": "、".join(others)}
            )
        return government

    def clean_terms(self) -> Terms:
        version = normalise_name(self.cleaned_data["terms"])
        # A cell with the number 2 and one with 2.0 are the same to a spreadsheet.
        terms = self._known.terms.get(version) or self._known.terms.get(version.removesuffix(".0"))
        if terms is None:
            raise forms.ValidationError(_("There is no such version of the terms of use."))
        return terms

    def clean_agreed_on(self) -> date:
        try:
            day = read_day(self.cleaned_data["agreed_on"])
        except ValueError:
            raise forms.ValidationError(
                _("Please enter the date like 2026/4/1 or 令和8年4月1日.")
            ) from None
        if day > clock.today():
            raise forms.ValidationError(_("This date lies in the future."))
        terms = self.cleaned_data.get("terms")
        if terms and day < terms.effective_from:
            raise forms.ValidationError(_("This version was not in force yet on that day."))
        return day


def check_rows(upload: Upload) -> list[CheckedRow]:
    """Every row, judged; the number of queries does not depend on how many there are."""
    known = _known(upload.rows, upload.prefecture)
    return [_checked(row, known) for row in upload.rows]


def right_rows(checked: Iterable[CheckedRow]) -> list[dict[str, Any]]:
    """The requests' fields of those rows that have no error."""
    return [one.fields for one in checked if not one.errors]


def _known(rows: Sequence[SheetRow], prefecture: str) -> _Known:
    codes = {row.code for row in rows}
    governments = LocalGovernment.objects.select_related("prefecture", "municipality")
    asked = ParticipationRequest.objects.exclude(status=RequestStatus.DECLINED)
    return _Known(
        governments={one.code: one for one in governments.filter(pk__in=codes)},
        asked=set(
            asked.filter(local_government__in=codes).values_list("local_government_id", flat=True)
        ),
        terms={one.version: one for one in Terms.objects.filter(kind=TermsKind.MUNICIPALITY)},
        repeated=repeated_codes(rows),
        prefecture=prefecture,
    )


def _checked(row: SheetRow, known: _Known) -> CheckedRow:
    unreadable = {
        "formula": _("A cell with a formula cannot be read. Please enter the value itself."),
        "cell_error": _("This cell shows an error. Please enter the value itself."),
    }
    form = RowForm(row, known)
    errors = []
    for column in COLUMNS:
        if problem := row.unreadable.get(column.field):
            errors.append((column.heading, unreadable[problem]))
        else:
            found = form.errors.get(column.field) or ()
            errors += [(column.heading, str(error)) for error in found]
    return CheckedRow(
        row, known.governments.get(row.code), errors, {} if errors else form.cleaned_data
    )
