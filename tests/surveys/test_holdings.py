"""What is left of somebody's answers when they have closed their account."""

from __future__ import annotations

from uuid import uuid4

import pytest
import time_machine

from common import clock
from common.holdings import Person
from surveys.enums import QuestionKind, Survey
from surveys.holdings import HOLDINGS
from surveys.models import Answer
from surveys.operations import GivenAnswer, keep_answers
from surveys.queries import tallies
from tenants.context import municipality_context
from tests.factories.surveys import make_item

pytestmark = pytest.mark.django_db
# Still September in London.
THEN = "2026-10-01T06:30:00+09:00"


def test_own_words_go_and_choices_are_counted_on_without_the_person(kesennuma, hida):
    words = make_item(kesennuma)
    choices = make_item(kesennuma, "何を食べますか。", kind=QuestionKind.SEVERAL_CHOICES)
    leaver, other = uuid4(), uuid4()
    with municipality_context(kesennuma), time_machine.travel(THEN):
        for resident in (leaver, other):
            keep_answers(
                resident,
                Survey.REGISTRATION,
                [
                    GivenAnswer(words.kind, words.text, "佐藤です", item=words),
                    GivenAnswer(choices.kind, choices.text, ["さんま"], item=choices),
                ],
            )
        before = tallies(Survey.REGISTRATION)
        (holding,) = HOLDINGS
        assert holding.erase
        holding.erase(Person((1,), (leaver,)))
        assert tallies(Survey.REGISTRATION) == before
        assert not Answer.objects.filter(resident_id=leaver).exists()
        assert Answer.objects.filter(kind=QuestionKind.SHORT_TEXT).get().resident_id == other
        severed = Answer.objects.exclude(resident_id=other).get()
        # The moment would lead back to the registration it was given with.
        at = severed.answered_at.astimezone(clock.TOKYO)
        assert f"{at:%Y-%m-%d %H:%M}" == "2026-10-01 09:00", "the month began, in UTC"
