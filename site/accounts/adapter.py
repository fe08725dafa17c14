"""How django-allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.enums import SignInWay
from accounts.models import Passkey, Resident
from accounts.operations.sign_ins import CAN_PASSKEY_KEY
from accounts.rules.return_path import safe_path
from accounts.views.attempts import count_sign_in, refused_sign_in
from common import clock

_TOO_MANY = _("There were too many attempts. Please wait a few minutes and try again.")


class AccountAdapter(DefaultAccountAdapter):
    """Our words for allauth's refusals, paths only as places to go on to, mail in our language."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account can't be used at present."),
        "cannot_remove_primary_email": _("This address is needed to sign in."),
        "duplicate_email": _("This is already your e-mail address."),
        "email_password_mismatch": _(
            "The e-mail address or the password is not right. Please check both."
        ),
        "email_taken": _("This e-mail address can't be used."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("The code is not right. Please check the newest mail from us."),
        "incorrect_password": _("The password is not right."),
        "invalid_or_expired_key": _("The code is no longer valid."),
        "invalid_login": _("Please check the e-mail address."),
        "invalid_password_reset": _("The code is no longer valid. Please ask for a new one."),
        "max_email_addresses": _("You can't add another e-mail address."),
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
        "unknown_email": _("Please check the e-mail address."),
        "unverified_primary_email": _("Please confirm your e-mail address first."),
        "select_only_one": _("Please choose only one."),
        "same_as_current": _("This is already your e-mail address."),
    }

    def is_safe_url(self, url: str | None) -> bool:
        """A path on this host only: not even another host of ours."""
        return safe_path(url) is not None

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language the resident chose for mails, else the one the page is shown in."""
        with translation.override(self._language_of(context.get("user"))):
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """The owner is told of a change, in their language; without where it came from, which
        would say something about others who use the same connection."""
        if address := email or user.email:
            self.send_mail(
                template_prefix,
                address,
                {"timestamp": clock.now(), **(context or {}), "user": user},
            )

    def get_login_stages(self) -> list[str]:
        """Between proof and session stands only that the address is confirmed.

        No second step for residents, whatever second factor the same account has as staff: that
        is asked for on the admin hosts.
        """
        return ["allauth.account.stages.EmailVerificationStage"]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a password before it is looked at. Raises `TooManyAttempts`, `CannotCount`."""
        self._attempt = count_sign_in(request, credentials.get("email", ""))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        refused_sign_in(request, credentials.get("email", ""), SignInWay.PASSWORD)

    def _rollback_login_failed_rl_usage(self) -> None:
        self._attempt.give_back()

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """On the way to nowhere in particular, a passkey is offered, once."""
        response = super().post_login(request, user, **kwargs)
        if kwargs.get("redirect_url") or not request.session.pop(CAN_PASSKEY_KEY, False):
            return response
        if user.passkey_offered_at or Passkey.objects.filter(user=user).exists():
            return response
        return HttpResponseRedirect(reverse("accounts:passkey_offer"))

    @staticmethod
    def _language_of(user: Any) -> str:
        chosen = None
        if user is not None and user.pk:
            chosen = (
                Resident.objects.filter(user_id=user.pk).values_list("language", flat=True).first()
            )
        language = chosen or translation.get_language()
        known = {code for code, _name in settings.INTERFACE_LANGUAGES}
        return language if language in known else settings.LANGUAGE_CODE
