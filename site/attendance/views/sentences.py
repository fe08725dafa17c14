"""From a typed refusal to a sentence in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from common.clock import TOKYO
from common.refusal import Refused
from common.templatetags.wareki import jdatetime


def _moment(value: object) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return jdatetime(moment.astimezone(TOKYO))


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
        case "other_day":
            return _(
                "This code is for another day of the activity. Please read the QR code that is "
                "set out today, or ask the person in charge at the venue."
            )
        case "key_revoked":
            return _(
                "This code is no longer in use. Please read the QR code that is set out at the "
                "venue now, or ask the person in charge."
            )
        case "code_expired":
            return _(
                "This code is over: it changes every 30 seconds. Please read the one that is "
                "on the organiser's screen now."
            )
        case "code_ahead":
            return _(
                "The clock of the organiser's device is wrong. Please ask the person in charge "
                "at the venue to record you on the list."
            )
        case "list_closed":
            return _(
                "The organiser has already confirmed who took part. What you sent is kept, and "
                "the municipality will look at it."
            )
        case "digits_wrong":
            return _(
                "No activity that is on now has this number. Please look at the poster again, "
                "and check that the municipality is the right one."
            )
        case _:
            return _sentence_of_the_desk(refusal)


def _sentence_of_the_desk(refusal: Refused) -> str:
    data = refusal.data
    match refusal.code:
        case "link_unknown":
            return _("This link is not valid. Please ask the municipality for a new one.")
        case "link_used":
            return _(
                "This link has been used by another phone. Please ask the municipality for a "
                "new one: each phone has its own."
            )
        case "device_ended":
            return _("This device may no longer read passes. Please ask the municipality.")
        case "no_more_codes":
            return _("The code of this session has been withdrawn too often.")
        case "scan_unknown" | "sign_up_unknown" | "report_unknown":
            return _("There is no such entry any more. Please load the page again.")
        case "not_for_review":
            return _("There is nothing to decide about this reading.")
        case "nobody_to_record":
            return _("It is not known whose this reading is, so it cannot be recorded.")
        case "session_not_begun":
            return _("This session has not begun yet.")
        case "session_not_over":
            return _("This session is not over yet.")
        case "is_recorded":
            return _(
                "The ledger says that this person took part. If that is wrong, please void the "
                "record and say why."
            )
        case "session_not_remote":
            return _("Reports are for remote activities. Please ask the person in charge.")
        case "report_accepted":
            return _("This report has been accepted and counts.")
        case "reason_missing":
            return _("Please say why the report is returned.")
        case "session_over":
            return _("This session is over, so your place can no longer be given back.")
    raise KeyError(f"{refusal.code}: {data}")


_OF_SCANS = {
    "counted": _lazy("Recorded."),
    "duplicate": _lazy("It had been recorded already. It counts once."),
    "early": _lazy("Read before the time for recording. The organiser decides."),
    "late": _lazy("Read after the time for recording. The organiser decides."),
    "review": _lazy("Kept. The organiser decides."),
    "wrong_session": _lazy("This code is of another day or of an activity that is no more."),
    "key_revoked": _lazy("This code is no longer in use."),
    "invalid": _lazy("This is not a valid code."),
    "code_expired": _lazy("This code was over when it was read."),
    "pass_expired": _lazy("This pass is over. The person can load a new one on the portal."),
    "not_a_pass": _lazy("This is a poster's code. Please read the person's pass."),
}


def sentence_of_scan(classification: str, reason: str) -> str:
    """What a reading came to, for the phone that sent it."""
    return str(_OF_SCANS.get(reason) or _OF_SCANS[classification])
