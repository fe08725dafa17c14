"""What is exported, and why; and the second person's answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from privacy.enums import FileFormat, Particular
from privacy.forms.access import PurposeForm


class ExportForm(PurposeForm):
    """Columns, format and purpose. `key` makes sending it twice harmless; `count` is the number
    of people that was shown, so that nobody exports more than they saw."""

    particulars = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Please choose only what the purpose needs."),
        error_messages={"required": _("Please choose at least one column.")},
    )
    file_format = forms.ChoiceField(
        label=_("Format"), choices=FileFormat.choices, widget=forms.RadioSelect
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    count = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["particulars", "file_format", "purpose", "note", "key", "count"]

    def __init__(
        self, data: Any = None, *, offered: Iterable[Particular], count: int, **kwargs: Any
    ) -> None:
        super().__init__(
            data,
            initial={
                "key": uuid4(),
                "count": count,
                "file_format": FileFormat.CSV,
                "particulars": [Particular.NAME, Particular.RESIDENCE],
            },
            **kwargs,
        )
        self._count = count
        field = self.fields["particulars"]
        field.choices = [(one.value, one.label) for one in offered]  # type: ignore[attr-defined]
        self.fields["note"].required = True
        self.fields["note"].error_messages["required"] = _(
            "Please explain the purpose in your own words."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("count") != self._count:
            sent = cast(QueryDict, self.data).copy()
            sent[self.add_prefix("count")] = str(self._count)
            self.data = sent
            raise forms.ValidationError(
                _(
                    "The number of people has changed in the meantime: it is %(count)s now. "
                    "Please check it and send the form once more."
                )
                % {"count": self._count}
            )
        return data


class RefuseExportForm(forms.Form):
    """Why a colleague's export is not approved; the colleague reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        error_messages={"required": _("Please give the reason.")},
    )
