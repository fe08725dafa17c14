"""Why something about premium registration was refused, as a sentence for the resident."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.refusal import Refused
from common.templatetags.wareki import jdate_short
from registration.queries import parameters_on

_MEGABYTE = 1024 * 1024


def premium_name() -> str:
    """What the premium registration is called at present (R29)."""
    return parameters_on().name_of("premium", get_language() or "ja")


def sentence_of(refusal: Refused) -> str:
    """Raises `KeyError` for a code that has none: that is a fault of ours."""
    return _SENTENCES[refusal.code](refusal)


def _not_open(refusal: Refused) -> str:
    return _("This municipality takes no applications at present.")


def _unmet(refusal: Refused) -> str:
    return _("Not every condition is met yet. What is missing stands below.")


def _limit(refusal: Refused) -> str:
    return _(
        "You already have as many %(premium)s registrations as are possible. Once one of them "
        "ends, you can apply."
    ) % {"premium": premium_name()}


def _already(refusal: Refused) -> str:
    return _("You have the %(premium)s registration here already. It lasts until %(day)s.") % {
        "premium": premium_name(),
        "day": jdate_short(refusal.data.get("ends_on")),  # type: ignore[arg-type]
    }


def _renewal(refusal: Refused) -> str:
    return _("It cannot be renewed at present. A renewal is possible in the last 60 days.")


def _decided(refusal: Refused) -> str:
    return _("This application has been decided already. Nothing can be changed any more.")


def _type(refusal: Refused) -> str:
    return _("This kind of file cannot be taken. Please choose a PDF, JPEG, PNG or HEIC file.")


def _size(refusal: Refused) -> str:
    return _("The file is empty or larger than %(most)s MB. Please choose a smaller one.") % {
        "most": int(refusal.data["most"]) // _MEGABYTE  # type: ignore[call-overload]
    }


def _too_many(refusal: Refused) -> str:
    return _("At most %(most)s files can be handed in. Please remove one first.") % refusal.data


def _my_number(refusal: Refused) -> str:
    return _(
        "There are 12 digits in this file's name that look like an individual number (My Number)."
        " This service does not take it. Please rename the file and try once more."
    )


def _text(refusal: Refused) -> str:
    return _("Please write your answer.")


def _days(refusal: Refused) -> str:
    return _("The last day cannot be before the first, nor in the future.")


def _no_stays(refusal: Refused) -> str:
    return _("This municipality does not recognise long stays.")


def _not_yours(refusal: Refused) -> str:
    return _("This registration cannot be ended here.")


_SENTENCES: dict[str, Callable[[Refused], str]] = {
    "premium_not_open": _not_open,
    "conditions_unmet": _unmet,
    "limit_reached": _limit,
    "already_premium": _already,
    "renewal_not_open": _renewal,
    "application_decided": _decided,
    "document_type": _type,
    "document_size": _size,
    "too_many_documents": _too_many,
    "my_number": _my_number,
    "text_missing": _text,
    "days_invalid": _days,
    "long_stay_not_offered": _no_stays,
    "not_yours": _not_yours,
}
