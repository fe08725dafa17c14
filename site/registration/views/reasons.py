"""From a decision to sentences that residents and staff understand (R13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from activities.enums import Category
from common.decision import Condition, Decision
from common.templatetags.wareki import jdate_short
from registration.queries import CountedRecord, Progress
from registration.rules.parameters import Parameters


@dataclass(frozen=True)
class Sentence:
    """One condition in words, and whether it is met. `todo` says to the resident what to do next
    where it is not, `link` where; staff are shown neither."""

    code: str
    met: bool
    text: str
    todo: str = ""
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True)
class Standing:
    """What a resident is at one municipality, and what is missing for premium, in words."""

    progress: Progress
    kind: str
    summary: str
    sentences: list[Sentence]
    records: list[tuple[CountedRecord, str]]


def explain(progress: Progress, parameters: Parameters) -> Standing:
    """Every condition and every participation with its sentence, for the resident."""
    missing = progress.missing
    summary = (
        ngettext("%(count)s more time", "%(count)s more times", missing) % {"count": missing}
        if missing
        else _("You have taken part often enough.")
    )
    names = parameters.names(get_language() or "ja")
    return Standing(
        progress=progress,
        kind=names[progress.registration.kind],
        summary=summary,
        sentences=linked_sentences(progress.decision.conditions, names["premium"]),
        records=[(record, why_not(record.reason)) for record in progress.records],
    )


def sentences(decision: Decision, premium: str) -> list[Sentence]:
    """Every condition in words, in the decision's order. `premium` is the kind's name in force.

    Raises `KeyError` for an unknown code.
    """
    return [_sentence(condition, premium) for condition in decision.conditions]


def linked_sentences(conditions: Iterable[Condition], premium: str) -> list[Sentence]:
    """The same for the resident: what is missing with a link to where it is mended."""
    return [_linked(_sentence(condition, premium)) for condition in conditions]


def _sentence(condition: Condition, premium: str) -> Sentence:
    met, unmet_text, todo = _TEXTS[condition.code](condition, premium)
    if condition.met:
        return Sentence(condition.code, True, met)
    return Sentence(condition.code, False, unmet_text, todo)


def _linked(sentence: Sentence) -> Sentence:
    if sentence.met:
        return sentence
    match sentence.code:
        case "identity_verified":
            link, text = reverse("identity:verify"), _("Verify your identity")
        case "guardian_consent":
            link, text = reverse("identity:my_guardian"), _("Your guardian's consent")
        case _:
            return sentence
    return replace(sentence, link=link, link_text=text)


_Words = tuple[str, str, str]
"""Said where it is met; where it is not; and what to do then."""


def _registered(condition: Condition, premium: str) -> _Words:
    return (
        _("Registered with this municipality."),
        _("Not registered with this municipality."),
        _("Please register first."),
    )


def _participations(condition: Condition, premium: str) -> _Words:
    data = condition.data
    text = _(
        "Taking part %(need)s times in designated activities from %(first)s to %(last)s: "
        "%(have)s so far."
    ) % {
        "need": data["need"],
        "have": data["have"],
        "first": jdate_short(date.fromisoformat(data["first_day"])),
        "last": jdate_short(date.fromisoformat(data["last_day"])),
    }
    return text, text, _times_missing(data["missing"])


def _category(condition: Condition, premium: str) -> _Words:
    data = condition.data
    text = _('Of these, %(need)s times in activities of the field "%(category)s": %(have)s so far.')
    text %= {
        "need": data["need"],
        "have": data["have"],
        "category": dict(Category.choices).get(data["category"], data["category"]),
    }
    return text, text, _times_missing(data["missing"])


def _times_missing(missing: int) -> str:
    return ngettext(
        "Please take part %(count)s more time.", "Please take part %(count)s more times.", missing
    ) % {"count": missing}


def _hours(condition: Condition, premium: str) -> _Words:
    hours = {name: f"{Decimal(value).normalize():f}" for name, value in condition.data.items()}
    text = _("Taking part for %(need)s hours in all: %(have)s so far.") % hours
    return text, text, _("Please take part for %(missing)s more hours.") % hours


def _identity(condition: Condition, premium: str) -> _Words:
    return (
        _("Your identity is verified with the My Number card."),
        _("Identity is not verified with the My Number card."),
        _("Please verify your identity with the My Number card."),
    )


def _guardian(condition: Condition, premium: str) -> _Words:
    return (
        _("Your guardian has given consent."),
        _("You are under 18: your guardian's consent is required."),
        _("Please ask your guardian to agree."),
    )


def _residence(condition: Condition, premium: str) -> _Words:
    return (
        _("You live in another municipality."),
        _("You live here. The %(premium)s registration is for people who live elsewhere.")
        % {"premium": premium},
        _("Your registration goes on as it is. You can apply to other municipalities."),
    )


def _limit(condition: Condition, premium: str) -> _Words:
    data = condition.data
    text = _(
        "%(premium)s registrations are possible with %(max)s municipalities at most: "
        "%(count)s elsewhere now."
    ) % {"premium": premium, "max": data["max"], "count": len(data["held"])}
    return text, text, _("Once one of the others ends, this one is possible.")


def _documents(condition: Condition, premium: str) -> _Words:
    return (
        _("The municipality has checked the documents."),
        _("The municipality checks documents before it decides."),
        _("Please hand them in with your application."),
    )


_TEXTS: dict[str, Callable[[Condition, str], _Words]] = {
    "registered": _registered,
    "enough_participations": _participations,
    "of_category": _category,
    "enough_hours": _hours,
    "identity_verified": _identity,
    "guardian_consent": _guardian,
    "lives_elsewhere": _residence,
    "within_limit": _limit,
    "documents_checked": _documents,
}


def why_not(reason: str) -> str:
    """Why a participation does not count, "" where it does. Raises `KeyError`."""
    match reason:
        case "":
            return ""
        case "not_designated":
            return _("Not counted: the municipality has not designated this activity.")
        case "before_window" | "after_window":
            return _("Not counted: outside of the last 12 months.")
        case "same_day":
            return _("Not counted: one participation a day counts.")
        case "same_session":
            return _("Not counted: the same session counts once.")
    raise KeyError(reason)
