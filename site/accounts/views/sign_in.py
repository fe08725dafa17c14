"""Signing in and signing up with a code by mail; with a password; with a recovery code.

One way for known and unknown addresses: what there is of an account is looked up once the
code is right (`accounts.operations.mail_codes`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.enums import SignInWay
from accounts.forms.sign_in import (
    AddressForm,
    AgreementForm,
    CodeForm,
    PasswordSignInForm,
    RecoveryForm,
    SignUpForm,
)
from accounts.models import User
from accounts.operations import sign_ins
from accounts.operations.accounts import make_account, prove_address
from accounts.operations.attempts import spend
from accounts.operations.mail_codes import CONFIRM, NEW_PASSWORD, SIGN_IN, SIGN_UP, MailCode
from accounts.operations.recovery_codes import use_recovery_code
from accounts.queries import documents_in_force
from accounts.rules.return_path import safe_path
from accounts.views.attempts import count_sign_in, network, refused_sign_in
from common.refusal import Refused

_CODE_KEY = "_mail_code"
_ENTRANCE: list[Callable[[Any], Any]] = [never_cache, sensitive_post_parameters()]


def next_path(request: HttpRequest) -> str:
    """Where to go on to afterwards, or ""."""
    return safe_path(request.POST.get("next") or request.GET.get("next")) or ""


def with_next(name: str, path: str) -> str:
    """Address of the page `name`, which goes on to `path`."""
    return reverse(name) + (f"?{urlencode({'next': path})}" if path else "")


def sign_in(request: HttpRequest, user: User, way: SignInWay, path: str = "") -> HttpResponse:
    """Begin a session: a new key, so there is nothing to fixate."""
    request.sign_in_way = way  # type: ignore[attr-defined]  # read by `accounts.receivers`
    response: HttpResponse = perform_login(request, user, redirect_url=path or None)
    return response


def begin_code(request: HttpRequest, code: MailCode) -> HttpResponse:
    """Send the mail and ask for what is in it. Raises `TooManyAttempts`, `CannotCount`."""
    spend("mail", address=code.email, network=network(request))
    code.send()
    if not request.user.is_authenticated:
        sign_ins.wait_at_the_door(request.session)
    request.session[_CODE_KEY] = code.as_session()
    return HttpResponseRedirect(reverse("account_confirm_login_code"))


@method_decorator(_ENTRANCE, name="dispatch")
class CodeRequestView(View):
    """Asks for the address; three pages differ in words and in what follows."""

    purpose = SIGN_IN
    form_class: ClassVar[type[AddressForm]] = AddressForm
    template = "account/login.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(next_path(request) or reverse("portal:my_page"))
        return self._show(request, self.form_class())

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(next_path(request) or reverse("portal:my_page"))
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self._show(request, form)
        code = MailCode(
            self.purpose,
            form.cleaned_data["email"],
            next=next_path(request),
            can_passkey=form.cleaned_data["can_passkey"],
        )
        return begin_code(request, code)

    def _show(self, request: HttpRequest, form: AddressForm) -> HttpResponse:
        return show_entrance(request, self.template, form)


class SignUpView(CodeRequestView):
    purpose = SIGN_UP
    form_class = SignUpForm
    template = "account/signup.html"


class ForgottenPasswordView(CodeRequestView):
    purpose = NEW_PASSWORD
    template = "account/password_reset.html"


def show_entrance(
    request: HttpRequest, template: str, form: forms.Form, status: int = 200, **more: Any
) -> HttpResponse:
    """One of the pages of the entrance, with links to the others that keep the way back."""
    path = next_path(request)
    query = f"?{urlencode({'next': path})}" if path else ""
    return render(
        request, template, {"form": form, "next": path, "query": query, **more}, status=status
    )


@method_decorator(_ENTRANCE, name="dispatch")
class CodeView(View):
    """Takes the code from the mail."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        code = MailCode.from_session(request.session.get(_CODE_KEY))
        if code is None or (code.purpose == CONFIRM) != request.user.is_authenticated:
            request.session.pop(_CODE_KEY, None)
            return HttpResponseRedirect(reverse("account_login"))
        if code.proven:
            return HttpResponseRedirect(reverse("account_unknown"))
        self.code = code
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("action") == "resend" and self.code.can_resend:
            return begin_code(request, self.code)
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        attempt = count_sign_in(request, self.code.email)
        try:
            self.code.prove(form.cleaned_data["code"])
        except Refused as refusal:
            refused_sign_in(request, self.code.email, SignInWay.CODE)
            if refusal.code == "code_void":
                return self._begin_again()
            request.session[_CODE_KEY] = self.code.as_session()
            form.add_error(
                "code", _("The code is not right. Please check the newest mail from us.")
            )
            return self._show(form)
        attempt.give_back()
        return self._go_on()

    def _begin_again(self) -> HttpResponse:
        del self.request.session[_CODE_KEY]
        messages.error(self.request, _("The code is no longer valid. Please ask for a new one."))
        return HttpResponseRedirect(self._start())

    def _start(self) -> str:
        page = {
            SIGN_UP: "account_signup",
            NEW_PASSWORD: "account_reset_password",
            CONFIRM: "account_reauthenticate",
        }.get(self.code.purpose, "account_login")
        return with_next(page, self.code.next)

    def _go_on(self) -> HttpResponse:
        code, session = self.code, self.request.session
        if code.purpose == CONFIRM:
            del session[_CODE_KEY]
            sign_ins.confirm(session)
            return HttpResponseRedirect(code.next or reverse("accounts:sign_in_settings"))
        if code.purpose == SIGN_UP:
            return self._enter(make_account(code.email, documents_in_force()))
        user = User.objects.with_email(code.email)
        if user is None:
            session[_CODE_KEY] = code.as_session()
            return HttpResponseRedirect(reverse("account_unknown"))
        prove_address(user)
        return self._enter(user)

    def _enter(self, user: User) -> HttpResponse:
        del self.request.session[_CODE_KEY]
        self.request.session[sign_ins.CAN_PASSKEY_KEY] = self.code.can_passkey
        path = self.code.next
        if self.code.purpose == NEW_PASSWORD:
            path = reverse("account_change_password")
        return sign_in(self.request, user, SignInWay.CODE, path)

    def _show(self, form: CodeForm) -> HttpResponse:
        return render(
            self.request,
            "accounts/code_page.html",
            {
                "verify_form": form,
                "email": self.code.email,
                "can_resend": self.code.can_resend,
                "cancel_url": self._start(),
            },
        )


