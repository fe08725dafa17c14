"""Forgotten passwords of staff: Wagtail's page, and nobody's mailbox is flooded by it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from wagtail.admin.views.account import PasswordResetView

from accounts.operations.attempts import spend
from accounts.views.attempts import network


class StaffPasswordResetView(PasswordResetView):  # type: ignore[misc]
    """Each mail is counted like one with a code, whether there is such an account or not. Raises
    `TooManyAttempts`, `CannotCount`."""

    def form_valid(self, form: Any) -> HttpResponse:
        spend("mail", address=form.cleaned_data["email"], network=network(self.request))
        return super().form_valid(form)  # type: ignore[no-any-return]
