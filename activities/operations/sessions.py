"""Keeping drafts in step with the sessions they were published as."""

from __future__ import annotations

import json

from django.core.serializers.json import DjangoJSONEncoder
from modelcluster.models import get_serializable_data_for_fields
from wagtail.models import Revision

from activities.models import ActivityPage


def settle_draft(page: ActivityPage, revision: Revision | None) -> None:
    """Write the keys and ids of the published sessions into the revision they came from.

    A session new in this revision got its row by publishing; the next editor starts from the
    revision and would otherwise make another row of it.
    """
    if revision is None or "sessions" not in revision.content:
        return
    rows = [get_serializable_data_for_fields(session) for session in page.stored_sessions()]
    sessions = json.loads(json.dumps(rows, cls=DjangoJSONEncoder))
    if revision.content["sessions"] != sessions:
        revision.content["sessions"] = sessions
        revision.save(update_fields=["content"])
