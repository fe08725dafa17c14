"""From a typed refusal to a sentence in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.clock import TOKYO
from common.refusal import Refused
from common.templatetags.wareki import jdatetime


def _moment(value: object) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return jdatetime(moment.astimezone(TOKYO))


_PLAIN = {
    "session_takes_place": gettext_lazy("This session has been called off."),
    "guardian_contact": gettext_lazy(
        "Please enter the name and telephone number of your guardian, so that they can be reached "
        "on the day."
    ),
    "session_begun": gettext_lazy(
        "This session has begun. Please speak to the person in charge at the venue."
    ),
    "sign_up_gone": gettext_lazy("There is no such sign-up any more."),
    "move_not_possible": gettext_lazy(
        "This is not possible any more, as the sign-up has changed meanwhile. Please look at how "
        "it stands now."
    ),
    "reason_missing": gettext_lazy("Please write a reason. The applicant is told it."),
    "no_draw": gettext_lazy("Places of this session are not given by lot."),
}


def _place_left(data: dict[str, object]) -> str:
    left = max(int(str(data["capacity"])) - int(str(data["taken"])), 0)
    if left:
        return ngettext(
            "%(left)s place is left, which is not enough for all of you.",
            "%(left)s places are left, which is not enough for all of you.",
            left,
        ) % {"left": left}
    return _("All %(capacity)s places are taken.") % {"capacity": data["capacity"]}


def sentence_for(refusal: Refused) -> str:
    """Why it did not happen, and what to do now."""
    data = refusal.data
    match refusal.code:
        case "code_invalid":
            return _(
                "This code is not valid. Please read the QR code on the poster again, or ask "
                "the person in charge at the venue."
            )
        case "session_gone":
            return _(
                "This activity is no longer published. Please ask the person in charge at the "
                "venue."
            )
        case "too_early":
            return _("It is too early. Participation can be recorded from %(time)s.") % {
                "time": _moment(data["opens_at"])
            }
        case "too_late":
            return _(
                "The time for recording participation ended at %(time)s. If you took part, "
                "please ask the person in charge of the activity."
            ) % {"time": _moment(data["closes_at"])}
        case "session_not_started":
            return _("This session has already begun, so it is closed for sign-up.")
        case "place_left":
            return _place_left(data)
        case code if code in _PLAIN:
            return str(_PLAIN[code])
        case "sign_up_open":
            return _("Sign-up ended at %(time)s.") % {"time": _moment(data["apply_until"])}
        case "answer_late":
            return _(
                "The time to answer ended at %(time)s, so the place went to somebody else."
            ) % {"time": _moment(data["answer_by"])}
        case "draw_too_early":
            return _("The draw can be held from %(time)s.") % {"time": _moment(data["due_at"])}
        case "few_companions":
            return _("You can bring %(most)s people at most.") % {"most": data["most"]}
        case "party_fits":
            return _("This session has %(capacity)s places, and you need %(party)s.") % {
                "capacity": data["capacity"],
                "party": data["party"],
            }
        case "young_enough":
            return _("This activity is for people up to %(age)s years of age.") % {
                "age": data["maximum_age"]
            }
        case "old_enough":
            return _("This activity is for people aged %(age)s or over.") % {
                "age": data["minimum_age"]
            }
        case "guardian_consent":
            return _(
                "People under 18 need a guardian's consent before they sign up, because name and "
                "telephone number go to whoever runs the activity. Please ask your guardian from "
                "your page on the portal."
            )
    raise KeyError(refusal.code)
