"""django-allauth's forms in our words: labels, hints, nothing that only a placeholder says."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.operations.acceptances import accept_terms
from accounts.queries import documents_in_force
from common.text import normalise_name
from tenants.enums import TermsKind

_EMAIL = _("E-mail address")
_PASSWORD_HINT = _("10 characters or more. Numbers alone are not enough protection.")


def _read_the_text(kind: str) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("accounts:terms", args=[kind]), gettext("Read the text")
    )


_link_to_text = lazy(_read_the_text, SafeString)


class _Worded(forms.Form):
    """Puts `labels` and `hints` on fields and takes placeholders away: they vanish on typing."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    left_out: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.left_out:
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.labels:
                field.label = self.labels[name]
            if name in self.hints:
                field.help_text = self.hints[name]


class SignUpForm(_Worded, allauth_forms.SignupForm):
    """A new account: e-mail address, password, and agreement to both texts (R28)."""

    field_order = ["email", "password1", "agrees_terms", "agrees_privacy"]
    labels = {"email": _EMAIL, "password1": _("Password")}
    hints = {
        "email": _("We send a code to this address."),
        "password1": _PASSWORD_HINT,
    }

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

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        user: User = super().save(request)
        accept_terms(user, documents_in_force())
        return user


class SignInForm(_Worded, allauth_forms.LoginForm):
    labels = {"login": _EMAIL, "password": _("Password")}
    hints = {"password": ""}


class RequestSignInCodeForm(_Worded, allauth_forms.RequestLoginCodeForm):
    labels = {"email": _EMAIL}


class _CodeForm(_Worded):
    """A code from a mail; full-width digits and spaces are as good."""

    labels = {"code": pgettext_lazy("from a mail", "Code")}
    hints = {"code": _("Eight digits, for example 1234-5678.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = normalise_name(self.cleaned_data["code"])
        return super().clean_code()  # type: ignore[misc]


class ConfirmSignInCodeForm(_CodeForm, allauth_forms.ConfirmLoginCodeForm):
    pass


class ConfirmEmailCodeForm(_CodeForm, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPasswordResetCodeForm(_CodeForm, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class ResetPasswordForm(_Worded, allauth_forms.ResetPasswordForm):
    labels = {"email": _EMAIL}


class NewPasswordForm(_Worded, allauth_forms.ResetPasswordKeyForm):
    """Once: a mistyped password is set anew by mail, and typing it twice helps nobody."""

    labels = {"password1": _("New password")}
    hints = {"password1": _PASSWORD_HINT}
    left_out = ("password2",)


class SetPasswordForm(_Worded, allauth_forms.SetPasswordForm):
    labels = {"password1": _("New password")}
    hints = {"password1": _PASSWORD_HINT}
    left_out = ("password2",)


class ChangePasswordForm(_Worded, allauth_forms.ChangePasswordForm):
    labels = {"oldpassword": _("Present password"), "password1": _("New password")}
    hints = {"oldpassword": "", "password1": _PASSWORD_HINT}
    left_out = ("password2",)


class ChangeEmailForm(_Worded, allauth_forms.AddEmailForm):
    labels = {"email": _("New e-mail address")}
    hints = {"email": _("We send a code to this address.")}


class ReauthenticateForm(_Worded, allauth_forms.ReauthenticateForm):
    labels = {"password": _("Password")}
    hints = {"password": ""}
