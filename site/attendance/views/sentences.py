"""From a typed refusal to a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from attendance.views.venue_sentences import sentence_at_the_venue
from common.clock import TOKYO
from common.refusal import Refused
from common.templatetags.wareki import jdatetime

_PLAIN = {
    "code_invalid": gettext_lazy(
        "This code is not valid. Please read the QR code on the poster again, or ask "
        "the person in charge at the venue."
    ),
    "session_gone": gettext_lazy(
        "This activity is no longer published. Please ask the person in charge at the venue."
    ),
    "session_not_started": gettext_lazy(
        "This session has already begun, so it is closed for sign-up."
    ),
    "guardian_consent": gettext_lazy(
        "People under 18 need a guardian's consent before they sign up, because name and "
        "telephone number go to whoever runs the activity. Please ask your guardian from "
        "your page on the portal."
    ),
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
    "component_gone": gettext_lazy(
        "Something you chose is no longer offered. Please look at what can be booked now."
    ),
    "reason_missing": gettext_lazy("Please write a reason. The applicant is told it."),
    "no_draw": gettext_lazy("Places of this session are not given by lot."),
    "no_reason": gettext_lazy("Please write down the reason."),
    "session_not_begun": gettext_lazy("This session has not begun yet: nobody has taken part."),
    "restore_instead": gettext_lazy(
        "This participation was recorded and voided. Please restore it instead."
    ),
    "voided": gettext_lazy("This record is voided. Please restore it first."),
    "no_text": gettext_lazy("Please write something."),
    "took_part": gettext_lazy(
        "Only people whose participation is recorded can write about this activity."
    ),
    "voice_needs_consent": gettext_lazy(
        "People under 18 need a guardian's consent before they write something that everybody can "
        "read. Please ask your guardian from your page on the portal."
    ),
    "voice_public": gettext_lazy("These words are no longer public, so they cannot be answered."),
    "voice_changed": gettext_lazy(
        "These words have been changed or taken back meanwhile. Please look at the list again."
    ),
    "record_voided": gettext_lazy(
        "The participation these words are about is voided. Please restore it first."
    ),
}

# With a moment in them: the sentence, and the fact it is read from.
_TIMED = {
    "too_early": (
        gettext_lazy("It is too early. Participation can be recorded from %(time)s."),
        "opens_at",
    ),
    "too_late": (
        gettext_lazy(
            "The time for recording participation ended at %(time)s. If you took part, "
            "please ask the person in charge of the activity."
        ),
        "closes_at",
    ),
    "sign_up_open": (gettext_lazy("Sign-up ended at %(time)s."), "apply_until"),
    "answer_late": (
        gettext_lazy("The time to answer ended at %(time)s, so the place went to somebody else."),
        "answer_by",
    ),
    "device_too_early": (
        gettext_lazy("A link for a phone can be made from %(time)s, seven days before."),
        "from_at",
    ),
    "draw_too_early": (gettext_lazy("The draw can be held from %(time)s."), "due_at"),
}

# With facts in them, under the names they have in the sentence.
_COUNTED = {
    "text_short": (
        gettext_lazy(
            "This is %(length)s characters long. Please shorten it to %(limit)s or fewer."
        ),
        {"length": "length", "limit": "limit"},
    ),
    "name_short": (
        gettext_lazy("Please shorten the name to %(limit)s characters or fewer."),
        {"limit": "limit"},
    ),
    "session_cancelled": (
        gettext_lazy("This date of “%(title)s” is cancelled."),
        {"title": "title"},
    ),
    "hours_out_of_range": (gettext_lazy("Hours are between 0 and %(most)s."), {"most": "most"}),
    "old_enough": (
        gettext_lazy("This activity is for people aged %(age)s or over."),
        {"age": "minimum_age"},
    ),
    "young_enough": (
        gettext_lazy("This activity is for people up to %(age)s years of age."),
        {"age": "maximum_age"},
    ),
    "few_companions": (
        gettext_lazy("You can bring %(most)s people at most."),
        {"most": "most"},
    ),
    "component_many": (
        gettext_lazy("You can book %(most)s of each at most."),
        {"most": "most"},
    ),
    "component_required": (
        gettext_lazy("“%(name)s” is booked by everybody who takes part. Please choose a number."),
        {"name": "name"},
    ),
    "component_none_left": (
        gettext_lazy(
            "“%(name)s” is booked by everybody who takes part, and it is fully booked for this "
            "date, so you cannot sign up for it now. Please choose another date."
        ),
        {"name": "name"},
    ),
    "component_fits": (
        gettext_lazy("Of “%(name)s” there are %(capacity)s. Please choose fewer."),
        {"name": "name", "capacity": "capacity"},
    ),
    "party_fits": (
        gettext_lazy("This session has %(capacity)s places, and you need %(party)s."),
        {"capacity": "capacity", "party": "party"},
    ),
}


def _moment(value: object) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return jdatetime(moment.astimezone(TOKYO))


def _place_left(data: Mapping[str, object]) -> str:
    left = max(int(str(data["capacity"])) - int(str(data["taken"])), 0)
    if left:
        return ngettext(
            "%(left)s place is left, which is not enough for all of you, or others wait for it.",
            "%(left)s places are left, which is not enough for all of you, or others wait for "
            "them.",
            left,
        ) % {"left": left}
    return _("All %(capacity)s places are taken.") % {"capacity": data["capacity"]}


def _component_left(data: Mapping[str, object]) -> str:
    if data["left"]:
        return _("Of “%(name)s” only %(left)s are left. Please choose fewer.") % data
    return _("“%(name)s” is fully booked for this date. Please choose none of it.") % data


def sentence_for(refusal: Refused) -> str:
    """Why it did not happen, and what to do now."""
    code, data = refusal.code, refusal.data
    if code == "place_left":
        return _place_left(data)
    if code == "component_left":
        return _component_left(data)
    if code in _TIMED:
        text, key = _TIMED[code]
        return str(text) % {"time": _moment(data[key])}
    if code in _COUNTED:
        text, names = _COUNTED[code]
        return str(text) % {name: data[key] for name, key in names.items()}
    return str(_PLAIN[code]) if code in _PLAIN else sentence_at_the_venue(code)
