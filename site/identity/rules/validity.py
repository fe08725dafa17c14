"""How long a proof holds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo


def valid_until(proved_at: datetime, years: int, card_until: date | None, zone: tzinfo) -> datetime:
    """`years` after the proof, or the end of the card's last day if that comes earlier.

    Reading: five years, as long as the certificate on a card holds at the most (until its
    owner's fifth birthday after issue). Proved on 29 February, it holds until 28 February.
    """
    local = proved_at.astimezone(zone)
    try:
        end = local.replace(year=local.year + years)
    except ValueError:
        end = local.replace(year=local.year + years, day=28)
    if card_until is None:
        return end
    return min(end, datetime.combine(card_until + timedelta(days=1), time(0), tzinfo=zone))
