"""Forms of inviting staff and of taking up an invitation."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm

from tenants.enums import HostKind
from tenants.permissions import may_enter
from tenants.staff.roles import Role


class StaffSignInForm(LoginForm):
    """Wagtail's, for those who have a role at this municipality; nobody is remembered."""

    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail address")
        self.fields["password"].label = _("Password")
        for name, hint in (("username", "username"), ("password", "current-password")):
            widget = self.fields[name].widget
            widget.attrs.pop("placeholder", None)
            widget.attrs["autocomplete"] = hint

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if not may_enter(user, HostKind.ADMIN):
            # The same words as for a wrong password: nobody learns which accounts exist.
            raise self.get_invalid_login_error()


class WelcomeForm(forms.Form):
    """Name and password of an invited staff member."""

    name = forms.CharField(label=_("Your name"), max_length=60)
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least 10 characters. If you already have an account with this e-mail address, "
            "type its password."
        ),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The invitation is sent to this address and is valid for 14 days."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.EDITOR)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()
