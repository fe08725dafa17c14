"""Who may change the look of a municipality."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from tenants.context import municipality_context
from tenants.models import Municipality
from themes.operations import let_staff_choose_the_look

MAY = {"administrator", "editor"}


def _roles_that_may_change_the_theme() -> set[str]:
    groups = Group.objects.filter(permissions__codename="change_theme")
    return set(groups.values_list("name", flat=True))


@pytest.mark.parametrize("name", ["kesennuma", "hida"])
def test_new_municipality_lets_administrators_and_editors_choose_the_look(
    name: str, request: pytest.FixtureRequest
) -> None:
    municipality: Municipality = request.getfixturevalue(name)
    with municipality_context(municipality):
        assert Group.objects.count() > len(MAY)
        assert _roles_that_may_change_the_theme() == MAY
        let_staff_choose_the_look()
        assert _roles_that_may_change_the_theme() == MAY
