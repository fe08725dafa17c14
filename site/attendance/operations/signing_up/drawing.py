"""The draw: a seed committed to beforehand, drawn once, published."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from activities.queries import lock_session
from attendance.enums import SignUpStatus
from attendance.models import Draw, SignUp
from attendance.operations.signing_up.components import give_components
from attendance.operations.signing_up.letters import tell
from attendance.operations.signing_up.moving import move
from attendance.queries import taken_places
from attendance.rules.lottery import draw_lots, hash_of, new_seed
from attendance.rules.places import Group, free_places
from common import clock
from common.refusal import Refused
from tenants.actors import weighing
from tenants.context import municipality_context
from tenants.models import Municipality


def commit(municipality: Municipality, session_uuid: UUID, due_at: datetime | None) -> Draw:
    """Make the session's seed if there is none yet, and note when the clock draws; None: never.

    Called when the activity is published, so that the hash stands on the page before the first
    sign-up. A seed that is made stays.
    """
    with weighing(municipality.code):  # whoever comes first may make it, and chooses nothing
        seed = new_seed()
        made, _new = Draw.objects.get_or_create(
            session_uuid=session_uuid,
            defaults={
                "municipality": municipality,
                "seed": seed,
                "seed_hash": hash_of(seed),
                "committed_at": clock.now(),
                "due_at": due_at,
            },
        )
        if made.drawn_at is None and made.due_at != due_at:
            made.due_at = due_at
            made.save(update_fields=["due_at"])
    return made


@transaction.atomic
def draw(municipality: Municipality, session_uuid: UUID, by: User | None = None) -> Draw:
    """Draw lots among those who have applied; drawn once, it stays.

    The others go to the waiting list in drawn order, before whoever comes later. Raises `Refused`
    with `session_gone`, `no_draw` (places are given otherwise) or `draw_too_early` (`due_at`).
    """
    with municipality_context(municipality):
        session = lock_session(session_uuid)
        if session is None:
            raise Refused("session_gone", municipality=municipality.full_name)
        if session.mode != "lottery":
            raise Refused("no_draw")
        due_at = session.apply_until or session.starts_at
        made = commit(municipality, session_uuid, due_at)
        if made.drawn_at is not None:
            return made
        if clock.now() < due_at:
            raise Refused("draw_too_early", due_at=due_at)
        applied = {
            row.ticket: row
            for row in SignUp.objects.select_for_update(of=("self",)).filter(
                municipality=municipality,
                session_uuid=session_uuid,
                status=SignUpStatus.APPLIED,
            )
        }
        taken = taken_places(municipality, [session_uuid]).get(session_uuid, 0)
        free = free_places(session.capacity, taken)
        drawn = draw_lots(made.seed, [Group(t, row.party) for t, row in applied.items()], free)
        winners = [applied[group.key] for group in drawn.order if group.key in drawn.winners]
        give_components(municipality, session, winners)
        for number, group in enumerate(drawn.order, start=1):
            row = applied[group.key]
            row.municipality = municipality
            if group.key in drawn.winners:
                move(row, "draw", by=by.pk if by else None)
                tell(row, "drawn")
            else:
                move(row, "miss", by=by.pk if by else None, line=number)
                tell(row, "not_drawn")
        made.drawn_at, made.drawn_by, made.places = clock.now(), by, free
        made.result = drawn.as_json()
        made.save(update_fields=["drawn_at", "drawn_by", "places", "result"])
        return made


def draw_due() -> int:
    """`draw` wherever it is time; the owner's, by the clock. A session that is gone or gives its
    places otherwise is left out from then on."""
    due = Draw.objects.filter(drawn_at=None, due_at__lte=clock.now())
    drawn = 0
    for waiting in due.select_related("municipality__local_government__prefecture"):
        try:
            draw(waiting.municipality, waiting.session_uuid)
            drawn += 1
        except Refused as refusal:
            later = refusal.data.get("due_at")
            Draw.objects.filter(pk=waiting.pk, drawn_at=None).update(due_at=later)
    return drawn
