"""From a typed refusal to a sentence in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.refusal import Refused


def sentence_for(refusal: Refused) -> str:
    """Why it did not happen, and what to do now."""
    match refusal.code:
        case "of_age":
            return _("A guardian's consent is only needed up to the age of 17.")
        case "consent_holds":
            return _("A guardian has already agreed.")
        case "own_address":
            return _("This is your own e-mail address. Please write your guardian's.")
        case "too_many_invitations":
            return _(
                "You can ask up to %(limit)s times a day. Please check the address and try again "
                "tomorrow."
            ) % {"limit": refusal.data["limit"]}
        case "guardian_is_another":
            return _(
                "This is the child's own account. Please sign out and sign in with the guardian's."
            )
        case "guardian_verified":
            return _(
                "To agree, your own identity has to be verified with the My Number card first. "
                "Afterwards please open the link in the mail again."
            )
        case "guardian_of_age":
            return _("Only an adult can agree as a guardian.")
    raise KeyError(refusal.code)
