"""From a typed refusal to a sentence in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from common.refusal import Refused
from tenants.enums import MunicipalityStatus


def sentence_for(refusal: Refused) -> str:
    """Why it did not happen, and what to do now. Raises KeyError for a code without one."""
    data: dict[str, Any] = refusal.data
    match refusal.code:
        case "status_allows":
            label = MunicipalityStatus(data["status"]).label
            return _("The status of this municipality is “%(status)s”, so this cannot be done.") % {
                "status": label
            }
        case "time_lies_ahead":
            return _("Please enter a time that lies in the future.")
        case "request_decided":
            return _("This request has been decided, so no question can be sent. Please telephone.")
        case "range_invalid" if data["suggestion"]:
            return _(
                "This address lies inside of a range. If you mean the whole range, please enter "
                "%(range)s."
            ) % {"range": data["suggestion"]}
        case "range_invalid":
            return _(
                "This is not a network range. Please enter for example 192.0.2.0/24 or "
                "2001:db8::/32."
            )
        case "locks_out" if data["address"]:
            return _(
                "Your own address, %(address)s, would then be outside of the ranges, and you "
                "could not come back. Please add a range first that holds your address."
            ) % {"address": data["address"]}
        case "locks_out":
            return _(
                "The address you come from cannot be known, so you could lock yourself out. "
                "Please ask the platform operator to set the ranges."
            )
    raise KeyError(refusal.code)
