"""From a refusal about needs to a sentence in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.refusal import Refused


def sentence_for(refusal: Refused) -> str:
    """Why it did not happen, and what to do now."""
    match refusal.code:
        case "guardian_consent":
            return _(
                "People under 18 need a guardian's consent before they tell a need, because name"
                " and telephone number go to the municipality. Please ask your guardian from your"
                " page on the portal."
            )
        case "too_many_waiting":
            return _(
                "%(most)s needs of yours are waiting already. Please wait until one is answered."
            ) % {"most": refusal.data["most"]}
        case "already_sent":
            return _(
                "This form has been used already. If you want to send this as well, please send it"
                " again."
            )
        case "need_is_activity":
            return _("It has become an activity already.")
        case "need_is_closed":
            return _("It has been closed already.")
        case "no_such_move":
            return _("A colleague has changed it meanwhile. Please look at it again.")
        case "passed_on_to_missing":
            return _("Please write whom it was passed on to.")
        case "reason_missing":
            return _("Please write the reason.")
        case "told_with_account":
            return _("It was told with an account, and goes with it.")
        case "no_list":
            return _("There is no list of activities to put it in.")
    raise KeyError(refusal.code)
