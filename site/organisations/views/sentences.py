"""From a typed refusal to a sentence in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.refusal import Refused


def sentence_for(refusal: Refused) -> str:
    """Why it did not happen, and what to do now. Raises `KeyError` for a code it doesn't know."""
    match refusal.code:
        case "too_many_organisations":
            return _("You can enter up to %(limit)s organisations.") % refusal.data
        case "too_many_invitations":
            return (
                _("Up to %(limit)s people can be asked a day. Please try again tomorrow.")
                % refusal.data
            )
        case "not_a_manager":
            return _("Only a manager of the organisation can do this.")
        case "has_standing":
            return _("The organisation is already recognised there.")
        case "last_manager":
            return _(
                "This is the last manager. Please ask another manager in first, then hand over."
            )
        case "reason_missing":
            return _("Please write the reason. The organisation is told it.")
        case "already_answered":
            return _("A colleague has already answered this request.")
        case "standing_starts_later":
            return _("The recognition begins later than this day. Please enter a later day.")
    raise KeyError(refusal.code)
