"""From a decision to sentences a resident understands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common.decision import Condition
from common.templatetags.wareki import jdate_short
from registration.queries import CountedRecord, Progress
from registration.rules.parameters import Parameters


@dataclass(frozen=True)
class Sentence:
    """One condition in words, whether it is met, and where to do something about it."""

    met: bool
    text: str
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
    """Every condition and every participation with its sentence."""
    missing = progress.missing
    summary = (
        ngettext("%(count)s more time", "%(count)s more times", missing) % {"count": missing}
        if missing
        else _("You have taken part often enough.")
    )
    return Standing(
        progress=progress,
        kind=parameters.name_of(progress.registration.kind, get_language() or "ja"),
        summary=summary,
        sentences=[_sentence(condition) for condition in progress.decision.conditions],
        records=[(record, _why_not(record.reason)) for record in progress.records],
    )


def _sentence(condition: Condition) -> Sentence:
    text = _TEXTS[condition.code](condition)
    if condition.code == "identity_verified" and not condition.met:
        return Sentence(False, text, reverse("identity:verify"), _("Verify your identity"))
    return Sentence(condition.met, text)


def _participations(condition: Condition) -> str:
    data = condition.data
    return _(
        "Taking part %(need)s times in designated activities from %(first)s to %(last)s: "
        "%(have)s so far."
    ) % {
        "need": data["need"],
        "have": data["have"],
        "first": jdate_short(date.fromisoformat(data["first_day"])),
        "last": jdate_short(date.fromisoformat(data["last_day"])),
    }


def _identity(condition: Condition) -> str:
    if condition.met:
        return _("Your identity is verified with the My Number card.")
    return _("Please verify your identity with the My Number card.")


def _residence(condition: Condition) -> str:
    if condition.met:
        return _("You live in another municipality.")
    return _("You live here. Premium registration is for people who live elsewhere.")


def _guardian(condition: Condition) -> str:
    if condition.met:
        return _("Your guardian has given consent.")
    return _("You are under 18: your guardian's consent is required.")


_TEXTS = {
    "enough_participations": _participations,
    "identity_verified": _identity,
    "lives_elsewhere": _residence,
    "guardian_consent": _guardian,
}


def _why_not(reason: str) -> str:
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
