"""Forms of participants' words and of what is answered. What may be written the rules decide, so
no field has a `maxlength`: browsers cut what is pasted without a word."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.plain_text import says_something


class _WordsField(forms.CharField):
    """Asks for something that can be read; characters nobody sees are nothing."""

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value) or ""
        return text if says_something(text) else ""


class VoiceForm(forms.Form):
    """What somebody says of an activity they took part in."""

    text = forms.CharField(
        label=_("Your words"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Up to 400 characters: what it was like, or a word to the host. Everybody can read"
            " them, so please write no telephone numbers and nothing about other people's lives."
        ),
    )
    signed_as = forms.CharField(
        label=_("Name to be shown (if you like)"),
        required=False,
        help_text=_(
            "A nickname will do, up to 20 characters. If you leave it empty, “A participant”"
            " is shown. Your registered name is not shown."
        ),
    )


class VoiceAnswerForm(forms.Form):
    """One short sentence of the organisation that ran the session."""

    text = _WordsField(
        label=_("Your answer"),
        error_messages={"required": _("Please write your reply.")},
        help_text=_(
            "One short sentence, up to 100 characters. The municipality reads it first, then"
            " everybody can."
        ),
    )


class NotShownForm(forms.Form):
    """Why words are not shown."""

    reason = _WordsField(
        label=_("Why they are not shown"),
        error_messages={"required": _("Please write down the reason.")},
        help_text=_("Up to 200 characters. Whoever wrote the words reads the reason."),
    )
