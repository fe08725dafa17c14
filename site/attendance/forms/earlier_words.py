"""Why a file or a row of it is not taken, in sentences."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from attendance.rules.earlier import Fault, Judged
from attendance.rules.earlier_columns import BY_NAME
from common.refusal import Refused
from common.templatetags.wareki import jdate_short


def file_sentence(refused: Refused) -> str:
    """Why a file cannot be read, and what to do."""
    sentences = {
        "old_or_locked": _(
            "This file is in the old format (.xls) or is locked with a password. Please save it"
            " as .xlsx without a password."
        ),
        "has_macros": _("This file contains macros. Please save it as .xlsx without macros."),
        "unpacks_too_big": _("This file is too big once unpacked. Please use the sample form."),
        "damaged": _("This file cannot be read. Please save it again as .xlsx."),
        "no_headings": _(
            "No row with headings was found. Please write the names of the columns into a row"
            " above the participants."
        ),
        "too_many_rows": _("Up to %(limit)s rows can be sent in at once. Please split the file.")
        % {"limit": refused.data.get("limit", "")},
        "too_many_activities": _(
            "Up to %(limit)s activities can be sent in at once. Please split the file."
        )
        % {"limit": refused.data.get("limit", "")},
        "no_rows": _("No row is filled in."),
    }
    return sentences.get(
        refused.code,
        _("This file is neither an Excel spreadsheet (.xlsx) nor a CSV file."),
    )


def fault_sentence(fault: Fault) -> str:
    """What is wrong in one cell, and what to do."""
    data = fault.data
    day = jdate_short(data["day"]) if "day" in data else ""
    sentences = {
        "missing": _("This cell is empty. Please fill it in."),
        "not_a_day": _("Please enter the date like 2026/4/1 or 令和8年4月1日."),
        "before_first_day": _("Participations count from %(day)s. Earlier ones are not taken over.")
        % {"day": day},
        "in_future": _("This date lies in the future."),
        "after_code_began": _(
            "Since %(day)s participations here are recorded by code. Later ones cannot be entered"
            " with a list."
        )
        % {"day": day},
        "not_a_time": _("Please enter the time like 9:00 or 9時30分."),
        "end_before_start": _("The end must be after the start."),
        "no_hours": _("Please enter the start and the end, or the hours."),
        "not_hours": _("Please enter hours like 3 or 3.5, 24 at most."),
        "too_long": _("Please enter %(limit)s characters at most.")
        % {"limit": data.get("limit", "")},
        "needs_birth_date_or_phone": _("Please enter the date of birth or the telephone number."),
        "not_kana": _("Please enter the furigana in katakana or hiragana."),
        "not_a_phone": _("Please enter the telephone number with its area code."),
        "not_an_email": _("Please check the e-mail address."),
        "born_later": _("This date of birth is later than the activity."),
        "my_number": _(
            "There are 12 digits in this that look like an individual number (My Number). Please"
            " remove them."
        ),
        "formula": _("A cell with a formula cannot be read. Please enter the value itself."),
        "cell_error": _("This cell shows an error. Please enter the value itself."),
        "repeated": _("Row %(row)s says the same.") % {"row": data.get("row", "")},
    }
    return sentences[fault.code]


def told(faults: Iterable[Fault]) -> list[tuple[str, str]]:
    """Each fault as the column's heading and its sentence."""
    return [(BY_NAME[fault.column].heading, fault_sentence(fault)) for fault in faults]


def reasons(judged: Judged) -> str:
    """All faults of a row in one cell of a spreadsheet; "" for none."""
    return "\n".join(f"{heading}：{sentence}" for heading, sentence in told(judged.faults))
