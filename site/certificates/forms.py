"""The form on which staff revoke a certificate."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RevokeForm(forms.Form):
    """Why a certificate is taken back; the reason is kept, not published."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the records. The public page only says that it was revoked."),
    )
