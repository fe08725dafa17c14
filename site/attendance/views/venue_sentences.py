"""What is said at a venue, on a phone or to staff, about readings and refusals: a sentence each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

_GONE = _("There is no such entry any more. Please load the page again.")

_REFUSALS = {
    "other_day": _(
        "This code is for another day of the activity. Please read the QR code that is set out "
        "today, or ask the person in charge at the venue."
    ),
    "no_venue": _(
        "This activity is remote, and no poster records it. Please type the six digits that the "
        "organiser tells you, or hand in a report."
    ),
    "changing_code_only": _(
        "For this activity a poster or six digits are not enough. Please read the changing code on "
        "the organiser's phone, or show your pass there."
    ),
    "key_revoked": _(
        "This code is no longer in use. Please read the QR code that is set out at the venue now, "
        "or ask the person in charge."
    ),
    "code_expired": _(
        "This code is over: it changes every 30 seconds. Please read the one that is on the "
        "organiser's screen now."
    ),
    "code_ahead": _(
        "The clock of the organiser's device is wrong. Please ask the person in charge at the "
        "venue to record you on the list."
    ),
    "list_closed": _(
        "The organiser has already confirmed who took part. What you sent is kept, and the "
        "municipality will look at it."
    ),
    "digits_wrong": _(
        "No activity that is on now has this number. Please look at the poster again, and check "
        "that the municipality is the right one."
    ),
    "link_unknown": _("This link is not valid. Please ask the municipality for a new one."),
    "link_used": _(
        "This link has been used by another phone. Please ask the municipality for a new one: "
        "each phone has its own."
    ),
    "device_ended": _("This phone may no longer read passes. Please ask the municipality."),
    "no_more_codes": _("The code of this session has been withdrawn too often."),
    "scan_unknown": _GONE,
    "sign_up_unknown": _GONE,
    "report_unknown": _GONE,
    "not_for_review": _("There is nothing to decide about this reading."),
    "nobody_to_record": _("It is not known whose this reading is, so it cannot be recorded."),
    "session_not_begun": _("This session has not begun yet."),
    "session_not_at_place": _("This activity is remote: there is no list on paper."),
    "organiser_is_done": _(
        "The list of this session is confirmed, or it is more than two weeks ago. Please ask the"
        " municipality to enter who is missing."
    ),
    "not_on_record": _(
        "It could not be recorded with this number and name. Please compare both with the list,"
        " letter by letter. Who is not registered here cannot be entered; otherwise please ask the"
        " municipality."
    ),
    "too_many_attempts": _("That was tried too often. Please go on in an hour or tomorrow."),
    "cannot_count": _("It cannot be recorded at the moment. Please try again in a few minutes."),
    "session_not_over": _("This session is not over yet."),
    "is_recorded": _(
        "The ledger says that this person took part. If that is wrong, please void the record and "
        "say why."
    ),
    "session_not_remote": _("Reports are for remote activities. Please ask the person in charge."),
    "report_accepted": _("This report has been accepted and counts."),
    "reason_missing": _("Please say why the report is returned."),
}

_SCANS = {
    "counted": _("Recorded."),
    "duplicate": _("It had been recorded already. It counts once."),
    "early": _("Read before the time for recording. The organiser decides."),
    "late": _("Read after the time for recording. The organiser decides."),
    "review": _("Kept. The organiser decides."),
    "wrong_session": _("This code is of another day or of an activity that is no more."),
    "key_revoked": _("This code is no longer in use."),
    "invalid": _("This is not a valid code."),
    "code_expired": _("This code was over when it was read."),
    "pass_expired": _("This pass is over. The person can load a new one on the portal."),
    "not_a_pass": _("This is a poster's code. Please read the person's pass."),
}

_ODDITIES = {
    "many_from_one": _("Many people were recorded from one phone."),
    "many_at_once": _("Many people were recorded within a few seconds."),
    "two_places": _("This person is recorded at another session at the same time."),
    "elsewhere": _("This person is recorded in another municipality at the same time."),
}


def sentence_at_the_venue(code: str) -> str:
    """Why it did not happen, and what to do now."""
    return str(_REFUSALS[code])


def sentence_of_scan(classification: str, reason: str) -> str:
    """What a reading came to, for the phone that sent it and for staff."""
    return str(_SCANS.get(reason) or _SCANS[classification])


def sentence_of_oddity(code: str) -> str:
    """What is odd about readings, for staff."""
    return str(_ODDITIES[code])
