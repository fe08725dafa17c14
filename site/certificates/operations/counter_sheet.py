"""The sheet that somebody entered at the counter takes home."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation

from accounts.models import CounterEntry
from certificates.rendering.documents import CounterSheet, render_counter_sheet
from certificates.rendering.glyphs import with_geta
from common.text import written_postal_code
from common.wareki import in_japan, jdate
from registration.queries import registration_entered
from tenants.hosts import portal_url


def sheet(entry: CounterEntry, claim_code: str, valid_until: datetime) -> bytes:
    """As PDF. Raises `MissingGlyph` for a name our fonts cannot print."""
    row = registration_entered(entry)
    prefecture = row.municipality.prefecture_municipality()
    with translation.override("ja"):  # a Japanese letter, as the certificates are
        return render_counter_sheet(
            CounterSheet(
                municipality=row.municipality.full_name,
                prefecture=prefecture.full_name if prefecture else "",
                resident_name=row.name,
                resident_kana=row.kana,
                number=row.number,
                birth_date=jdate(row.birth_date),
                address=with_geta(f"{_postal(row.postal_code)}{row.address}"),
                phone=row.phone or "なし",
                entered_on=jdate(in_japan(entry.at)),
                claim_code=claim_code,
                claim_url=portal_url("/claim/"),
                valid_until=jdate(in_japan(valid_until)),
            )
        )


def _postal(code: str) -> str:
    written = written_postal_code(code)
    mark = "〒" if written != code else ""
    return f"{mark}{written}　" if code else ""
