"""What waits for a guardian, and who can be one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.ages import is_minor
from identity.rules.minors import GuardianInput, Standing, may_consent

TODAY = date(2027, 11, 23)
BIRTHS = st.dates(date(1990, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("born", "consented", "lacks", "holds"),
    [
        (date(2010, 5, 1), False, True, False),
        (date(2010, 5, 1), True, False, True),
        (date(2009, 11, 24), True, False, True),  # the last day
        (date(2009, 11, 23), True, False, False),  # of age: it is over by itself
        (date(2009, 11, 23), False, False, False),
    ],
)
def test_a_consent_holds_for_a_minor_and_only_so_long(born, consented, lacks, holds):
    standing = Standing(born, TODAY, consented)
    assert (standing.lacks_consent, standing.consent_holds) == (lacks, holds)


@given(BIRTHS, st.booleans())
def test_a_minor_has_a_consent_or_lacks_it_and_an_adult_neither(born, consented):
    standing = Standing(born, TODAY, consented)
    assert standing.lacks_consent + standing.consent_holds == standing.is_minor
    assert standing.is_minor is (TODAY < standing.of_age_on)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ((False, date(1985, 1, 1)), []),
        ((True, date(1985, 1, 1)), ["guardian_is_another"]),
        ((False, None), ["guardian_verified"]),
        ((False, date(2010, 1, 1)), ["guardian_of_age"]),
        ((True, None), ["guardian_is_another", "guardian_verified"]),
    ],
)
def test_a_guardian_is_another_proved_adult(facts, codes):
    decision = may_consent(GuardianInput(*facts, today=TODAY))
    assert [condition.code for condition in decision.unmet] == codes


@given(st.booleans(), st.none() | BIRTHS)
def test_nobody_else_can_consent(is_the_child, born):
    proved_adult = born is not None and not is_minor(born, TODAY)
    decision = may_consent(GuardianInput(is_the_child, born, TODAY))
    assert decision.allowed is (proved_adult and not is_the_child)
