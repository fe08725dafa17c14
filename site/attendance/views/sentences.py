"""From a typed refusal to a sentence in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance.views.venue_sentences import sentence_at_the_venue
from common.clock import TOKYO
from common.refusal import Refused
from common.templatetags.wareki import jdatetime

_WITHOUT_DATA = {
    "session_not_started": gettext_lazy(
        "This session has already begun, so it is closed for sign-up."
    ),
    "session_over": gettext_lazy(
        "This session is over, so your place can no longer be given back."
    ),
}


def _moment(value: object) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return jdatetime(moment.astimezone(TOKYO))


def sentence_for(refusal: Refused) -> str:  # noqa: C901 - one case a refusal
    """Why it did not happen, and what to do now."""
    data = refusal.data
    if refusal.code in _WITHOUT_DATA:
        return str(_WITHOUT_DATA[refusal.code])
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
        case "session_cancelled":
            return _("This date of “%(title)s” is cancelled.") % {"title": data["title"]}
        case "too_early":
            return _("It is too early. Participation can be recorded from %(time)s.") % {
                "time": _moment(data["opens_at"])
            }
        case "too_late":
            return _(
                "The time for recording participation ended at %(time)s. If you took part, "
                "please ask the person in charge of the activity."
            ) % {"time": _moment(data["closes_at"])}
        case "place_left":
            return _("All %(capacity)s places are taken.") % {"capacity": data["capacity"]}
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
        case "no_reason":
            return _("Please write down the reason.")
        case "session_not_begun":
            return _("This session has not begun yet: nobody has taken part.")
        case "restore_instead":
            return _("This participation was recorded and voided. Please restore it instead.")
        case "voided":
            return _("This record is voided. Please restore it first.")
        case "hours_out_of_range":
            return _("Hours are between 0 and %(most)s.") % {"most": data["most"]}
        case "no_text":
            return _("Please write something.")
    return sentence_at_the_venue(refusal.code)
