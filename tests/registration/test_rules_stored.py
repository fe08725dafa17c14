"""Facts as JSON and back; decisions that were made replay for ever."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from registration.rules.engine import decide, from_json, to_json
from registration.rules.facts import Asked
from registration.rules.parameters import FISCAL_YEAR, Parameters
from tests.factories.facts import GIFU, HIDA, facts, holding, took_part

FACTS = facts(
    participations=(
        took_part("a", date(2027, 5, 1), category="farming", hours=Decimal("1.50")),
        took_part("b", designated=False),
    ),
    held=(*holding(HIDA), *holding(GIFU, derived=True), *holding(GIFU, over_limit=True)),
    asked=Asked(2, 4, "farming", 1, Decimal("5.0"), documents=True, counts_cities=True),
    parameters=Parameters(version="2", window=FISCAL_YEAR, countable_from=date(2026, 4, 2)),
    documents_checked=True,
)
# As it was stored under version 1. Never change it: decisions like this one are out there.
STORED = """{
  "today": "2027-11-23",
  "municipality": {"code": "042056", "prefecture_code": "040002"},
  "residence": {"code": "212172", "prefecture_code": "210005"},
  "is_registered": true,
  "identity_valid": true,
  "is_minor": false,
  "guardian_consent": false,
  "parameters": {"version": "2", "basic_name": "ベーシック", "basic_name_en": "Basic",
    "premium_name": "プレミアム", "premium_name_en": "Premium", "needed_participations": 3,
    "window": "fiscal_year", "one_a_day": true, "max_premium": 3, "adult_age": 18,
    "countable_from": "2026-04-02"},
  "participations": [
    {"session": "a", "day": "2027-05-01", "municipality": "042056", "designated": true,
      "category": "farming", "hours": "1.50"},
    {"session": "b", "day": "2027-11-23", "municipality": "042056", "designated": false,
      "category": "", "hours": "2.00"}],
  "held": [
    {"place": {"code": "212172", "prefecture_code": "210005"},
      "derived": false, "over_limit": false},
    {"place": {"code": "210005", "prefecture_code": "210005"},
      "derived": true, "over_limit": false},
    {"place": {"code": "210005", "prefecture_code": "210005"},
      "derived": false, "over_limit": true}],
  "asked": {"version": 2, "needed": 4, "category": "farming", "of_category": 1, "hours": "5.0",
    "documents": true, "counts_cities": true},
  "documents_checked": true
}"""
OUTCOME = """{"conditions": [
  {"code": "registered", "met": true, "data": {}, "evidence": []},
  {"code": "enough_participations", "met": false, "data": {"have": 1, "need": 4, "missing": 3,
    "first_day": "2027-04-01", "last_day": "2027-11-23",
    "not_counted": [{"session": "b", "reason": "not_designated"}]}, "evidence": ["a"]},
  {"code": "of_category", "met": true,
    "data": {"have": 1, "need": 1, "missing": 0, "category": "farming"}, "evidence": ["a"]},
  {"code": "enough_hours", "met": false,
    "data": {"have": "1.50", "need": "5.0", "missing": "3.50"}, "evidence": []},
  {"code": "identity_verified", "met": true, "data": {}, "evidence": []},
  {"code": "lives_elsewhere", "met": true, "data": {}, "evidence": []},
  {"code": "within_limit", "met": false, "data": {"held": ["212172"], "max": 3}, "evidence": []},
  {"code": "documents_checked", "met": true, "data": {}, "evidence": []}
]}"""


def test_facts_are_written_in_the_order_of_their_fields():
    written = to_json(FACTS)
    del written["parameters"]["release_after_months"]  # came after this was stored
    assert json.dumps(written) == json.dumps(json.loads(STORED))


def test_what_was_stored_is_read_and_decided_as_it_was():
    assert from_json(json.loads(STORED)) == FACTS
    assert decide(from_json(json.loads(STORED)), "1").to_json() == json.loads(OUTCOME)


def test_what_was_stored_before_a_field_came_reads_as_its_default():
    stored = json.loads(STORED)
    for part in (stored["asked"], *stored["participations"]):
        part.pop("category")
    del stored["asked"]["counts_cities"], stored["parameters"]["max_premium"]
    del stored["documents_checked"], stored["held"][0]["derived"]
    read = from_json(stored)
    assert read.asked == replace(FACTS.asked, category="", counts_cities=False)
    assert not read.documents_checked
    assert read.held == FACTS.held


@pytest.mark.parametrize("gone", ["today", "parameters", "held", "is_minor"])
def test_what_is_no_facts_is_an_error(gone):
    stored = json.loads(STORED)
    del stored[gone]
    with pytest.raises((KeyError, TypeError)):
        from_json(stored)
    with pytest.raises(TypeError):
        from_json(json.loads(STORED) | {"name": "佐藤"})


def test_no_personal_data_can_be_in_facts():
    def keys(value):
        if isinstance(value, dict):
            return set(value).union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    named = {"name", "family_name", "birth_date", "born", "address", "email", "phone", "resident"}
    assert not named & keys(to_json(FACTS))
