"""Forms of participants' words and of what is answered. What may be written the rules decide, so
no field has a `maxlength`: browsers cut what is pasted without a word."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


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

    text = forms.CharField(
        label=_("Your answer"),
        required=False,
        help_text=_(
            "One short sentence, up to 100 characters. The municipality reads it first, then"
            " everybody can."
        ),
    )


class NotShownForm(forms.Form):
    """Why words are not shown."""

    reason = forms.CharField(
        label=_("Why they are not shown"),
        required=False,
        help_text=_("Up to 200 characters. Whoever wrote the words reads the reason."),
    )
