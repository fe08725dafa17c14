"""Where apps above plug questions of theirs into the registration form.

A step brings a form and saves it in the transaction that registers, in the municipality's
schema: either the registration and all answers are there, or nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.forms import BaseForm

from registration.models import Registration
from tenants.context import municipality_context
from tenants.models import Municipality


class Step(Protocol):
    """One part of the form. `key` is the prefix of its fields."""

    key: str

    def form(self, municipality: Municipality, data: Mapping[str, Any] | None = None) -> BaseForm:
        """The form, bound if there is `data`; called in the municipality's schema."""

    def save(self, registration: Registration, form: BaseForm) -> None:
        """Keep the answers of a valid form; called in the municipality's schema."""


@dataclass(frozen=True)
class FilledStep:
    """A step and its form; what `operations.register` takes once the form is valid."""

    step: Step
    form: BaseForm

    def save(self, registration: Registration) -> None:
        self.step.save(registration, self.form)


_steps: dict[str, Step] = {}


def register_step(step: Step) -> None:
    """Add a step to the form; steps are shown in the order they were registered."""
    if step.key in _steps:
        raise ValueError(f"two steps named {step.key}")
    _steps[step.key] = step


def steps_for(
    municipality: Municipality, data: Mapping[str, Any] | None = None
) -> list[FilledStep]:
    """Every step with its form for this municipality, bound if there is `data`."""
    with municipality_context(municipality):
        return [FilledStep(step, step.form(municipality, data)) for step in _steps.values()]
