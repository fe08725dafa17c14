"""The relation population of the day, at its three levels (R16, R25).

The rule is `registration.rules.population`, said here once more in SQL, with one reading added:
whoever has no municipality of residence (abroad, or none known) has no address that could be
verified or declared for these figures, and counts as `unknown`.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from common import clock
from registration.operations.nightly.batches import run

# One row a registration that holds: where it is, and where the person lives.
_HELD = """
    held AS MATERIALIZED (
        SELECT g.resident_id, g.municipality_id AS code,
               coalesce(place.prefecture_id, place.code) AS prefecture,
               place.prefecture_id IS NULL AS is_prefecture,
               r.residence_id AS lives_in, coalesce(home.prefecture_id, home.code) AS lives_in_pref,
               g.origin <> 'co_registered' AS is_own, g.kind = 'premium' AS is_premium,
               CASE WHEN r.residence_id IS NULL THEN 'unknown'
                    WHEN v.resident_id IS NOT NULL THEN 'verified'
                    ELSE 'declared' END AS address
        FROM public.registration_registration g
        JOIN public.accounts_resident r ON r.id = g.resident_id
        JOIN public.tenants_localgovernment place ON place.code = g.municipality_id
        LEFT JOIN public.tenants_localgovernment home ON home.code = r.residence_id
        LEFT JOIN public.identity_verification v
               ON v.resident_id = r.id AND v.ended_at IS NULL AND v.valid_until > %(now)s
        WHERE g.status = 'active'
    )
"""
_LIVES_AT_REGISTRATION = (
    "CASE WHEN is_prefecture THEN lives_in_pref = code ELSE lives_in = code END"
)
# Scope: what is counted together, who lives there, and for which codes a row is written.
_LEVELS = {
    "city": (
        "code",
        _LIVES_AT_REGISTRATION,
        "SELECT local_government_id AS code FROM public.tenants_municipality m"
        " JOIN public.tenants_localgovernment l ON l.code = m.local_government_id"
        " WHERE l.prefecture_id IS NOT NULL",
    ),
    "prefecture": (
        "prefecture",
        "lives_in_pref = prefecture",
        "SELECT DISTINCT coalesce(l.prefecture_id, l.code) AS code"
        " FROM public.tenants_municipality m"
        " JOIN public.tenants_localgovernment l ON l.code = m.local_government_id",
    ),
    "nation": ("''::varchar", _LIVES_AT_REGISTRATION, "SELECT ''::varchar AS code"),
}


def _statement(scope: str) -> str:
    area, lives_there, places = _LEVELS[scope]
    return f"""
    WITH {_HELD}, people AS (
        SELECT {area} AS area, resident_id, address,
               bool_or(counts) AS counts,
               count(*) FILTER (WHERE counts AND is_own) AS registrations,
               bool_or(counts AND is_premium) AS is_premium
        FROM (SELECT *, coalesce(NOT ({lives_there}), true) AS counts FROM held) h
        GROUP BY 1, 2, 3
    ), counted AS (
        SELECT area,
               count(*) FILTER (WHERE counts) AS heads,
               coalesce(sum(registrations), 0) AS registrations,
               count(*) FILTER (WHERE NOT counts) AS residents_left_out,
               count(*) FILTER (WHERE counts AND address = 'verified') AS verified,
               count(*) FILTER (WHERE counts AND address = 'declared') AS declared,
               count(*) FILTER (WHERE counts AND address = 'unknown') AS unknown,
               count(*) FILTER (WHERE is_premium) AS premium
        FROM people GROUP BY area
    )
    INSERT INTO public.registration_populationcount
           (day, scope, code, heads, registrations, residents_left_out,
            verified, declared, unknown, premium)
    SELECT %(day)s::date, '{scope}', p.code, coalesce(heads, 0), coalesce(registrations, 0),
           coalesce(residents_left_out, 0), coalesce(verified, 0), coalesce(declared, 0),
           coalesce(unknown, 0), coalesce(premium, 0)
    FROM ({places}) p LEFT JOIN counted ON counted.area = p.code
    ON CONFLICT (scope, code, day) DO UPDATE
       SET heads = excluded.heads, registrations = excluded.registrations,
           residents_left_out = excluded.residents_left_out, verified = excluded.verified,
           declared = excluded.declared, unknown = excluded.unknown, premium = excluded.premium
    RETURNING 1
    """


def count_population(day: date) -> int:
    """Write today's figures, or write them again; returns how many rows.

    Of another day nothing is known any more: its figures stay as they are, or are missing.
    """
    if day != clock.today():
        return 0
    with transaction.atomic():
        return sum(len(run(_statement(scope), day=day, now=clock.now())) for scope in _LEVELS)
