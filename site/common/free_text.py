"""No individual number (マイナンバー) through any form (R10).

Nobody is asked for it here, yet people type it. So the question is put where the text of every
form passes, those of Wagtail and allauth and the ones not written yet included, and not in each
form, where it would be forgotten.
"""

from __future__ import annotations

from html import unescape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from common.my_number import has_my_number

CODE = "my_number"
_IN_A_TEXT = _(
    "There are 12 digits in this that look like an individual number (My Number). This service"
    " does not take it. Please remove the digits and try once more."
)
_IN_A_FILE_NAME = _(
    "There are 12 digits in this file's name that look like an individual number (My Number)."
    " This service does not take it. Please rename the file and try once more."
)


def refuse_my_number(value: Any) -> None:
    """A validator: for a text, a file (its name) or a list of them.

    Formatted text is read as people see it: numbers split by bold type or written as character
    references are found too.
    """
    if isinstance(value, str):
        if has_my_number(value) or (
            ("<" in value or "&" in value) and has_my_number(unescape(strip_tags(value)))
        ):
            raise ValidationError(_IN_A_TEXT, code=CODE)
    elif isinstance(value, File):
        if has_my_number(value.name or ""):
            raise ValidationError(_IN_A_FILE_NAME, code=CODE)
    elif isinstance(value, list | tuple | set):
        for one in value:
            refuse_my_number(one)


def guard_every_form() -> None:
    """From now on every field of every form asks. Safe to repeat.

    A field that takes numbers of twelve digits which are something else, a code of ours on
    paper say, has the attribute `takes_twelve_digits = True`.
    """
    forms.Field.run_validators = _run_validators  # type: ignore[method-assign]


_djangos = forms.Field.run_validators


def _run_validators(self: forms.Field, value: Any) -> None:
    if not getattr(self, "takes_twelve_digits", False):
        refuse_my_number(value)
    _djangos(self, value)
