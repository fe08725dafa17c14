"""What an organisation is to each municipality."""

from __future__ import annotations

from datetime import date

import pytest

from common.refusal import Refused
from organisations.enums import Pattern
from organisations.models import Standing
from organisations.operations.standings import end_standing, give_standing
from organisations.queries import organisations_of, standing_on
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
SPRING, AUTUMN = date(2026, 4, 1), date(2026, 10, 1)


def give(organisation, municipality, pattern, since):
    return give_standing(
        organisation, municipality, pattern=pattern, valid_from=since, decided_by=None
    )


def test_standing_holds_at_its_own_municipality_alone(kesennuma, hida):
    organisation = make_organisation(kesennuma)
    other = make_organisation(hida, name="飛騨の会")
    assert standing_on(organisation, kesennuma, AUTUMN).pattern == Pattern.EACH_PROJECT
    assert standing_on(organisation, hida, AUTUMN) is None
    assert list(organisations_of(kesennuma, AUTUMN)) == [organisation]
    assert list(organisations_of(hida, AUTUMN)) == [other]


def test_new_pattern_ends_the_one_before_on_the_day_before(kesennuma, hida):
    organisation = make_organisation()
    give(organisation, hida, Pattern.EACH_PROJECT, SPRING)
    give(organisation, kesennuma, Pattern.EACH_PROJECT, SPRING)
    give(organisation, kesennuma, Pattern.TRUSTED, AUTUMN)
    assert standing_on(organisation, kesennuma, date(2026, 9, 30)).pattern == Pattern.EACH_PROJECT
    assert standing_on(organisation, kesennuma, AUTUMN).pattern == Pattern.TRUSTED
    assert standing_on(organisation, hida, AUTUMN).pattern == Pattern.EACH_PROJECT


def test_giving_the_same_standing_twice_makes_one(kesennuma):
    organisation = make_organisation()
    first = give(organisation, kesennuma, Pattern.TRUSTED, SPRING)
    assert give(organisation, kesennuma, Pattern.TRUSTED, AUTUMN) == first
    assert Standing.objects.count() == 1


def test_standing_that_starts_later_is_not_overwritten(kesennuma):
    organisation = make_organisation()
    give(organisation, kesennuma, Pattern.EACH_PROJECT, AUTUMN)
    with pytest.raises(Refused) as refusal:
        give(organisation, kesennuma, Pattern.TRUSTED, SPRING)
    assert refusal.value.code == "standing_starts_later"


def test_ended_standing_holds_to_its_last_day(kesennuma):
    organisation = make_organisation(kesennuma)
    end_standing(organisation, kesennuma, AUTUMN)
    end_standing(organisation, kesennuma, AUTUMN)
    assert standing_on(organisation, kesennuma, AUTUMN) is not None
    assert standing_on(organisation, kesennuma, date(2026, 10, 2)) is None
    with pytest.raises(Refused):
        late = make_organisation(kesennuma, name="別の会", valid_from=AUTUMN)
        end_standing(late, kesennuma, SPRING)
