"""A full front page costs as few queries as an empty one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images.models import Image

from organisations.enums import Pattern
from tenants.context import municipality_context
from tests.factories.activities import make_activity
from tests.factories.organisations import make_organisation

BOUND = 12


def queries_of(visit: Any, municipality: Any) -> tuple[list[str], str]:
    with CaptureQueriesContext(connection) as captured:
        page = visit(municipality).content.decode()
    return [query["sql"] for query in captured], page


@pytest.mark.parametrize("count", [1, 30])
def test_a_front_page_with_everything_on_it_stays_within_the_bound(
    visit, publish_article, the_home, picture_file, kesennuma, count
):
    with municipality_context(kesennuma):
        home = the_home()
        home.hero_image = Image.objects.create(title="海", description="海", file=picture_file())
        home.hero_image_alt = "朝の海"
        home.save_revision().publish()
        for number in range(count):
            publish_article(f"お知らせ{number}", slug=f"news-{number}")
    # Trusted, so that what counts is asked of its standing too (R17).
    organisation = make_organisation(kesennuma, pattern=Pattern.TRUSTED)
    for number in range(min(count, 6)):
        make_activity(
            kesennuma, title=f"海の清掃{number}", designated=False, organisation=organisation
        )
    visit(kesennuma)
    queries, page = queries_of(visit, kesennuma)
    assert "hero__image" in page
    assert "海の清掃" in page
    assert "お知らせ" in page
    assert "実績になります" in page
    assert len(queries) <= BOUND, queries
