"""Forms of organisations: entering one, asking for a standing, asking people in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from common.text import normalise_name
from organisations.enums import MemberRole, OrganisationKind
from organisations.models import Organisation
from tenants.models import Municipality


class OrganisationForm(forms.ModelForm):
    """An organisation as one of its people enters it. Most have no corporate number."""

    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[
            ("", _("Please choose")),
            *(
                choice
                for choice in OrganisationKind.choices
                if choice[0] != OrganisationKind.MUNICIPALITY
            ),
        ],
    )
    contact_phone = forms.CharField(label=_("Telephone number"), max_length=20)
    corporate_number = forms.CharField(
        label=_("Corporate number"),
        required=False,
        max_length=13,
        help_text=_("Thirteen digits. Leave empty if there is none."),
        validators=[RegexValidator(r"^\d{13}$", _("A corporate number has thirteen digits."))],
    )

    class Meta:
        model = Organisation
        fields = [
            "name", "kana", "kind", "contact_name", "contact_phone", "contact_email", "website",
            "corporate_number",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the organisation")
        self.fields["kana"].label = _("Name in furigana")
        self.fields["contact_name"].required = True
        self.fields["contact_email"].required = True

    def clean_name(self) -> str:
        return normalise_name(self.cleaned_data["name"])

    def clean_corporate_number(self) -> str:
        return str(self.cleaned_data["corporate_number"] or "")


class StandingForm(forms.Form):
    """Which municipality is asked, and what the organisation would like to do there."""

    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Municipality.objects.none(),
        empty_label=_("Please choose"),
    )
    plan = forms.CharField(
        label=_("What would you like to do there?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example: cleaning of the coast every spring, the summer festival."),
    )

    def __init__(self, *args: Any, municipalities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["municipality"]
        field.queryset = municipalities
        field.label_from_instance = lambda one: one.full_name


class InvitationForm(forms.Form):
    """Whom to ask, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The invitation is sent to this address and is valid for 14 days."),
    )
    role = forms.ChoiceField(
        label=_("What may this person do?"),
        choices=MemberRole.choices,
        initial=MemberRole.HELPER,
        widget=forms.RadioSelect,
        help_text=_("A manager can also ask people in and take them out."),
    )
