"""Forms of the admin."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.enums import Pattern
from organisations.models import Organisation


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
