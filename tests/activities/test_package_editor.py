"""The editor of a package: nothing that is booked is lost, a template and a translation keep it."""

from __future__ import annotations

import pytest
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from activities.models import ActivityPage
from activities.operations.templates import activity_from_template
from activities.queries import activity_index
from attendance.operations.sign_ups import sign_up, withdraw_sign_up
from attendance.rules.sign_up import Wish
from tenants.context import municipality_context
from tenants.staff.roles import Role
from tests.activities.test_admin import form_of, words
from tests.activities.test_translations import translate
from tests.factories.accounts import ResidentFactory
from tests.factories.packages import BED, CARE, make_package
from tests.factories.staff import staff_client

pytestmark = pytest.mark.django_db


def blocks(*parts):
    """What the editor's form sends of the field: `(id, name, capacity)` each."""
    data = {"components-count": str(len(parts))}
    for number, (key, name, capacity) in enumerate(parts):
        at = f"components-{number}"
        data |= {
            f"{at}-deleted": "", f"{at}-order": str(number), f"{at}-type": "component",
            f"{at}-id": key, f"{at}-value-kind": "lodging", f"{at}-value-name": name,
            f"{at}-value-costs": "", f"{at}-value-note": "", f"{at}-value-capacity": capacity,
        }  # fmt: skip
    return data


@pytest.fixture
def scene(kesennuma):
    session, ids = make_package(kesennuma, BED)
    resident = ResidentFactory()
    sign_up(resident, kesennuma, session, Wish(components={ids["lodging"]: 2}))
    with municipality_context(kesennuma):
        page = ActivityPage.objects.get(sessions__uuid=session)
        kept = page.stored_sessions().get()
    client = staff_client(kesennuma, Role.COORDINATOR)

    def send(*parts):
        fields = {
            "id": str(kept.pk), "session_uuid": str(session),
            "starts_at": f"{kept.starts_at.astimezone():%Y-%m-%d %H:%M}",
            "ends_at": f"{kept.ends_at.astimezone():%Y-%m-%d %H:%M}", "place": kept.place,
        }  # fmt: skip
        data = form_of(fields, initial=1, is_paid="on", **blocks(*parts))
        return client.post(f"/admin/pages/{page.pk}/edit/", data)

    return send, ids["lodging"], page, resident, session


def test_what_is_booked_is_neither_taken_out_nor_made_fewer(kesennuma, scene):
    send, key, page, resident, session = scene
    assert "「ゲストハウスの寝台」は、申し込んだ人が予約しています（1回の日程で2）" in words(send())
    assert "1回の日程で2の予約があります" in words(send((key, "寝台", "1")))
    with municipality_context(kesennuma):
        assert [one.capacity for one in ActivityPage.objects.get(pk=page.pk).package] == [3]
    assert send((key, "寝台（2段）", "2")).status_code == 302
    with municipality_context(kesennuma):
        (kept,) = ActivityPage.objects.get(pk=page.pk).package
    assert (kept.id, kept.name, kept.capacity) == (key, "寝台（2段）", 2)
    withdraw_sign_up(resident, session)
    assert send().status_code == 302


@pytest.mark.parametrize("capacity", ["0", "-1", "1000", "たくさん"])
def test_numbers_that_make_no_sense_are_refused(scene, capacity):
    send, key, *_others = scene
    assert send((key, "寝台", capacity)).status_code == 200


def test_a_kind_out_of_the_list_is_refused(kesennuma, scene):
    """There is none for goods that are sent (R22)."""
    send, key, page, *_others = scene
    data = blocks((key, "寝台", "3")) | {"components-0-value-kind": "parcel"}
    client = staff_client(kesennuma, Role.COORDINATOR)
    assert client.post(f"/admin/pages/{page.pk}/edit/", form_of(**data)).status_code == 200


def test_a_template_brings_the_package_along(kesennuma):
    session, ids = make_package(kesennuma, BED, CARE)
    with municipality_context(kesennuma):
        page = ActivityPage.objects.get(sessions__uuid=session)
        copy = activity_from_template(page, activity_index(), None, None)
        assert [one.name for one in copy.package] == ["ゲストハウスの寝台", "一時保育"]


def test_words_are_translated_and_numbers_are_not(kesennuma, django_capture_on_commit_callbacks):
    session, ids = make_package(kesennuma, BED)
    with municipality_context(kesennuma):
        page = ActivityPage.objects.get(sessions__uuid=session)
        translate(page).delete()  # its list and front page stay
        english = Locale.objects.get(language_code="en")
        source, _made = TranslationSource.update_or_create_from_instance(page)
        translation = Translation.objects.create(source=source, target_locale=english)
        texts = {}
        for segment in source.stringsegment_set.select_related("string", "context"):
            texts[segment.context.path] = segment.string.data
            StringTranslation.objects.create(
                translation_of=segment.string,
                context=segment.context,
                locale=english,
                data="Bed" if segment.context.path.endswith(".name") else segment.string.data,
            )
        with django_capture_on_commit_callbacks(execute=True):
            translation.save_target(publish=True)
        key = ids["lodging"]
        assert texts[f"components.{key}.name"] == "ゲストハウスの寝台"
        assert not [path for path in texts if path.endswith((".kind", ".capacity"))]
        copy = ActivityPage.objects.get(translation_key=page.translation_key, locale=english)
        assert [(one.id, one.name) for one in copy.package] == [(key, "Bed")]
        assert [(one.name, one.capacity) for one in page.package_in("en")] == [("Bed", 3)]
