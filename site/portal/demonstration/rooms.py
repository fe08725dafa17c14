"""The first words in the municipalities' rooms."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from accounts.models import Resident, User
from accounts.rules.ages import is_minor
from common import clock
from community.models import Post, Room
from community.operations import post, post_as_staff
from community.operations.defaults import FIRST_ROOM
from portal.demonstration.municipalities import staff_email
from registration.queries import registrants_of
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.roles import Role


def talk(municipality: Municipality, case: dict[str, Any], residents: list[Resident]) -> None:
    """Write the case's threads in the first room, counted back from today; always the same.

    Those of `residents` who are registered there take turns, each with one voice; staff answer
    in the municipality's name. Nobody writes before they registered, or as a minor: where
    nobody is left the words stay unsaid. Done twice it adds nothing.
    """
    with municipality_context(municipality):
        conversation = _Conversation(municipality, case["code"], residents)
        for number, thread in enumerate(case["talk"]):
            conversation.hold(thread, f"{case['code']}/{number}")


class _Conversation:
    """One room, and who in it has not spoken yet."""

    def __init__(self, municipality: Municipality, code: str, residents: list[Resident]) -> None:
        dice = random.Random(int(code))  # noqa: S311 - repeatable, not secret
        self._today = clock.today()
        self._room = Room.objects.get(slug=FIRST_ROOM)
        self._staff = User.objects.get(email=staff_email(municipality, Role.ROOM_MODERATOR))
        self._since: dict[UUID, datetime] = dict(
            registrants_of(municipality).values_list("resident_id", "registered_at")
        )
        self._silent = dice.sample(residents, len(residents))

    def hold(self, thread: dict[str, Any], name: str) -> None:
        """A post and its answers: by `staff`, by the post's own `author`, or by somebody else."""
        author = self._next_speaker(thread)
        if author is None:
            return
        first = self._write(thread, author, name)
        for number, answer in enumerate(thread["answer"]):
            by = answer.get("by", "resident")
            speakers: dict[str, Resident | User] = {"staff": self._staff, "author": author}
            speaker = speakers[by] if by in speakers else self._next_speaker(answer)
            if speaker is not None:
                self._write(answer, speaker, f"{name}/{number}", first)

    def _write(
        self, words: dict[str, Any], speaker: Resident | User, name: str, parent: Post | None = None
    ) -> Post:
        key = uuid5(NAMESPACE_URL, f"demonstration/{name}")
        with clock.as_of(self._moment(words)):
            if isinstance(speaker, User):
                return post_as_staff(speaker, self._room, words["body"], key, parent)
            return post(speaker.pk, self._room, words["body"], key, parent)

    def _next_speaker(self, words: dict[str, Any]) -> Resident | None:
        moment = self._moment(words)
        for resident in self._silent:
            if self._may_speak(resident, moment):
                self._silent.remove(resident)
                return resident
        return None

    def _may_speak(self, resident: Resident, moment: datetime) -> bool:
        since = self._since.get(resident.pk)
        if since is None or since > moment:
            return False
        return not is_minor(resident.birth_date, moment.date())

    def _moment(self, words: dict[str, Any]) -> datetime:
        day: date = self._today - timedelta(days=words["days_ago"])
        return datetime.combine(day, time.fromisoformat(words["at"]), tzinfo=clock.TOKYO)
