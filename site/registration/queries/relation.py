"""At which stage of the relation people are: one person, or all registrants in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func
from django.db.models.expressions import RawSQL

from accounts.models import Resident
from attendance.models import ParticipationRecord
from common import clock
from organisations.queries import workspaces_of
from registration.enums import RegistrationStatus
from registration.models import Registration, RelationSetting
from registration.rules.relation import Relation, Stage, Thresholds, relation_of
from tenants.models import Municipality

_DAY_BEFORE_THE_YEAR = "session_date - interval '1 year'"


def relation_at(
    registration: Registration, resident: Resident, records: Iterable[ParticipationRecord]
) -> Relation:
    """Of a resident, read under their own claims; `records` are theirs that count, of any
    municipality. Three queries at most."""
    here = registration.municipality
    return relation_of(
        registration.registered_at.astimezone(clock.TOKYO).date(),
        [row.session_date for row in records if row.municipality_id == here.pk],
        organises=bool(workspaces_of(resident.user_id, here)),
        thresholds=RelationSetting.of(here).as_rules(),
    )


def people_by_stage(municipality: Municipality) -> dict[Stage, int]:
    """How many of the people registered with a municipality are at each stage; one statement
    beside the one for its setting.

    Staff's claims do not say that two accounts are one person's: what somebody recorded with an
    account that became part of theirs counts for them (`relation_at`), and not here.
    """
    sql, values = _staged(municipality, RelationSetting.of(municipality).as_rules())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT stage, count(*) FROM ({sql}) s WHERE status = %s GROUP BY stage",  # noqa: S608
            [*values, RegistrationStatus.ACTIVE],
        )
        found = dict(cursor.fetchall())
    return {stage: found.get(stage.value, 0) for stage in Stage}


def registrations_at(municipality: Municipality, stage: Stage) -> Func:
    """The condition on a municipality's registrations that their people are at `stage`."""
    sql, values = _staged(municipality, RelationSetting.of(municipality).as_rules())
    keys = RawSQL(f"SELECT id FROM ({sql}) s WHERE stage = %s", (*values, stage.value))  # noqa: S608, S611
    # `IS TRUE` keeps it from becoming a join, which for a page of the list is worked out anew for
    # each registrant; so the keys are found once.
    return Func(
        F("pk"),
        keys,
        template="(%(expressions)s) IS TRUE",
        arg_joiner=" IN ",
        output_field=BooleanField(),
    )


def _staged(municipality: Municipality, thresholds: Thresholds) -> tuple[str, tuple[Any, ...]]:
    """SQL for `rules.relation`: key, status and stage of every registration. A day and the one so
    many participations before it lie within twelve months where that is later than a year
    before, as `rules.year.first_day_of_year_to` has it."""
    counted = (
        ParticipationRecord.objects.filter(municipality=municipality)
        .counted()
        .order_by()
        .values("resident_id", "session_date")
    )
    rows, values = counted.query.sql_with_params()
    sql = f"""
        SELECT g.id, g.status, CASE
            WHEN t.in_all >= %s OR g.resident_id IN (SELECT guard.organisers()) THEN 4
            WHEN t.in_all >= %s OR t.in_year THEN 3
            WHEN t.in_all >= 1 THEN 2
            ELSE 1 END AS stage
        FROM public.registration_registration g
        LEFT JOIN (
            SELECT resident_id, count(*) AS in_all,
                bool_or(before > {_DAY_BEFORE_THE_YEAR}) AS in_year
            FROM (
                SELECT resident_id, session_date, lag(session_date, %s)
                    OVER (PARTITION BY resident_id ORDER BY session_date) AS before
                FROM ({rows}) counted
            ) dated
            GROUP BY resident_id
        ) t ON t.resident_id = g.resident_id
        WHERE g.municipality_id = %s
    """  # noqa: S608 - no word of it is somebody's
    return sql, (
        thresholds.fellow_in_all,
        thresholds.core_in_all,
        thresholds.core_in_year - 1,
        *values,
        municipality.pk,
    )
