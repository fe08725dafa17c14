"""The database refuses to change what was recorded, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from privacy.models import AccessRecord, CaseEvent, ExportRecord, ExportSubject
from tests.factories.privacy import a_case, export, look_at, make_registrants
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db
MODELS = [AccessRecord, ExportRecord, ExportSubject, CaseEvent]


@pytest.fixture
def recorded(kesennuma):
    registration, *_others = make_registrants(kesennuma, 2)
    officer = make_member(kesennuma, "registration_officer")
    look_at(registration, officer)
    export(kesennuma, officer)
    a_case(registration.resident, kesennuma)
    with connection.cursor() as cursor:
        # Foreign keys still to be checked would stand in TRUNCATE's way before our trigger does.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET id = id",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
    ],
)
def test_sql_changes_nothing(recorded, model, statement):
    table = model._meta.db_table
    before = list(model.objects.order_by("pk").values())
    assert before
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=table))
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("model", [AccessRecord, ExportRecord, CaseEvent])
def test_nor_does_our_own_code(recorded, model):
    row = model.objects.first()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
