"""The survey as a step of the registration form (R4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import BaseForm

from registration.models import Registration
from surveys.enums import Survey
from surveys.forms import RegistrationSurveyForm
from surveys.models import SurveyItem
from surveys.operations import keep_answers
from tenants.models import Municipality


class SurveyStep:
    """Asks, and keeps the answers in the municipality's own schema and nowhere else.

    A co-registered prefecture learns that one is registered, not the answers (R4, reading).
    """

    key = "survey"

    def form(
        self, municipality: Municipality, data: Mapping[str, Any] | None = None
    ) -> RegistrationSurveyForm:
        return RegistrationSurveyForm(data, items=SurveyItem.objects.asked(), prefix=self.key)

    def save(self, registration: Registration, form: BaseForm) -> None:
        assert isinstance(form, RegistrationSurveyForm)  # what `form` above has made
        keep_answers(registration.resident_id, Survey.REGISTRATION, form.answers())
