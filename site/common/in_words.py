"""Values as somebody reads them: dates, yes and no, lists, and a dash where there is nothing."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from django.utils.translation import gettext, pgettext

from common.templatetags.wareki import jdate_short, jdatetime, jtime

NOTHING = "—"


def in_words(value: object) -> str:
    """`value` in the reader's language; never empty. A place is its full name."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, datetime):
        return jdatetime(value)
    if isinstance(value, date):
        return jdate_short(value)
    if isinstance(value, time):
        return jtime(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dict):
        value = [f"{key}{pgettext('state', ': ')}{in_words(item)}" for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return pgettext("list", ", ").join(map(in_words, value)) or NOTHING
    if value is None or value == "":
        return NOTHING
    return str(getattr(value, "full_name", value))
