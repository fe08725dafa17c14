"""Every condition in words, met and not, in Japanese and English (R13)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from common.decision import Condition, Decision
from registration.rules.engine import decide
from registration.rules.facts import Asked
from registration.views.reasons import sentences, why_not
from tests.factories.facts import HIDA, HOKUEI, KESENNUMA, NISEKO, facts, holding, times

ASKED = Asked(1, 3, "farming", 2, Decimal("8.0"), documents=True)
GRANTED = facts(
    is_minor=True,
    guardian_consent=True,
    asked=ASKED,
    participations=times(3, category="farming", hours=Decimal("3.25")),
    documents_checked=True,
)
NOTHING = facts(
    is_minor=True,
    is_registered=False,
    identity_valid=False,
    residence=KESENNUMA,
    asked=ASKED,
    participations=times(2, hours=Decimal("2.75")),
    held=holding(HIDA, NISEKO, HOKUEI),
)

NAME = {"ja": "とくべつ", "en": "Special"}


def said(given, language: str = "ja") -> dict[str, tuple[str, str]]:
    with translation.override(language):
        return {
            item.code: (item.text, item.todo) for item in sentences(decide(given), NAME[language])
        }


def test_what_is_met_is_said_and_nothing_is_left_to_do():
    assert said(GRANTED) == {
        "registered": ("この自治体に登録しています。", ""),
        "enough_participations": (
            "令和8年11月24日から令和9年11月23日までに、指定された活動に3回参加すること。いま3回です。",
            "",
        ),
        "of_category": (
            "そのうち、分野が「農業・漁業・林業」の活動に2回参加すること。いま3回です。",
            "",
        ),
        "enough_hours": ("活動の時間が、合わせて8時間以上であること。いま9.75時間です。", ""),
        "identity_verified": ("マイナンバーカードによる本人確認が済んでいます。", ""),
        "guardian_consent": ("保護者の方の同意があります。", ""),
        "lives_elsewhere": ("お住まいは別の自治体です。", ""),
        "within_limit": (
            "とくべつ登録ができるのは、最大3団体です。いま、ほかに0団体あります。",
            "",
        ),
        "documents_checked": ("自治体による書類の確認が済んでいます。", ""),
    }


def test_what_is_missing_is_said_with_what_to_do_next():
    missing = said(NOTHING)
    assert {code: todo for code, (_, todo) in missing.items()} == {
        "registered": "先に登録をしてください。",
        "enough_participations": "あと1回、参加してください。",
        "of_category": "あと2回、参加してください。",
        "enough_hours": "あと2.5時間、参加してください。",
        "identity_verified": "マイナンバーカードによる本人確認をしてください。",
        "guardian_consent": "保護者の方に同意をお願いしてください。",
        "lives_elsewhere": "今の登録はそのまま続きます。ほかの自治体には申請できます。",
        "within_limit": "ほかの登録が1つ終わると、登録できます。",
        "documents_checked": "申請のときに提出してください。",
    }
    granted = said(GRANTED)
    assert all(text != granted[code][0] for code, (text, _) in missing.items())


@pytest.mark.parametrize("given", [GRANTED, NOTHING])
def test_every_sentence_is_in_english_too(given):
    japanese, english = said(given), said(given, "en")
    for code, (text, todo) in english.items():
        assert text.endswith(".")
        assert text != japanese[code][0]
        assert ("Special" in text) is ("とくべつ" in japanese[code][0])
        assert (todo == "") is (japanese[code][1] == "")
        assert todo == "" or todo != japanese[code][1]


def test_one_and_several_in_english():
    assert said(NOTHING, "en")["enough_participations"][1] == "Please take part 1 more time."
    assert said(NOTHING, "en")["of_category"][1] == "Please take part 2 more times."


def test_a_category_that_is_no_more_is_named_by_its_code():
    asked = Asked(category="spinning", of_category=1)
    assert "「spinning」" in said(facts(asked=asked))["of_category"][0]


def test_no_code_is_without_words():
    with pytest.raises(KeyError):
        sentences(Decision([Condition("other", True)]), "とくべつ")
    with pytest.raises(KeyError):
        why_not("other")


def test_every_reason_against_a_participation_has_a_sentence():
    reasons = ("not_designated", "before_window", "after_window", "same_day", "same_session")
    with translation.override("ja"):
        assert all(why_not(reason).startswith("実績になりません：") for reason in reasons)
    assert why_not("") == ""
