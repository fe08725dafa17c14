"""No individual number (マイナンバー) in a log line or an error report (R10).

What somebody types may come back in an address, an exception's message or a database's complaint.
It is masked where log records are made, so whoever writes them out, Celery and granian included,
never holds the number.
"""

from __future__ import annotations

import logging
import traceback
from html import unescape
from typing import Any

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

from common.my_number import has_my_number, mask_my_numbers

_usual = logging.LogRecord


def mask_every_record() -> None:
    """From now on, in this process. Safe to repeat."""
    logging.setLogRecordFactory(masked_record)


def masked_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A record as Python's own, its message, traceback and stack without individual numbers."""
    record = _usual(*args, **kwargs)
    try:
        said = record.getMessage()
    except Exception:
        # The handler will say that message and arguments do not fit together.
        return record
    if (masked := mask_my_numbers(said)) != said:
        record.msg, record.args = masked, None
    if record.exc_info and record.exc_info[0] is not None:
        # Formatters write what they find here instead of formatting the traceback themselves.
        written = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        if (masked := mask_my_numbers(written)) != written:
            record.exc_text = masked
            # Handlers that make a report of their own must not find the exception either.
            record.exc_info = None
    if record.stack_info:
        record.stack_info = mask_my_numbers(record.stack_info)
    return record


class MaskingReporter(ExceptionReporter):
    """Django's report on an exception, for whoever sends or shows one."""

    def get_traceback_html(self) -> SafeString:
        lines = super().get_traceback_html().split("\n")
        return SafeString("\n".join(_masked_markup(line) for line in lines))

    def get_traceback_text(self) -> SafeString:
        return SafeString(mask_my_numbers(super().get_traceback_text()))


def _masked_markup(line: str) -> str:
    """Masking may decode an address, so what it gives back is a text again, not markup."""
    if not has_my_number(line):
        return line
    return escape(mask_my_numbers(unescape(strip_tags(line))))
