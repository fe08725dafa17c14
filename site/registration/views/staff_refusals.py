"""From a typed refusal to a sentence for staff and for the operator."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.refusal import Refused
from registration.forms.conditions import too_few
from registration.rules.moves import IllegalMove


def sentence_for(refusal: Refused | IllegalMove) -> str:
    """Why it did not happen, and what to do now. Raises `KeyError` for a code without one."""
    if isinstance(refusal, IllegalMove):
        return _(
            "The application has changed in the meantime, so this step cannot be taken. Please "
            "look at it as it is now."
        )
    match refusal.code:
        case "own_proposal":
            return _("You proposed this yourself: another member of staff has to confirm it.")
        case "conditions_unmet":
            return _("Not every condition is met, so this cannot be granted. See the conditions.")
        case "limit_reached":
            return _("The person has as many registrations of this kind as are possible.")
        case "already_premium":
            return _("The person has this registration already.")
        case "renewal_not_open":
            return _("A renewal is possible in the last 60 days of the term.")
        case "premium_not_open":
            return _("No application is possible: the registration has ended, or is not open.")
        case "text_missing":
            return _("Please write down what you want to know.")
        case "reason_missing":
            return _("Please write down the reason: the resident reads it.")
        case "too_few":
            return str(too_few())
        case "conditions_changed":
            return _(
                "A colleague has set other conditions in the meantime. Please compare them with "
                "yours, and save again."
            )
        case "effective_in_past":
            return _("The day from which this holds is over. Please enter today or a later day.")
        case "parameters_changed":
            return _("Another version was made at the same moment. Please try once more.")
        case "preview_running":
            return _("The preview has not ended yet. Please wait for it.")
    raise KeyError(refusal.code)
