"""No individual number in a log line or a report, whoever writes it."""

from __future__ import annotations

import io
import logging
import sys

import pytest
from celery.utils.log import ColorFormatter
from django.test import RequestFactory

from common.logs import MaskingReporter, mask_every_record
from common.my_number import MASK

NUMBER, PARTS = "123456789018", "1234-5678-9018"


@pytest.fixture
def written():
    """A logger with Python's own formatter and Celery's, as different processes have them."""
    mask_every_record()
    stream = io.StringIO()
    logger = logging.getLogger("test.my_number")
    logger.propagate = False
    for formatter in (
        logging.Formatter("%(asctime)s %(message)s"),
        ColorFormatter("%(message)s", use_color=True),
    ):
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        logger.addHandler(handler)
    logger.setLevel("DEBUG")
    yield lambda: (stream.getvalue(), logger)
    logger.handlers.clear()


def raising(text):
    raise ValueError(f"not taken: {text}")


@pytest.mark.parametrize("typed", [NUMBER, PARTS, "１２３４５６７８９０１８", "1234%205678%209018"])
def test_messages_arguments_and_tracebacks(written, typed):
    _text, logger = written()
    logger.info("GET /?q=" + typed)
    logger.info("GET %s %s", f"/search/{typed}/", 200)
    logger.warning("%(who)s", {"who": typed})
    logger.info("as a number %s", 123456789018)
    try:
        raising(typed)
    except ValueError:
        logger.exception("failed for %s", typed)
        logger.error("again", exc_info=True, stack_info=True)
    text, _logger = written()
    assert text.count("\n") > 10
    assert MASK in text
    assert "Traceback" in text
    for spelling in (NUMBER, PARTS, "5678", "５６７８"):
        assert spelling not in text.replace("as a number", ""), text


def test_other_lines_stay_as_they_are(written):
    _text, logger = written()
    logger.info("%d%% of %s", 50, "090-1234-5678")
    logger.info("100% sure")
    assert "50% of 090-1234-5678" in written()[0]
    assert "100% sure" in written()[0]


def test_the_report_on_an_exception(settings):
    assert settings.DEFAULT_EXCEPTION_REPORTER == "common.logs.MaskingReporter"
    request = RequestFactory().get("/", {"q": NUMBER, "r": PARTS})
    try:
        raising(NUMBER)
    except ValueError:
        reporter = MaskingReporter(request, *sys.exc_info())
    for report in (reporter.get_traceback_text(), reporter.get_traceback_html()):
        assert MASK in report
        assert NUMBER not in report
        assert PARTS not in report
        assert "not taken" in report


def test_the_platforms_own_processes_mask(settings):
    """Installed where every process passes: apps are loaded by web, worker and commands."""
    assert logging.getLogRecordFactory().__module__ == "common.logs"
