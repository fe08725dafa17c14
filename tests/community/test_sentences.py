"""Every refusal has its sentence, in the reader's language."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from common.refusal import Refused
from community.rules.moderation import may_hide
from community.rules.posting import PostInput, may_post
from community.views.sentences import sentence_for

# From the rules themselves: a condition that is added asks for its sentence here.
REFUSALS = [
    Refused(condition.code, **condition.data)
    for decision in (may_post(PostInput(body="", room_open=True)), may_hide(""))
    for condition in decision.conditions
] + [Refused("already_sent"), Refused("already_hidden", reason="個人情報のため")]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_a_refusal_is_told_in_the_readers_language(refusal: Refused) -> None:
    with translation.override("ja"):
        japanese = sentence_for(refusal)
    with translation.override("en"):
        english = sentence_for(refusal)
    assert not re.search(r"[A-Za-z%{]", japanese)
    assert re.search(r"[A-Za-z]", english)
    assert "%(" not in english


def test_an_unknown_refusal_is_our_mistake_and_shows() -> None:
    with pytest.raises(KeyError):
        sentence_for(Refused("unheard_of"))
