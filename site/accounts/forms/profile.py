"""The profile: who a resident is and where they live."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import (
    BirthDateField,
    InternationalPhoneField,
    KanaField,
    NameField,
    PhoneField,
    PostalCodeField,
)
from accounts.models import Resident
from accounts.rules.addresses import address_line, address_start
from accounts.rules.countries import JAPAN, countries, country_name, is_country
from common.postal import PostalAddress, lookup
from common.text import normalise_postal_code, written_postal_code
from tenants.models import LocalGovernment

FIND_ADDRESS = "find_address"
SHOW_FIELDS = "show_fields"
_ABROAD_LINE, _ABROAD_CODE = 300, 16


def _text(limit: int, autocomplete: str, **more: Any) -> dict[str, Any]:
    return {
        "max_length": limit,
        "widget": forms.TextInput(attrs={"autocomplete": autocomplete, **more}),
    }


def _country_choices() -> list[tuple[Any, Any]]:
    common, rest = countries(get_language() or settings.LANGUAGE_CODE)
    return [(_("Often chosen"), common), (_("All others"), rest)]


class ProfileForm(forms.Form):
    """Everything a profile holds; `instance` fills it, `save_profile` takes `cleaned_data`.

    The button named `find_address` asks to fill in the address, the one named `show_fields` for
    the fields of another country: such a POST is never valid (nothing is to be saved yet), shows
    no error but the postal code's, and keeps everything that was typed. So a view needs nothing
    but `if form.is_valid()`.

    Sex is not asked: nothing in the scheme depends on it.
    """

    family_name = NameField(label=_("Family name"), **_text(40, "family-name"))
    given_name = NameField(label=_("Given name"), **_text(40, "given-name"))
    family_kana = KanaField(
        label=_("Family name (furigana)"),
        help_text=_("Hiragana is fine too."),
        **_text(60, "off"),
    )
    given_kana = KanaField(label=_("Given name (furigana)"), **_text(60, "off"))
    birth_date = BirthDateField(
        label=_("Date of birth"),
        help_text=_("For example Shōwa 38, month 4, day 2."),
    )
    country = forms.ChoiceField(
        label=_("Country where you live"), choices=_country_choices, required=False
    )
    postal_code: forms.CharField = PostalCodeField(
        label=_("Postal code"),
        help_text=_("Seven digits, for example 988-0017."),
        **_text(12, "postal-code", inputmode="numeric"),
    )
    residence = forms.ModelChoiceField(
        label=_("Municipality where you live"),
        queryset=LocalGovernment.objects.none(),
        required=False,
        empty_label=pgettext_lazy("nothing chosen yet", "Choose"),
    )
    address_line = NameField(
        label=_("Town and number"),
        help_text=_("For example 南町1丁目2番3号."),
        **_text(120, "address-line1"),
    )
    building = NameField(label=_("Building and room"), required=False, **_text(80, "address-line2"))
    phone: forms.CharField = PhoneField(
        label=_("Telephone number"),
        required=False,
        help_text=_("With area code. A mobile number is fine."),
        **_text(20, "tel", inputmode="tel"),
    )
    language = forms.ChoiceField(label=_("Language of mails"), choices=settings.INTERFACE_LANGUAGES)

    def __init__(
        self, data: Any = None, *args: Any, instance: Resident | None = None, **kwargs: Any
    ) -> None:
        self.instance = instance
        self.asked_for_address = bool(data) and (FIND_ADDRESS in data or SHOW_FIELDS in data)
        kwargs["initial"] = {**self._initial(instance), **(kwargs.get("initial") or {})}
        super().__init__(data.copy() if data is not None else None, *args, **kwargs)
        self.residences: list[LocalGovernment] = []
        self.country_code = self._country()
        if self.is_abroad:
            self._ask_for_foreign_address()
        else:
            self._offer_residences()
            if self.asked_for_address:
                self._fill_in_address()

    @staticmethod
    def _initial(instance: Resident | None) -> dict[str, Any]:
        if instance is None:
            codes = [code for code, _name in settings.INTERFACE_LANGUAGES]
            language = get_language()
            return {
                "country": JAPAN,
                "language": language if language in codes else settings.LANGUAGE_CODE,
            }
        names = [name for name in ProfileForm.base_fields if name != "residence"]
        code = instance.postal_code
        return {
            **{name: getattr(instance, name) for name in names},
            "postal_code": code if instance.lives_abroad else written_postal_code(code),
            "residence": instance.residence_id,
        }

    def _country(self) -> str:
        """The country whose fields are shown; Japan where none or no such country is named."""
        named = str(self["country"].value() or "")
        return named if is_country(named) else JAPAN

    @property
    def is_abroad(self) -> bool:
        return self.country_code != JAPAN

    @property
    def country_name(self) -> str:
        return country_name(self.country_code, get_language() or settings.LANGUAGE_CODE)

    @property
    def shown_country_name(self) -> str:
        return self.add_prefix("shown_country")

    @property
    def has_another_country(self) -> bool:
        """The address was typed on the fields of another country than the one now chosen."""
        shown = str(self.data.get(self.shown_country_name, "")) if self.is_bound else ""
        return shown not in {"", self.country_code}

    def _ask_for_foreign_address(self) -> None:
        """A postal code if there is one, and the address in one; no municipality of ours."""
        hint = _("How your name sounds, in katakana or hiragana. For example スミス ジョン.")
        self.fields["family_kana"].help_text = hint
        self.fields["postal_code"] = NameField(
            label=_("Postal code"),
            required=False,
            help_text=_("If there is one."),
            **_text(_ABROAD_CODE, "postal-code"),
        )
        self.fields["address_line"] = NameField(
            label=_("Address"),
            help_text=_("As on an envelope, without the country."),
            max_length=_ABROAD_LINE,
            widget=forms.Textarea(attrs={"autocomplete": "street-address", "rows": 3}),
        )
        self.fields["phone"] = InternationalPhoneField(
            label=_("Telephone number"),
            required=False,
            help_text=_("With + and the country's number, for example +1 212 555 0123."),
            **_text(20, "tel", inputmode="tel"),
        )
        del self.fields["residence"], self.fields["building"]

    @cached_property
    def places(self) -> list[PostalAddress]:
        """What the postal code in the form stands for."""
        return lookup(str(self["postal_code"].value() or ""))

    def _offer_residences(self) -> None:
        codes = {place.municipality_code for place in self.places}
        field = self.fields["residence"]
        field.queryset = LocalGovernment.objects.select_related("prefecture").filter(pk__in=codes)  # type: ignore[attr-defined]
        self.residences = list(field.queryset) if codes else []  # type: ignore[attr-defined]
        if self.needs_choice:
            field.help_text = _("This postal code belongs to more than one municipality.")
            return
        field.widget = forms.HiddenInput()
        if self.residences:
            only = self.residences[0].pk
            shown = str(self["residence"].value() or "")
            # The town typed for one municipality must not silently end up in another.
            self.has_moved = self.is_bound and shown not in {"", only}
            self._put("residence", only)

    @property
    def address_start_name(self) -> str:
        return self.add_prefix("address_start")

    @property
    def needs_choice(self) -> bool:
        """The postal code lies in several municipalities: the resident chooses."""
        return len(self.residences) > 1

    @property
    def residence_name(self) -> str:
        """The municipality the postal code belongs to, if there is just one; else ""."""
        return self.residences[0].full_name if len(self.residences) == 1 else ""

    def _put(self, name: str, value: str) -> None:
        if isinstance(self.data, MultiValueDict) and self.is_bound:
            self.data[self.add_prefix(name)] = value
        elif self.is_bound:
            self.data = {**self.data, self.add_prefix(name): value}
        else:
            self.initial[name] = value

    def _fill_in_address(self) -> None:
        chosen = self._chosen_residence()
        if chosen is None:
            return
        start = address_start(self.places, chosen.pk, chosen.name)
        typed = str(self["address_line"].value() or "").strip()
        earlier = str(self.data.get(self.address_start_name, ""))
        self._put("address_line", address_line(typed, start, {earlier} - {""}))
        self.address_start = start

    has_moved = False
    # What the last look-up put into the address line, sent along so that the next may replace it.
    address_start = ""

    def _chosen_residence(self) -> LocalGovernment | None:
        wanted = str(self["residence"].value() or "")
        return next((one for one in self.residences if one.pk == wanted), None)

    def is_valid(self) -> bool:
        return super().is_valid() and not self.asked_for_address

    def full_clean(self) -> None:
        super().full_clean()
        if self.asked_for_address:
            relevant = self.errors.get("postal_code")
            self._errors = ErrorDict({"postal_code": relevant} if relevant else {})

    def clean_postal_code(self) -> str:
        if self.is_abroad:
            return str(self.cleaned_data["postal_code"])
        code = normalise_postal_code(self.cleaned_data["postal_code"])
        if not self.residences:
            raise forms.ValidationError(
                _("This postal code is not known. Please check the seven digits."),
                code="unknown_postal_code",
            )
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["country"] = self.country_code
        if self.is_abroad:
            cleaned |= {"residence": None, "building": ""}
        if self.has_another_country:
            self.add_error(
                "address_line",
                forms.ValidationError(
                    _("The country is now %(name)s. Please check the address."),
                    code="another_country",
                    params={"name": self.country_name},
                ),
            )
            return cleaned
        if self.residences and not cleaned.get("residence") and "residence" not in self.errors:
            self.add_error("residence", _("Please choose the municipality where you live."))
        if self.has_moved:
            self.add_error(
                "address_line",
                forms.ValidationError(
                    _("The postal code now belongs to %(name)s. Please check town and number."),
                    code="moved",
                    params={"name": self.residence_name},
                ),
            )
        return cleaned
