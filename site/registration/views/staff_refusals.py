"""From a typed refusal to a sentence for staff and for the operator."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.refusal import Refused
from registration.forms.conditions import too_few
from registration.rules.moves import IllegalMove

_MOVED_ON = _(
    "The application has changed in the meantime, so this step cannot be taken. Please look at it "
    "as it is now."
)
_SENTENCES = {
    "own_proposal": _("You proposed this yourself: another member of staff has to confirm it."),
    "conditions_unmet": _(
        "Not every condition is met, so this cannot be granted. See the conditions."
    ),
    "limit_reached": _("The person has as many registrations of this kind as are possible."),
    "already_premium": _("The person has this registration already."),
    "renewal_not_open": _("A renewal is possible in the last 60 days of the term."),
    "premium_not_open": _(
        "No application is possible: the registration has ended, or is not open."
    ),
    "text_missing": _("Please write down what you want to know."),
    "reason_missing": _("Please write down the reason: the resident reads it."),
    "too_few": too_few(),
    "conditions_changed": _(
        "A colleague has set other conditions in the meantime. Please compare them with "
        "yours, and save again."
    ),
    "effective_in_past": _(
        "The day from which this holds is over. Please enter today or a later day."
    ),
    "parameters_changed": _("Another version was made at the same moment. Please try once more."),
    "preview_running": _("The preview has not ended yet. Please wait for it."),
}


def sentence_for(refusal: Refused | IllegalMove) -> str:
    """Why it did not happen, and what to do now. Raises `KeyError` for a code without one."""
    if isinstance(refusal, IllegalMove):
        return str(_MOVED_ON)
    return str(_SENTENCES[refusal.code])
