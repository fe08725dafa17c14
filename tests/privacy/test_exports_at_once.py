"""Two windows of one person, and two colleagues, at the same moment."""

from __future__ import annotations

import threading

from django.db import connection

from notifications.models import OutboxMessage
from privacy.models import Export, ExportFile
from privacy.operations.exports import approve_export, request_export
from registration.operations.export import REGISTRANTS, make_file
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.conftest import KESENNUMA
from tests.factories.privacy import a_wish, make_registrants
from tests.factories.staff import make_member


def at_once(*actions) -> list:
    """Run every action in a thread of its own, begun together; what each returned or raised."""
    barrier, results = threading.Barrier(len(actions)), []

    def run(action):
        try:
            connection.set_schema_to_public()
            place = Municipality.objects.get(pk=KESENNUMA)
            barrier.wait()
            with municipality_context(place):
                results.append(action(place))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_two_windows_and_two_approvals(own_database):
    connection.set_schema_to_public()
    place = Municipality.objects.get(pk=KESENNUMA)
    officer = make_member(place, "registration_officer")
    colleagues = [make_member(place, "administrator") for _one in range(2)]
    make_registrants(place, 2)

    def ask(here):
        wish = a_wish(here, selection=list(range(1, 901)))
        return request_export(here, officer, wish).status

    assert sorted(at_once(*[ask] * 4)) == ["approved", "waiting", "waiting", "waiting"]

    waiting = Export.objects.filter(status="waiting").first()
    results = at_once(
        *[lambda here, who=who: approve_export(waiting.pk, who) for who in colleagues]
    )
    assert [type(result) for result in results] == [Export, Export]
    assert OutboxMessage.objects.filter(kind=REGISTRANTS).count() == 1

    assert at_once(*[lambda here: make_file(waiting.pk)] * 3) == [None] * 3
    assert ExportFile.objects.filter(export=waiting).count() == 1
