"""The registration survey: questions, answers, tallies."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import translation

from surveys.enums import QuestionKind, Relation, Survey
from surveys.forms import RegistrationSurveyForm
from surveys.models import Answer, SurveyItem
from surveys.operations import keep_answers
from surveys.queries import tallies, written_answers
from surveys.steps import SurveyStep
from tenants.context import municipality_context
from tests.factories.surveys import make_item

pytestmark = pytest.mark.django_db


def filled(municipality, **answers):
    with municipality_context(municipality):
        data = {"survey-relation": ["hometown_tax"], **answers}
        return SurveyStep().form(municipality, data)


def answer(municipality, resident_id=None, **answers):
    form = filled(municipality, **answers)
    assert form.is_valid(), form.errors
    with municipality_context(municipality):
        keep_answers(resident_id or uuid4(), Survey.REGISTRATION, form.answers())


def test_the_relation_with_the_area_has_the_options_of_the_briefing():
    with translation.override("ja"):
        labels = [str(label) for label in Relation.labels]
    for words in ("特産品", "ふるさと納税", "観光", "帰省", "ボランティア", "自治会", "二地域居住"):
        assert any(words in label for label in labels), words


def test_common_questions_come_before_own_items_in_their_order(kesennuma):
    last = make_item(kesennuma, sort_order=2)
    first = make_item(kesennuma, sort_order=1)
    make_item(kesennuma, is_active=False)
    names = list(filled(kesennuma).fields)
    assert names == ["relation", "interests", f"item_{first.pk}", f"item_{last.pk}"]


@pytest.mark.parametrize("kind", QuestionKind.values)
def test_each_kind_can_be_required_and_left_out(kesennuma, kind):
    required = make_item(kesennuma, kind=kind, required=True)
    make_item(kesennuma, kind=kind)
    form = filled(kesennuma)
    assert list(form.errors) == [f"item_{required.pk}"]


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        (QuestionKind.SHORT_TEXT, " 𠮷の髙﨑 ", "𠮷の髙﨑"),
        (QuestionKind.LONG_TEXT, "一行目\r\n二行目", "一行目\n二行目"),
        (QuestionKind.ONE_CHOICE, "さんま", "さんま"),
        (QuestionKind.SEVERAL_CHOICES, ["さめ", "かつお"], ["さめ", "かつお"]),
    ],
)
def test_each_kind_of_answer_is_kept_as_given(kesennuma, kind, sent, kept):
    item = make_item(kesennuma, kind=kind)
    answer(kesennuma, **{f"survey-item_{item.pk}": sent})
    with municipality_context(kesennuma):
        stored = Answer.objects.get(item=item)
    value = stored.value.replace("\r\n", "\n") if isinstance(kept, str) else stored.value
    assert (value, stored.question_text) == (kept, item.text)


def test_a_choice_that_is_not_offered_is_refused(kesennuma):
    item = make_item(kesennuma, kind=QuestionKind.ONE_CHOICE)
    form = filled(kesennuma, **{f"survey-item_{item.pk}": "まぐろ"})
    assert list(form.errors) == [f"item_{item.pk}"]


def test_a_text_that_is_too_long_is_refused(kesennuma):
    item = make_item(kesennuma)
    assert not filled(kesennuma, **{f"survey-item_{item.pk}": "海" * 201}).is_valid()


def test_changing_an_item_leaves_old_answers_their_question(kesennuma):
    item = make_item(kesennuma, "好きな魚は何ですか。")
    name = f"survey-item_{item.pk}"
    answer(kesennuma, **{name: "さんま"})
    with municipality_context(kesennuma):
        item.text = "好きな貝は何ですか。"
        item.save()
    answer(kesennuma, **{name: "ほや"})
    with municipality_context(kesennuma):
        asked = dict(Answer.objects.filter(item=item).values_list("value", "question_text"))
        assert asked == {"さんま": "好きな魚は何ですか。", "ほや": "好きな貝は何ですか。"}
        item.delete()
        assert Answer.objects.filter(question_text="好きな魚は何ですか。").count() == 1


def test_in_english_the_question_is_english_and_the_answer_is_kept_in_japanese(kesennuma):
    item = make_item(
        kesennuma, text_en="Which fish?", kind=QuestionKind.ONE_CHOICE,
        choices="さんま\nかつお", choices_en="Saury\nBonito",
    )  # fmt: skip
    with translation.override("en"):
        form = filled(kesennuma, **{f"survey-item_{item.pk}": "さんま"})
        assert form.fields[f"item_{item.pk}"].label == "Which fish?"
        assert ("さんま", "Saury") in form.fields[f"item_{item.pk}"].choices
        assert form.is_valid()
        texts = {given.question_text for given in form.answers()}
    assert item.text in texts
    assert not any("How are you" in text for text in texts)


def test_a_tally_counts_people_and_choices_of_this_municipality(
    kesennuma, hida, django_assert_num_queries
):
    item = make_item(kesennuma, kind=QuestionKind.SEVERAL_CHOICES)
    name = f"survey-item_{item.pk}"
    answer(kesennuma, **{name: ["さんま", "さめ"]})
    answer(kesennuma, **{name: ["さんま"]})
    answer(kesennuma)
    answer(hida)
    with municipality_context(kesennuma):
        SurveyItem.objects.exists()  # the first query in a schema is one more, that enters it
        with django_assert_num_queries(1):
            relation, own = tallies(Survey.REGISTRATION)
    assert (relation.answered, [number for _label, number in relation.counts]) == (3, [3])
    assert (own.answered, own.counts) == (2, (("さんま", 2), ("さめ", 1)))


def test_who_answers_again_is_counted_once(kesennuma):
    resident = uuid4()
    item = make_item(kesennuma)
    answer(kesennuma, resident, **{f"survey-item_{item.pk}": "前の答え"})
    answer(kesennuma, resident)
    with municipality_context(kesennuma):
        assert tallies(Survey.REGISTRATION)[0].answered == 1
        assert not written_answers(Survey.REGISTRATION).exists()
        assert Answer.objects.filter(value="前の答え").exists()


def test_a_form_without_items_asks_the_common_questions(db):
    form = RegistrationSurveyForm({})
    assert list(form.errors) == ["relation"]


def test_a_new_item_goes_to_the_end(kesennuma):
    with municipality_context(kesennuma):
        for text in ("一", "二", "三"):
            SurveyItem(text=text).save()
        assert [item.text for item in SurveyItem.objects.asked()] == ["一", "二", "三"]
