"""What is held of a person is complete, shows no secret, and is said in Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation

from accounts.models import Resident, User
from common.holdings import Field, Holding
from privacy.queries import holdings

# A column that can say who somebody is, in a table of ours.
_NAMING = re.compile(r"mail|phone|kana|given_name|family_name|birth|address|contact|(^|_)name$")
_SECRET = re.compile(r"hash|key|secret|password|token|payload|credential|nonce")
_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_THEIRS = ("django", "allauth", "wagtail", "wagtail_localize", "taggit", "modelcluster")

# Tables that can name an account or a person, and why none of them is held of a resident. Whoever
# works for a municipality cannot close their account before they have left, and what staff did
# stays theirs.
_STAFF = "names staff by their account: who wrote, changed or decided something"
_OFFICE = "whom to ask at an office, given for the office"
_THING = "the name of a place or a thing"
_HASHED = "a keyed hash that is gone within a day: it can be counted by, nobody can be found by it"
NOT_OF_RESIDENTS = {
    "accounts_attemptcount": _HASHED,
    "accounts_claimattempt": _HASHED,
    "django_session": "sealed; ended with `accounts_opensession`, which knows whose it is",
    "activities_activitypage": _OFFICE,
    "organisations_organisation": _OFFICE,
    "organisations_jointprogramme": _THING,
    "tenants_participationrequest": _OFFICE,
    "community_room": _THING,
    "registration_nationalparameters": _THING,
    "tenants_localgovernment": _THING,
    "tenants_municipality": _THING,
    "activities_coordinator": _STAFF,
    "activities_designation": _STAFF,
    "activities_workentry": _STAFF,
    "attendance_scandevice": _STAFF,
    # Decisions about a reading, and what was withdrawn or confirmed of a session.
    "attendance_scanreview": _STAFF,
    "attendance_sessionclosing": _STAFF,
    "attendance_sessionkey": _STAFF,
    # Of somebody without an account nothing but a keyed hash.
    "attendance_earliercode": _STAFF,
    "attendance_importbatch": _STAFF,
    "attendance_importedactivity": _STAFF,
    "attendance_draw": _STAFF,
    "organisations_standing": _STAFF,
    # Chosen people stand in it as numbers of rows, until the file is made; words they were looked
    # for by go with `privacy_exportfile`.
    "registration_municipalconditions": _STAFF,
    "registration_relationsetting": _STAFF,
    "registration_replay": _STAFF,
    "privacy_export": _STAFF,
    "tenants_municipalitychange": _STAFF,
    "tenants_networkrange": _STAFF,
    "tenants_requestbatch": _STAFF,
    "tenants_requestnote": _STAFF,
    "tenants_secondfactor": _STAFF,
    "tenants_secondfactorevent": _STAFF,
    "staff_directpermission": _STAFF,
    "staff_invitation": _STAFF,
    "staff_membership": _STAFF,
    "wagtail_localize_segmentoverride": _STAFF,
    "wagtail_localize_stringtranslation": _STAFF,
    "wagtailadmin_editingsession": _STAFF,
    "wagtailadmin_formstate": _STAFF,
    "wagtailcore_apitoken": _STAFF,
    "wagtailcore_comment": _STAFF,
    "wagtailcore_commentreply": _STAFF,
    "wagtailcore_modellogentry": _STAFF,
    "wagtailcore_page": _STAFF,
    "wagtailcore_pagelogentry": _STAFF,
    "wagtailcore_pagesubscription": _STAFF,
    # Of pages and snippets: residents edit none.
    "wagtailcore_revision": _STAFF,
    "wagtailcore_taskstate": _STAFF,
    "wagtailcore_uploadedfile": _STAFF,
    "wagtailcore_workflowstate": _STAFF,
    "wagtaildocs_document": _STAFF,
    "wagtailimages_image": _STAFF,
    "wagtailusers_userprofile": _STAFF,
}


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy and model._meta.managed:
            yield model


def _names_a_person(field: models.Field, ours: bool, held: set[str]) -> bool:
    target = field.remote_field.model if field.remote_field else None
    if target is not None:
        return target in {User, Resident} or target._meta.db_table in held
    if field.name in {"resident_id", "author_id", "resident_uuid"}:
        return True
    return bool(ours and _NAMING.search(field.name)) or field.name == "email"


def naming_columns() -> dict[str, list[str]]:
    """Table by table the columns by which a row can name a resident, in their own table too."""
    held = {holding.table for holding in holdings()}
    found = {}
    for model in _models():
        ours = model.__module__.partition(".")[0] not in _THEIRS
        columns = [
            field.name
            for field in model._meta.local_concrete_fields
            if _names_a_person(field, ours, held)
        ]
        if columns:
            found[model._meta.db_table] = columns
    return found


def test_a_table_that_can_name_a_resident_is_held_or_says_why_not() -> None:
    held = {holding.table for holding in holdings()}
    assert {
        table: columns
        for table, columns in naming_columns().items()
        if table not in held and table not in NOT_OF_RESIDENTS
    } == {}


def test_no_reason_is_left_of_a_table_that_is_gone_or_held() -> None:
    held = {holding.table for holding in holdings()}
    tables = {model._meta.db_table for model in _models()}
    assert NOT_OF_RESIDENTS.keys() & held == set()
    assert NOT_OF_RESIDENTS.keys() - tables == set()


def test_no_table_is_held_twice() -> None:
    tables = [holding.table for holding in holdings()]
    assert sorted(set(tables)) == sorted(tables)


def _model_of(holding: Holding) -> type[models.Model]:
    (model,) = [one for one in _models() if one._meta.db_table == holding.table]
    return model


@pytest.mark.parametrize("holding", holdings(), ids=lambda holding: holding.table)
def test_what_is_read_of_a_row_is_there_is_no_secret_and_is_named(holding: Holding) -> None:
    model = _model_of(holding)
    keys = []
    with translation.override("ja"):
        for field in holding.fields:
            if isinstance(field, Field):
                keys.append(field.key)
                label = str(field.label)
            else:
                keys.append(field)
                # Of a field that has words of its own; of anything else a `Field` gives them.
                label = str(model._meta.get_field(field).verbose_name)
            assert _JAPANESE.search(label), (keys[-1], label)
    assert [key for key in keys if _SECRET.search(key)] == []
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("holding", holdings(), ids=lambda holding: holding.table)
def test_what_it_is_and_why_is_said_in_japanese_and_english(holding: Holding) -> None:
    for text in (holding.title, holding.why, holding.kept):
        with translation.override("en"):
            english = str(text)
        with translation.override("ja"):
            assert bool(_JAPANESE.search(str(text))) is bool(english), english
        assert not _JAPANESE.search(english)


def test_what_stands_in_a_municipality_s_schema_is_said_to() -> None:
    shared = {name.rsplit(".", 1)[-1] for name in settings.SHARED_APPS}
    for holding in holdings():
        assert holding.municipal is (_model_of(holding)._meta.app_label not in shared)
