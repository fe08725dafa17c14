"""From a refusal to cancel or move a date to a sentence in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from activities.enums import FAULTS
from common.refusal import Refused


def sentence_for(refusal: Refused) -> str:
    """Why it did not happen, and what to do now."""
    match refusal.code:
        case "session_is_over":
            return _("This date is over. It can no longer be changed.")
        case "session_is_cancelled":
            return _("This date is cancelled.")
        case "session_has_begun":
            return _("This date has begun. It can no longer be changed.")
        case "session_gone":
            return _("This date is no longer public.")
        case "reason_missing":
            return _("Please write the reason.")
        case "begins_in_the_past":
            return _("Please enter a start that is still to come.")
        case "nothing_changed":
            return _("Please enter other times or another place.")
        case "not_a_draft":
            return _(
                "This activity waits for the municipality. Take it back first, then change it."
            )
        case "staff_at_work":
            return _(
                "The municipality is changing this activity. Please ask it, or wait until it has"
                " published its change."
            )
        case "no_standing":
            return _("The organisation is no longer recognised here. Please ask the municipality.")
    return str(FAULTS[refusal.code])
