"""From a typed refusal to a sentence in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.refusal import Refused
from privacy.enums import CaseStatus


def sentence_for(refusal: Refused) -> str:
    """Why it did not happen, and what to do now. Raises KeyError for a code without one."""
    match refusal.code:
        case "nothing_to_export":
            return _("Nobody is left to export. Please choose other people.")
        case "own_export":
            return _("Your own export must be approved by a second person.")
        case "export_refused":
            return _("A colleague has declined this export already.")
        case "export_approved":
            return _("This export has been approved already.")
        case "export_lapsed":
            return _("Nobody approved this export within seven days. Please ask for it anew.")
        case "no_file":
            return _("There is no file to fetch: it is kept for 24 hours. Please export anew.")
        case "step_not_open":
            status = CaseStatus(str(refusal.data["status"])).label
            return _("The state of this request is “%s”, so this step cannot be taken.") % status
        case "cannot_extend":
            return _(
                "The deadline can be extended once, by up to 30 days, before it is over and "
                "while nothing has been decided."
            )
    raise KeyError(refusal.code)
