"""From a refusal to cancel or move a date to a sentence in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from activities.enums import FAULTS
from common.refusal import Refused

_SENTENCES = FAULTS | {
    "session_is_over": _("This date is over. It can no longer be changed."),
    "session_is_cancelled": _("This date is cancelled."),
    "session_has_begun": _(
        "This date has begun, or somebody has been recorded at the venue. It can no longer be"
        " changed here. Please ask the municipality."
    ),
    "moved_too_often": _(
        "This date has been moved five times. Please ask the municipality to move it again."
    ),
    "session_gone": _("This date is no longer public."),
    "reason_missing": _("Please write the reason."),
    "begins_in_the_past": _("Please enter a start that is still to come."),
    "longer_than_decided": _(
        "The activity was decided on with its present length. To make it longer, please change the"
        " activity and hand in the change."
    ),
    "nothing_changed": _("Please enter other times or another place."),
    "not_a_draft": _(
        "This activity waits for the municipality. Take it back first, then change it."
    ),
    "staff_at_work": _(
        "The municipality is changing this activity. Please ask it, or wait until it has"
        " published its change."
    ),
    "no_standing": _("The organisation is no longer recognised here. Please ask the municipality."),
}


def sentence_for(refusal: Refused) -> str:
    """Why it did not happen, and what to do now."""
    return str(_SENTENCES[refusal.code])
