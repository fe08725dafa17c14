"""Refusals in words, and the status they are answered with."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.refusal import Refused

FORBIDDEN, CONFLICT, UNAVAILABLE = 403, 409, 503


@dataclass(frozen=True)
class Said:
    """A refusal as a page says it: title, what happened, what to do."""

    title: str
    text: str
    status: int


def said(refusal: Refused) -> Said:
    """Never names what was wrong with a token: whoever tries must not learn it."""
    match refusal.code:
        case "attempt_unknown":
            return Said(
                _("Please begin again"),
                _(
                    "The way back from the app works once, within ten minutes, and in the browser "
                    "that you began in. Nothing was recorded."
                ),
                FORBIDDEN,
            )
        case "cancelled":
            return Said(
                _("You have stopped the verification"),
                _("Nothing was recorded. You can begin again at any time."),
                FORBIDDEN,
            )
        case "provider_unavailable":
            return Said(
                _("The verification cannot be reached just now"),
                _(
                    "The Digital Agency's service does not answer. Please try again later. Nothing "
                    "was recorded, and what you have entered so far is kept."
                ),
                UNAVAILABLE,
            )
        case "not_offered":
            return Said(
                _("Verification with the app is not set up yet"),
                _("Please show your card at the counter of a municipality you registered with."),
                CONFLICT,
            )
        case "guardian_consent" | "guardian_consent_missing":
            return Said(
                _("Your guardian's consent is needed first"),
                _(
                    "You are under 18. Your identity can be verified once your guardian has given "
                    "consent. Nothing was recorded."
                ),
                FORBIDDEN,
            )
        case "proof_refused":
            return Said(
                _("Your identity could not be verified"),
                _(
                    "What came back from the app did not pass the checks. Nothing was recorded. "
                    "Please begin again; if this happens again, please show your card at a counter."
                ),
                FORBIDDEN,
            )
    return Said(
        _("Your identity cannot be verified at present"),
        _("Something has to be settled first. Nothing was recorded."),
        FORBIDDEN,
    )


def merge_said(refusal: Refused) -> str:
    """Why two accounts did not become one."""
    if refusal.code == "nothing_to_merge":
        return _("This took too long. Please verify your identity again.")
    return _("The two accounts cannot be brought together at present.")


def counter_said(refusal: Refused) -> str:
    """For staff."""
    sentences = {
        "not_registered": _("This person is not registered here any more."),
        "already_verified": _("The identity of this person is verified already."),
        "check_open": _("A colleague has looked at this person's card already."),
        "check_over": _("This check is over. Please begin anew."),
        "same_person": _("A second member of staff has to confirm, not you yourself."),
        "guardian_consent": _("This person is under 18: the guardian's consent is needed first."),
    }
    code = refusal.code.removesuffix("_missing")
    return sentences.get(code) or _("This person's identity cannot be verified at present.")
