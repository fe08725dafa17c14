"""The municipalities that the tests of the walls ask about."""

from __future__ import annotations

import pytest
from django.test import override_settings

from tenants.models import Municipality
from tenants.postgresql.connection import connection
from tests.conftest import HIDA, KESENNUMA
from tests.isolation.access_world import World, make_world
from tests.isolation.places import Place, place_of
from tests.isolation.shared_rows import fill_the_rest


@pytest.fixture(scope="module")
def world(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two municipalities full of things, committed."""
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        made = make_world(here, there)
    fill_the_rest(made)
    connection.set_schema_to_public()
    return made


@pytest.fixture(params=["here", "there"])
def place(request: pytest.FixtureRequest, world: World) -> Place:
    """Each municipality in turn, as its administrator sees it."""
    return place_of(world, request.param)


@pytest.fixture
def kesennuma_staff(world: World) -> Place:
    return place_of(world, "here")
