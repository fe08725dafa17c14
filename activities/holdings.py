"""What activities hold of a person: needs they told, what they handed in for an organisation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from activities.enums import ReviewOutcome
from activities.models import ActivityReport, DesignationTaskState, Need, ThanksNote
from common.holdings import Field, Holding, Person

_OUTCOMES = {code or "": label for code, label in ReviewOutcome.choices}


def _needs(person: Person) -> list[Need]:
    return list(Need.objects.filter(resident_id__in=person.residents))


def _delete_needs(person: Person) -> None:
    """An activity that came of one stays, and names nobody any more. What was told for an
    organisation stays the organisation's, without the person to ask for."""
    told = Need.objects.filter(resident_id__in=person.residents)
    told.filter(organisation=None).delete()
    told.update(resident_id=None, contact_name="", contact_phone="", contact_email="")


def _reviews(person: Person) -> list[DesignationTaskState]:
    return list(DesignationTaskState.objects.filter(submitted_by__in=person.accounts))


def _reports(person: Person) -> list[ActivityReport]:
    return list(ActivityReport.objects.filter(handed_in_by__in=person.accounts))


def _empty_reviews(person: Person) -> None:
    """What was decided stays; who had handed it in does not."""
    DesignationTaskState.objects.filter(submitted_by__in=person.accounts).update(submitted_by=None)


def _empty_reports(person: Person) -> None:
    ActivityReport.objects.filter(handed_in_by__in=person.accounts).update(handed_in_by=None)


def _thanks(person: Person) -> list[ThanksNote]:
    return list(ThanksNote.objects.filter(written_by__in=person.accounts))


def _empty_thanks(person: Person) -> None:
    """Those who took part go on reading it."""
    ThanksNote.objects.filter(written_by__in=person.accounts).update(written_by=None)


HOLDINGS = [
    Holding(
        table="activities_need",
        title=_("Needs you told"),
        why=_("So that a coordinator can find people who help, and can ask you. Until a year "
              "after the last step, or you close your account; an activity that came of it stays, "
              "and what you told for an organisation stays without your name and contact."),
        rows=_needs,
        fields=(
            "title", "wanted", "place", "when_about", "people", "organisation_name",
            "contact_name", "contact_phone", "contact_email", "may_be_named", "created_at",
            "state", "answer",
        ),
        erase=_delete_needs,
        municipal=True,
    ),
    Holding(
        table="activities_designationtaskstate",
        title=_("Activities you handed in for an organisation"),
        why=_("So that the municipality can decide on them, and the decision stays known."),
        rows=_reviews,
        fields=(
            Field("handed_in_at", _("handed in at"), lambda state: state.started_at),
            Field(
                "outcome", _("outcome"), lambda state: _OUTCOMES[state.outcome]
            ),
            Field("comment", _("comment to the organisation"), lambda state: state.comment),
            Field("decided_at", _("decided at"), lambda state: state.finished_at),
        ),
        erase=_empty_reviews,
        municipal=True,
    ),
    Holding(
        table="activities_activityreport",
        title=_("Reports you handed in for an organisation"),
        why=_("So that the municipality knows what came of an activity."),
        rows=_reports,
        fields=("people", "done", "hours", "problems", "handed_in_at"),
        erase=_empty_reports,
        municipal=True,
    ),
    Holding(
        table="activities_thanksnote",
        title=_("Words of thanks you wrote for an organisation"),
        why=_("So that those who took part read them."),
        rows=_thanks,
        fields=("text", "written_at"),
        erase=_empty_thanks,
        municipal=True,
    ),
]  # fmt: skip
