"""The texts that come with the platform."""

from __future__ import annotations

from datetime import date

from tenants.data import TERMS_DIR
from tenants.enums import TermsKind
from tenants.models import Terms

FIRST_VERSION = "1.0"
FIRST_DAY = date(2026, 4, 1)


def ensure_terms() -> None:
    """Load the first version of each text; versions that are there stay untouched."""
    for kind in TermsKind.values:
        Terms.objects.get_or_create(
            kind=kind,
            version=FIRST_VERSION,
            defaults={
                "effective_from": FIRST_DAY,
                "body_ja": (TERMS_DIR / f"{kind}.ja.txt").read_text(encoding="utf-8"),
                "body_en": (TERMS_DIR / f"{kind}.en.txt").read_text(encoding="utf-8"),
            },
        )