@method_decorator(_ENTRANCE, name="dispatch")
class UnknownAddressView(View):
    """Who wanted to sign in has proven an address without an account: it can be made here,
    without a second code."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        code = MailCode.from_session(request.session.get(_CODE_KEY))
        if code is None or not code.proven or request.user.is_authenticated:
            return HttpResponseRedirect(reverse("account_login"))
        self.code = code
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(AgreementForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AgreementForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        user = make_account(self.code.email, documents_in_force())
        del request.session[_CODE_KEY]
        request.session[sign_ins.CAN_PASSKEY_KEY] = self.code.can_passkey
        return sign_in(request, user, SignInWay.CODE, self.code.next)

    def _show(self, form: AgreementForm) -> HttpResponse:
        context = {"form": form, "email": self.code.email}
        return render(self.request, "account/unknown.html", context)


class PasswordSignInView(LoginView):
    """allauth's, for who has set a password."""

    form_class = PasswordSignInForm
    template_name = "account/password_login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        path = next_path(self.request)
        query = f"?{urlencode({'next': path})}" if path else ""
        return {**super().get_context_data(**kwargs), "next": path, "query": query}


@method_decorator(_ENTRANCE, name="dispatch")
class RecoverySignInView(View):
    """For the day when neither the mailbox nor a passkey is at hand."""

    template = "account/recovery_login.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return show_entrance(request, self.template, RecoveryForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RecoveryForm(request.POST)
        if not form.is_valid():
            return show_entrance(request, self.template, form)
        email = form.cleaned_data["email"]
        attempt = count_sign_in(request, email)
        user = use_recovery_code(email, form.cleaned_data["code"])
        if user is None:
            refused_sign_in(request, email, SignInWay.RECOVERY_CODE)
            form.add_error(
                None, _("The e-mail address or the code is not right, or the code was used before.")
            )
            return show_entrance(request, self.template, form)
        attempt.give_back()
        path = next_path(request) or reverse("accounts:sign_in_settings")
        return sign_in(request, user, SignInWay.RECOVERY_CODE, path)
