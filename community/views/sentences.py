"""From a typed refusal to a sentence in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.refusal import Refused


def sentence_for(refusal: Refused) -> str:  # noqa: C901 - one case a refusal
    """Why it did not happen, and what to do now."""
    data = refusal.data
    match refusal.code:
        case "registered":
            return _("Only people registered with this municipality can post here.")
        case "guardian_consent":
            return _(
                "People under 18 can read the rooms. To post you need a guardian's consent:"
                " please ask your guardian from your page on the portal."
            )
        case "room_open":
            return _("This room is closed, so nothing new can be posted. You can still read it.")
        case "post_answerable":
            return _("This post can no longer be answered.")
        case "not_empty":
            return _("Please write something.")
        case "not_too_long":
            return _(
                "This is %(length)s characters long. Please shorten it to %(limit)s or fewer."
            ) % {"length": f"{data['length']:,}", "limit": f"{data['limit']:,}"}
        case "not_too_fast":
            return _(
                "You can post up to %(limit)s times in %(minutes)s minutes. Please wait a little"
                " and send it again."
            ) % {"limit": data["limit"], "minutes": data["minutes"]}
        case "already_sent":
            return _(
                "This form has already been used for another post. If you want to post this as"
                " well, please send it again."
            )
        case "reason_given":
            return _("Please give a reason.")
        case "reason_short":
            return _(
                "This is %(length)s characters long. Please shorten it to %(limit)s or fewer."
            ) % {"length": f"{data['length']:,}", "limit": f"{data['limit']:,}"}
        case "already_hidden":
            return _("A colleague has already hidden this post. The reason given: %(reason)s") % {
                "reason": data["reason"]
            }
    raise KeyError(refusal.code)
