"""The forms behind the editor of an activity."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from activities.registry import removal_refusals
from common import clock
from organisations.models import JointProgramme, Organisation
from organisations.queries import organisations_of, programmes_of
from tenants.context import current_municipality

QUESTIONS = ("lack_of_hands", "public_benefit")


class SessionForm(WagtailAdminModelForm):
    """One session. Carries its public id along, which no editor ever types.

    Until an activity's new session is published it has no row, hence no primary key; without
    the id in the form every saving would make another session of it, and sign-ups would be
    left with one that is gone.
    """

    session_uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        is_new = kwargs.get("instance") is None
        super().__init__(*args, **kwargs)
        # The empty form is a template that is copied in the browser: an id in it would be
        # shared by all sessions added.
        self.initial["session_uuid"] = None if is_new else self.instance.uuid
        if self.instance.is_cancelled:
            for name, field in self.fields.items():
                field.disabled = name != "session_uuid"
            self.fields["note"].help_text = _("This date is cancelled.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        known: UUID | None = cleaned.get("session_uuid")
        if known is not None and self.instance.pk is None:
            self.instance.uuid = known
        return cleaned


class ActivityPageForm(WagtailAdminPageForm):
    """An activity: both questions of designation or none (R18), no session lost."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "organisation" in self.fields:
            # Only those this municipality has something to do with; the table is national.
            known = organisations_of(current_municipality(), clock.today())
            chosen = Organisation.objects.filter(pk=self.instance.organisation_id)
            self.fields["organisation"].queryset = (known | chosen).distinct()
        if "joint_programme" in self.fields:
            programmes = programmes_of(current_municipality(), clock.today())
            chosen_one = JointProgramme.objects.filter(pk=self.instance.joint_programme_id)
            self.fields["joint_programme"].queryset = programmes | chosen_one.select_related(
                "organisation"
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.is_deferred_validation:
            self._require_both_answers(cleaned)
        self._one_organiser(cleaned)
        self._keep_sessions()
        return cleaned

    def _require_both_answers(self, cleaned: dict[str, Any]) -> None:
        if not any(cleaned.get(question) for question in QUESTIONS):
            return
        for question in QUESTIONS:
            reason = f"{question}_reason"
            if question in self.fields and not cleaned.get(question):
                self.add_error(
                    question,
                    _("Please answer both questions. With one answer nothing is designated."),
                )
            elif reason in self.fields and not (cleaned.get(reason) or "").strip():
                self.add_error(reason, _("Please write the reason for your answer."))

    def _one_organiser(self, cleaned: dict[str, Any]) -> None:
        programme = cleaned.get("joint_programme")
        if programme and programme.organisation != cleaned.get("organisation"):
            self.add_error(
                "joint_programme",
                _("This joint programme is of %(name)s. Please choose it as organiser.")
                % {"name": programme.organisation.name},
            )

    def _keep_sessions(self) -> None:
        formset = self.formsets.get("sessions")
        if formset is None or not formset.is_bound:
            return
        formset.is_valid()  # otherwise only after this form: it says which ones are removed
        removed = [
            form.instance.uuid
            for form in formset.initial_forms
            if form.instance.pk and formset._should_delete_form(form)
        ]
        for sentence in set(removal_refusals(removed).values()):
            self.add_error(None, sentence)
