"""The forms behind the editor of an activity, and of the answers to one that was handed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from activities.enums import Answer
from activities.registry import removal_refusals
from common import clock
from organisations.models import JointProgramme, Organisation
from organisations.queries import organisations_of, programmes_of
from tenants.context import current_municipality

QUESTIONS = ("lack_of_hands", "public_benefit")
_ANSWERS = {*QUESTIONS, *(f"{question}_reason" for question in QUESTIONS), "designated_from"}


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
        if self.instance.pk and self.instance.has_workflow:
            for name in _ANSWERS & self.fields.keys():
                self.fields[name].disabled = True
                self.fields[name].help_text = _(
                    "An organisation has handed this in. Please answer by the menu at the bottom."
                )
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
        if cleaned.get("currency_url") and not (cleaned.get("currency_name") or "").strip():
            self.add_error("currency_name", _("Please name what the address is about."))
        self._keep_sessions()
        self._keep_what_is_booked(cleaned)
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

    def _keep_what_is_booked(self, cleaned: dict[str, Any]) -> None:
        """What people have booked is neither taken out nor made fewer than that."""
        if not self.instance.pk or "components" not in self.fields:
            return
        for fault in self.instance.booked_beyond(cleaned.get("components")):
            words = {"name": fault.component.name, "number": fault.booked}
            if fault.capacity is None:
                sentence = _(
                    "“%(name)s” is booked by people who have signed up (%(number)s on one date)."
                    " Please keep it."
                )
            else:
                sentence = _(
                    "Of “%(name)s” %(number)s are booked on one date. Please enter at least as"
                    " many."
                )
            self.add_error(None, sentence % words)


class _AnswersForm(forms.Form):
    """Both questions of designation (R18) with their reasons."""

    lack_of_hands = forms.ChoiceField(
        label=gettext_lazy("Does it answer a lack of hands?"),
        choices=[choice for choice in Answer.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    lack_of_hands_reason = forms.CharField(
        label=gettext_lazy("reason (lack of hands)"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    public_benefit = forms.ChoiceField(
        label=gettext_lazy("Is its public benefit enough for its content and hours?"),
        choices=[choice for choice in Answer.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    public_benefit_reason = forms.CharField(
        label=gettext_lazy("reason (public benefit)"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    comment = forms.CharField(
        label=gettext_lazy("comment to the organisation"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def _noes(self) -> list[str]:
        return [name for name in QUESTIONS if self.cleaned_data.get(name) == Answer.NO]


class DesignateForm(_AnswersForm):
    """Twice yes."""

    counts_from = forms.DateField(
        label=gettext_lazy("counts from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy(
            "Leave empty: from today. Enter an earlier day only if it was decided then: what was"
            " recorded from that day on counts too, and the participants are told."
        ),
    )
    field_order = (
        "lack_of_hands", "lack_of_hands_reason", "public_benefit", "public_benefit_reason",
        "counts_from", "comment",
    )  # fmt: skip

    def clean_counts_from(self) -> Any:
        day = self.cleaned_data["counts_from"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(_("Please enter today or an earlier day."))
        return day

    def clean(self) -> dict[str, Any]:
        for name in self._noes():
            self.add_error(
                name, _("With a no nothing is designated. Please choose “Do not designate”.")
            )
        return self.cleaned_data


class RefuseForm(_AnswersForm):
    """A no to one of the questions, or to both; it is kept, and the organisation told why."""

    def clean(self) -> dict[str, Any]:
        if all(self.cleaned_data.get(name) == Answer.YES for name in QUESTIONS):
            self.add_error(
                None, _("With two yes it is designated. Please choose “Designate and publish”.")
            )
        return self.cleaned_data


class SendBackForm(forms.Form):
    """What the organisation is to change."""

    comment = forms.CharField(
        label=gettext_lazy("What should be changed?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
