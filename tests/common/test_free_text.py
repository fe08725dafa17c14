"""The individual number comes through no form: asked where the text of every form passes."""

from __future__ import annotations

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from wagtail.blocks import CharBlock, ListBlock, StreamBlock, StructBlock

from accounts.forms import claim, sign_in  # noqa: F401 - their kinds of fields are looked at
from common.free_text import CODE, refuse_my_number
from pages.blocks import TextBlock

NUMBER = "123456789018"


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "番号は１２３４ー５６７８ー９０１８です",
        "<p>1234<b>5678</b>9018</p>",
        "&#49;23456789018",
        ["one", f"my {NUMBER}"],
        SimpleUploadedFile(f"card_{NUMBER}.jpg", b"x"),
    ],
)
def test_refused_with_a_code(text):
    with pytest.raises(ValidationError) as refused:
        refuse_my_number(text)
    assert refused.value.code == CODE


@pytest.mark.parametrize(
    "text", ["", "090-1234-5678", "0226-22-6600", "042056-00000012", 123456789018, None, b"x"]
)
def test_other_numbers_pass(text):
    refuse_my_number(text)


def every_kind_of_text_field():
    """Django's own and all that anybody has derived from them by now."""

    def below(kind):
        for derived in kind.__subclasses__():
            yield derived
            yield from below(derived)

    return {forms.CharField, *below(forms.CharField)}


def test_no_kind_of_text_field_goes_another_way():
    """A field that overrides how it is judged would let the number through."""
    kinds = every_kind_of_text_field()
    assert len(kinds) > 5
    for kind in kinds:
        for method in ("clean", "validate", "run_validators"):
            given = getattr(kind, method)
            if given is not getattr(forms.Field, method):
                # Whoever replaces them calls the ones of Django.
                assert {"super", "clean", method} & set(given.__code__.co_names), kind


# Twelve digits there are something else: each with its reason.
MAY_LOOK_LIKE_ONE = {
    "accounts.forms.claim.ClaimCodeField",  # a claim code may be nothing but digits
    "accounts.forms.sign_in.RecoveryCodeField",  # sixteen digits, of which twelve may be read
}


def test_which_fields_are_let_off_is_known():
    found = {
        f"{kind.__module__}.{kind.__qualname__}"
        for kind in {forms.Field, *every_kind_of_text_field()}
        if getattr(kind, "takes_twelve_digits", False)
    }
    assert found == MAY_LOOK_LIKE_ONE


def text_fields_of_models():
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.CharField | models.TextField) and field.editable:
                yield pytest.param(field, id=f"{model._meta.label}.{field.name}")


@pytest.mark.parametrize("field", list(text_fields_of_models()))
def test_no_form_made_of_a_model_takes_it(field):
    """Every text of every model, were it put into a form tomorrow."""
    made = field.formfield()
    if made is None or not isinstance(made, forms.CharField):
        return
    with pytest.raises(ValidationError) as refused:
        made.clean(NUMBER)
    codes = {error.code for error in refused.value.error_list}
    # Shorter fields and stricter ones refuse it for a reason of their own as well.
    assert codes & {CODE, "max_length", "invalid"}, codes


def test_blocks_of_pages_refuse_it():
    block = StreamBlock(
        [
            ("text", TextBlock()),
            ("facts", StructBlock([("value", CharBlock()), ("many", ListBlock(CharBlock()))])),
        ]
    )
    for kind, value in (
        ("text", f"<p>{NUMBER[:6]}<b>{NUMBER[6:]}</b></p>"),
        ("facts", {"value": NUMBER, "many": ["x"]}),
        ("facts", {"value": "x", "many": ["x", NUMBER]}),
    ):
        with pytest.raises(ValidationError):
            block.clean(block.to_python([{"type": kind, "value": value}]))


def test_a_field_that_takes_twelve_digits_of_another_kind():
    class Code(forms.CharField):
        takes_twelve_digits = True

    assert Code().clean(NUMBER) == NUMBER
    Code.takes_twelve_digits = False  # other tests look at every kind of field there is
