"""What a member of staff reads on a card. There is no field for a number, and never will be."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import BirthDateField, NameField
from common import clock
from identity.enums import CardKind
from identity.operations.counter import Look
from identity.rules.claims import Attributes


class LookForm(forms.Form):
    """Filled with what the resident disclosed; corrected to what the card says."""

    card = forms.ChoiceField(label=_("Card shown"), choices=CardKind.choices)
    card_until = forms.DateField(
        label=_("Card valid until"),
        help_text=_("As printed on the card. A card that is over is no proof."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    family_name = NameField(label=_("Family name"), max_length=40)
    given_name = NameField(label=_("Given name"), max_length=80)
    birth_date = BirthDateField(label=_("Date of birth"))
    address = NameField(
        label=_("Address on the card"),
        max_length=300,
        help_text=_("With changes noted on the card. Never write down the 12-digit number."),
    )
    same_person = forms.BooleanField(
        label=_("The picture on the card is of the person in front of me.")
    )

    def clean_card_until(self) -> date:
        day: date = self.cleaned_data["card_until"]
        if day < clock.today():
            raise forms.ValidationError(_("This card is over."), code="card_over")
        return day

    @property
    def look(self) -> Look:
        """Of a valid form."""
        data = self.cleaned_data
        return Look(
            card=CardKind(data["card"]),
            card_until=data["card_until"],
            attributes=Attributes(
                data["family_name"], data["given_name"], data["birth_date"], data["address"]
            ),
        )
