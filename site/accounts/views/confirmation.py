"""Before somebody changes what opens the account: is it still the owner who sits here?"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View as ClassView
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.enums import SignInWay
from accounts.forms.sign_in import PresentPasswordForm
from accounts.models import Passkey
from accounts.operations import sign_ins
from accounts.operations.attempts import spend
from accounts.operations.mail_codes import CONFIRM, MailCode
from accounts.operations.passkeys import finish_sign_in
from accounts.queries import account_of
from accounts.views.attempts import network, refused_sign_in
from accounts.views.sign_in import begin_code, next_path, with_next
from common.refusal import Refused

View = Callable[..., HttpResponseBase]
CHALLENGE_KEY = "_passkey"


def confirmed_before(page: str) -> Callable[[View], View]:
    """Lets in who proved within the last minutes who they are; others do, and come back: to what
    they opened, or to `page` (the name of its address) where they had sent a form.

    A telephone that lies unlocked, a computer in a library: a session of thirty days is not
    enough to take over an account for good.
    """

    def decorate(view: View) -> View:
        @never_cache
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if sign_ins.is_confirmed(request.session):
                return view(request, *args, **kwargs)
            back = request.path if request.method in {"GET", "HEAD"} else reverse(page)
            return HttpResponseRedirect(with_next("account_reauthenticate", back))

        return guarded

    return decorate


confirmed_required = confirmed_before("accounts:sign_in_settings")


def answer_of(request: HttpRequest) -> Any:
    """What the device answered, as our script put it into the form."""
    try:
        return json.loads(request.POST.get("credential", ""))
    except ValueError:
        return None


@method_decorator([never_cache, sensitive_post_parameters(), login_required], name="dispatch")
class ConfirmationView(ClassView):
    """A code by mail, a passkey, or the password: what the account has."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(PresentPasswordForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if "credential" in request.POST:
            return self._with_passkey()
        if "password" in request.POST:
            return self._with_password()
        email = account_of(request).email
        if not email:
            return self._show(PresentPasswordForm())
        return begin_code(request, MailCode(CONFIRM, email, next=next_path(request)))

    def _with_passkey(self) -> HttpResponse:
        request = self.request
        spend("passkey", network=network(request))
        try:
            owner = finish_sign_in(request.session.pop(CHALLENGE_KEY, None), answer_of(request))
        except Refused:
            owner = None
        if owner is None or owner.pk != request.user.pk:
            refused_sign_in(request, account_of(request).email or "", SignInWay.PASSKEY)
            return self._show(PresentPasswordForm(), failed=True, status=403)
        return self._go_on()

    def _with_password(self) -> HttpResponse:
        request = self.request
        form = PresentPasswordForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        user = get_adapter().authenticate(
            request,
            email=account_of(request).email,
            password=form.cleaned_data["password"],
        )
        if user is None or user.pk != request.user.pk:
            form.add_error("password", _("The password is not right."))
            return self._show(form)
        return self._go_on()

    def _go_on(self) -> HttpResponse:
        sign_ins.confirm(self.request.session)
        return HttpResponseRedirect(next_path(self.request) or reverse("accounts:sign_in_settings"))

    def _show(
        self, form: PresentPasswordForm, *, failed: bool = False, status: int = 200
    ) -> HttpResponse:
        user = account_of(self.request)
        context = {
            "form": form,
            "next": next_path(self.request),
            "email": user.email,
            "has_password": user.has_usable_password(),
            "has_passkey": Passkey.objects.filter(user=user).exists(),
            "passkey_failed": failed,
        }
        return render(self.request, "account/reauthenticate.html", context, status=status)
