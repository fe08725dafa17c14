"""What a resident does next at one municipality: one sentence, and where."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.decision import Condition
from common.templatetags.wareki import jdate_short
from registration.enums import ApplicationStatus
from registration.models import PremiumApplication
from registration.queries import Progress
from registration.rules.terms import is_renewable, renewal_opens_on
from registration.views.reasons import linked_sentences


@dataclass(frozen=True)
class NextStep:
    """`urgent`: something is asked of the resident now."""

    text: str
    link: str = ""
    link_text: str = ""
    urgent: bool = False


def lacking(progress: Progress) -> list[Condition]:
    """What is missing before one can apply: documents come with the application."""
    return [one for one in progress.decision.unmet if one.code != "documents_checked"]


def next_step(progress: Progress, application: PremiumApplication | None, premium: str) -> NextStep:
    """The first thing to do, or that there is nothing. `premium` is the kind's name in force."""
    standing, code = progress.standing, progress.municipality.code
    if standing and standing.over_limit:
        return NextStep(
            _("You have more %(premium)s registrations than the limit. Please choose which to end.")
            % {"premium": premium},
            reverse("registration:choose"),
            _("Choose"),
            urgent=True,
        )
    if application:
        return _of_application(application, reverse("registration:application", args=[code]))
    apply_url = reverse("registration:apply", args=[code])
    if standing and (standing.derived_from_id or not is_renewable(standing.ends_on, clock.today())):
        if standing.derived_from_id:
            return NextStep(_("Nothing to do: it goes on as long as that of the city."))
        return NextStep(
            _("Nothing to do now. It can be renewed from %(day)s.")
            % {"day": jdate_short(renewal_opens_on(standing.ends_on))}
        )
    if missing := lacking(progress):
        return _of_missing(missing, premium)
    if standing:
        return NextStep(
            _("Please renew until %(day)s.") % {"day": jdate_short(standing.ends_on)},
            apply_url,
            _("Renew"),
            urgent=True,
        )
    return NextStep(
        _("You can apply for the %(premium)s registration.") % {"premium": premium},
        apply_url,
        _("Apply"),
        urgent=True,
    )


def _of_application(application: PremiumApplication, url: str) -> NextStep:
    if application.status == ApplicationStatus.RETURNED:
        return NextStep(
            _("The municipality has a question about your application. Please answer it."),
            url,
            _("Read and answer the question"),
            urgent=True,
        )
    return NextStep(
        _("Your application is being looked at. Please wait for the decision."),
        url,
        _("See the application"),
    )


def _of_missing(missing: list[Condition], premium: str) -> NextStep:
    """Who lives there can do nothing about the rest, so this is said first."""
    found = linked_sentences(missing, premium)
    first = next((one for one in found if one.code == "lives_elsewhere"), found[0])
    text = f"{first.text} {first.todo}" if first.code == "lives_elsewhere" else first.todo
    return NextStep(text, first.link, first.link_text, urgent=bool(first.link))
