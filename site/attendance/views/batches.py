"""Batches of readings as JSON: what is sent and what is answered.

    {"now": 1795392000000, "scans": [{"uuid": "…", "seq": 17, "at": 1795391000000, "code": "…"}]}

`now` and `at` are milliseconds since 1970 by the device's clock, whatever it shows. The answer
has as many entries as were sent, in their order:

    {"answers": [{"uuid": "…", "classification": "counted", "reason": "", "sentence": "…"}]}
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse

from attendance.operations.scans.batch import Answer
from attendance.rules.entries import parse_time
from attendance.views.venue_sentences import sentence_of_scan


class BadBatch(Exception):
    """The body is no batch: nothing of it was taken, and the device keeps it."""


def read_batch(request: HttpRequest) -> tuple[datetime, list[object]]:
    """The device's clock as it sent, and the entries as they came. Raises `BadBatch`."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig):
        raise BadBatch from None
    if not isinstance(body, dict) or not isinstance(body.get("scans"), list):
        raise BadBatch
    now = parse_time(body.get("now"))
    if now is None:
        raise BadBatch
    return now, body["scans"]


def answers_json(answers: Sequence[Answer]) -> HttpResponse:
    return JsonResponse(
        {
            "answers": [
                {
                    "uuid": str(answer.uuid),
                    "classification": answer.classification,
                    "reason": answer.reason,
                    "sentence": sentence_of_scan(answer.classification, answer.reason),
                }
                for answer in answers
            ]
        }
    )
