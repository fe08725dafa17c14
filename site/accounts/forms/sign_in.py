"""Forms around signing in: our words, and nothing that only a placeholder says."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth import password_validation
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Passkey, User
from common.text import normalise_name
from tenants.enums import TermsKind

_EMAIL = _("E-mail address")
_PASSWORD_HINT = _("10 characters or more. Numbers alone are not enough protection.")


def _read_the_text(kind: str) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("accounts:terms", args=[kind]), gettext("Read the text")
    )


_link_to_text = lazy(_read_the_text, SafeString)


class AddressField(forms.EmailField):
    """An e-mail address in lower case; full-width letters are as good."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _EMAIL)
        super().__init__(max_length=254, **options)
        self.widget.attrs.update(autocomplete="email")

    def to_python(self, value: Any) -> str:
        return normalise_name(super().to_python(value) or "").lower()


class AddressForm(forms.Form):
    """Where the code goes."""

    email = AddressField(help_text=_("We send a code to this address."))
    # Set by our script where the browser can make passkeys.
    can_passkey = forms.BooleanField(required=False, widget=forms.HiddenInput)


class AgreementForm(forms.Form):
    """Agreement to both texts (R28)."""

    agrees_terms = forms.BooleanField(
        label=_("I agree to the terms of use"),
        help_text=_link_to_text(TermsKind.RESIDENT.value),
        error_messages={"required": _("Please read the terms of use and agree to them.")},
    )
    agrees_privacy = forms.BooleanField(
        label=_("I agree to the privacy notice"),
        help_text=_link_to_text(TermsKind.PRIVACY.value),
        error_messages={"required": _("Please read the privacy notice and agree to it.")},
    )


class SignUpForm(AddressForm, AgreementForm):
    """A new account: e-mail address, and agreement to both texts."""

    field_order = ["email", "agrees_terms", "agrees_privacy"]


class CodeForm(forms.Form):
    """A code from a mail; full-width digits and spaces are as good."""

    code = forms.CharField(
        label=pgettext_lazy("from a mail", "Code"),
        help_text=_("Eight digits, for example 1234-5678."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class RecoveryCodeField(forms.CharField):
    takes_twelve_digits = True  # sixteen, of which twelve may look like an individual number


class RecoveryForm(forms.Form):
    """The address of the account, and one of the codes on paper."""

    email = AddressField()
    code = RecoveryCodeField(
        label=_("Recovery code"),
        help_text=_("Sixteen digits, for example 1234-5678-9012-3456."),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class PasskeyNameForm(forms.ModelForm):
    """What the resident calls the device."""

    class Meta:
        model = Passkey
        fields = ("name",)
        labels = {"name": _("Name of the passkey")}
        help_texts = {"name": _("So that you know it again, for example “My telephone”.")}

    def clean_name(self) -> str:
        return normalise_name(self.cleaned_data["name"])


class SetPasswordForm(forms.Form):
    """Once: a mistyped password is set anew with a code by mail, and typing it twice helps
    nobody."""

    password1 = forms.CharField(
        label=_("New password"),
        help_text=_PASSWORD_HINT,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        password_validation.validate_password(password, self.user)
        return password


class PresentPasswordForm(forms.Form):
    """The password, to show that it is still the owner who sits here."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class _Worded(forms.Form):
    """Puts `labels` and `hints` on allauth's fields and takes placeholders away: they vanish on
    typing."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.labels:
                field.label = self.labels[name]
            if name in self.hints:
                field.help_text = self.hints[name]


class PasswordSignInForm(_Worded, allauth_forms.LoginForm):
    labels = {"login": _EMAIL, "password": _("Password")}
    hints = {"password": ""}


class ConfirmEmailCodeForm(_Worded, allauth_forms.ConfirmEmailVerificationCodeForm):
    """allauth's: the code that proves a new address."""

    labels = {"code": pgettext_lazy("from a mail", "Code")}
    hints = {"code": _("Eight digits, for example 1234-5678.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = normalise_name(self.cleaned_data["code"])
        return super().clean_code()  # type: ignore[misc]


class ChangeEmailForm(_Worded, allauth_forms.AddEmailForm):
    labels = {"email": _("New e-mail address")}
    hints = {"email": _("We send a code to this address.")}
