"""Forms as people with a screen reader, or without a mouse, meet them."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation


class EnquiryForm(forms.Form):
    """One field of each kind that the templates lay out in their own way."""

    name = forms.CharField(label="氏名", help_text="漢字で入力してください。")
    nickname = forms.CharField(label="呼び名", required=False)
    contact = forms.ChoiceField(
        label="連絡の方法", choices=[("mail", "メール"), ("post", "郵送")], widget=forms.RadioSelect
    )
    born = forms.DateField(
        label="生年月日",
        help_text="西暦で選んでください。",
        widget=forms.SelectDateWidget(years=range(1940, 1942)),
    )
    agrees = forms.BooleanField(label="同意します", help_text="日時を記録します。")
    code = forms.CharField(widget=forms.HiddenInput, required=False)


def render(form: forms.Form, **context: object) -> str:
    request = RequestFactory().get("/")
    with translation.override("ja"):
        return render_to_string("themes/form.html", {"form": form, **context}, request)


def attributes(markup: str, element_id: str) -> str:
    tag = re.search(rf'<[a-z]+ [^>]*\bid="{element_id}"[^>]*>', markup)
    assert tag, f"no element {element_id}"
    return tag[0]


@pytest.fixture
def refused() -> str:
    form = EnquiryForm({"nickname": "はな <b>", "code": "k1"})
    form.add_error(None, "受付時間を過ぎています。")
    return render(form, submit="送信する")


def test_error_summary_comes_first_and_links_to_the_field_in_error(refused: str) -> None:
    assert refused.index('class="error-summary"') < refused.index('<input type="text"')
    assert 'role="alert"' in refused
    for target in ("id_name", "id_contact_0", "id_born_year", "id_agrees"):
        assert f'<a href="#{target}">' in refused
        attributes(refused, target)
    assert "受付時間を過ぎています。" in refused
    assert '<a href="#id_nickname">' not in refused


def test_field_in_error_says_so_and_points_to_hint_and_error(refused: str) -> None:
    name = attributes(refused, "id_name")
    assert 'aria-invalid="true"' in name
    assert 'aria-describedby="id_name_helptext id_name_error"' in name
    attributes(refused, "id_name_helptext")
    attributes(refused, "id_name_error")
    assert "aria-invalid" not in attributes(refused, "id_nickname")
    agrees = attributes(refused, "id_agrees")
    assert 'aria-describedby="id_agrees_helptext id_agrees_error"' in agrees
    attributes(refused, "id_agrees_helptext")


@pytest.mark.parametrize(
    ("label", "described"),
    [("連絡の方法", "id_contact_error"), ("生年月日", "id_born_helptext id_born_error")],
)
def test_several_inputs_for_one_answer_are_a_described_fieldset(
    refused: str, label: str, described: str
) -> None:
    fieldset = next(
        part for part in re.findall(r"<fieldset.*?</fieldset>", refused, re.S) if label in part
    )
    assert f'aria-describedby="{described}"' in fieldset
    assert re.search(rf"<legend[^>]*>{label}", fieldset)
    assert "<label" not in fieldset.split("</legend>")[0]
    assert 'aria-invalid="true"' in fieldset


def test_each_input_of_a_date_has_a_name_of_its_own(refused: str) -> None:
    for part, name in (("year", "年"), ("month", "月"), ("day", "日")):
        attributes(refused, f"id_born_{part}")
        assert f'for="id_born_{part}">{name}</label>' in refused


def test_every_described_by_leads_to_an_element_that_is_there(refused: str) -> None:
    for ids in re.findall(r'aria-describedby="([^"]+)"', refused):
        for element_id in ids.split():
            attributes(refused, element_id)


def test_every_label_belongs_to_an_input(refused: str) -> None:
    labels = re.findall(r'<label[^>]* for="([^"]+)"', refused)
    assert {"id_name", "id_nickname", "id_contact_0", "id_contact_1", "id_agrees"} <= set(labels)
    for element_id in labels:
        attributes(refused, element_id)


def test_required_fields_are_marked_in_words_and_others_are_not(refused: str) -> None:
    assert refused.count('<span class="field__mark">必須</span>') == 4
    nickname = refused[refused.index(">呼び名") :]
    assert not nickname.startswith('>呼び名<span class="field__mark">')


def test_what_was_entered_stays_and_is_escaped(refused: str) -> None:
    assert 'value="はな &lt;b&gt;"' in refused
    assert 'name="code" value="k1"' in refused


def test_form_without_errors_shows_no_summary_and_can_be_sent_without_javascript() -> None:
    markup = render(EnquiryForm(), submit="確認に進む", cancel_url="/back/")
    assert "error-summary" not in markup
    assert 'method="post"' in markup and "csrfmiddlewaretoken" in markup
    assert re.search(r'<button[^>]*type="submit"[^>]*>確認に進む</button>', markup)
    assert '<a class="button button--text button--large" href="/back/">戻る</a>' in markup


def test_search_form_by_get_carries_no_csrf_token() -> None:
    markup = render(EnquiryForm(), method="get")
    assert 'method="get"' in markup and "csrfmiddlewaretoken" not in markup
