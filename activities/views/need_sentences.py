"""From a refusal about needs to a sentence in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.refusal import Refused

_SENTENCES = {
    "guardian_consent": _(
        "People under 18 need a guardian's consent before they tell a need, because name"
        " and telephone number go to the municipality. Please ask your guardian from your"
        " page on the portal."
    ),
    "too_many_waiting": _(
        "%(most)s needs of yours are waiting already. Please wait until one is answered."
    ),
    "too_many_withdrawn": _(
        "You have told and withdrawn many needs within a day. Please try again tomorrow, or"
        " telephone the municipality."
    ),
    "already_sent": _(
        "This form has been used already. If you want to send this as well, please send it again."
    ),
    "need_is_activity": _("It has become an activity already."),
    "need_is_closed": _("It has been closed already."),
    "no_such_move": _("A colleague has changed it meanwhile. Please look at it again."),
    "passed_on_to_missing": _("Please write whom it was passed on to."),
    "reason_missing": _("Please write the reason."),
    "told_with_account": _("It was told with an account, and goes with it."),
    "no_list": _("There is no list of activities to put it in."),
}


def sentence_for(refusal: Refused) -> str:
    """Why it did not happen, and what to do now."""
    return str(_SENTENCES[refusal.code]) % refusal.data
