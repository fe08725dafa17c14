"""What stands in which schema, read from the database's catalogue."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import ProgrammingError, connection, transaction
from wagtail.models import Page

from tenants.context import municipality_context, public_context
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db


def _rows(query, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def _tables(schema):
    return {
        name for (name,) in _rows("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
    }


def _models(app_names):
    names = set(app_names)
    return [model for model in apps.get_models() if model._meta.app_config.name in names]


def test_no_wagtail_table_stands_in_public():
    strangers = [
        name
        for name in _tables("public")
        if name.startswith(("wagtail", "taggit", "pages_", "activities_", "surveys_", "community_"))
    ]
    assert strangers == []


def test_public_holds_the_shared_apps_tables_and_no_tenants(kesennuma):
    public = _tables("public")
    shared = {m._meta.db_table for m in _models(settings.SHARED_APPS) if m._meta.managed}
    only_tenant = {m._meta.db_table for m in _models(settings.TENANT_APPS)} - shared
    assert shared <= public
    assert not only_tenant & public
    assert only_tenant <= _tables(kesennuma.schema_name)


def test_a_municipality_holds_no_shared_table(kesennuma, hida):
    only_shared = {m._meta.db_table for m in _models(settings.SHARED_APPS)} - {
        m._meta.db_table for m in _models(settings.TENANT_APPS)
    }
    for municipality in (kesennuma, hida):
        assert not only_shared & _tables(municipality.schema_name)


def test_both_municipalities_have_the_same_tables(kesennuma, hida):
    assert _tables(kesennuma.schema_name) == _tables(hida.schema_name)


def test_no_constraint_crosses_schemas(kesennuma, hida):
    crossing = _rows(
        "SELECT c.conname, n.nspname, rn.nspname FROM pg_constraint c"
        " JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
        " JOIN pg_class r ON r.oid = c.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace"
        " WHERE c.contype = 'f' AND n.nspname <> rn.nspname"
    )
    assert crossing == []
    inside = _rows(
        "SELECT count(*) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace"
        " WHERE c.contype = 'f' AND n.nspname = %s",
        [kesennuma.schema_name],
    )
    assert inside[0][0] > 50, "constraints inside a schema stay"


def test_no_trigger_stands_in_a_municipality_beside_those_of_constraints(kesennuma):
    own = _rows(
        "SELECT tgname FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid"
        " JOIN pg_namespace n ON n.oid = t.relnamespace"
        " WHERE NOT g.tgisinternal AND n.nspname = %s",
        [kesennuma.schema_name],
    )
    assert own == [], "Citus refuses triggers in tenant schemas"


def test_content_types_stand_in_public_only(kesennuma, hida):
    for municipality in (kesennuma, hida):
        assert ContentType._meta.db_table not in _tables(municipality.schema_name)
    with municipality_context(kesennuma):
        here = dict(ContentType.objects.values_list("pk", "model"))
    with municipality_context(hida):
        assert dict(ContentType.objects.values_list("pk", "model")) == here


def test_a_page_query_outside_of_a_municipality_fails_loudly(kesennuma):
    with public_context(), pytest.raises(ProgrammingError), transaction.atomic():
        Page.objects.exists()


def test_a_role_holds_in_one_municipality_only(kesennuma, hida):
    user = make_member(kesennuma, "administrator")
    results = []
    for municipality in (kesennuma, hida):
        with municipality_context(municipality):
            fresh = type(user).objects.get(pk=user.pk)
            results.append(fresh.has_perm("staff.add_invitation"))
    with public_context():
        results.append(type(user).objects.get(pk=user.pk).has_perm("staff.add_invitation"))
    assert results == [True, False, False]


def test_nobody_holds_a_permission_over_accounts(kesennuma, hida):
    for municipality in (kesennuma, hida):
        with municipality_context(municipality):
            granted = Permission.objects.filter(
                group__isnull=False, content_type__app_label__in=["accounts", "auth"]
            )
            # Entering people at the counter is a right of its own, over entries alone.
            assert list(granted.exclude(content_type__model="counterentry")) == []


def test_every_cache_keys_by_schema(kesennuma, hida):
    for alias, configuration in settings.CACHES.items():
        assert configuration["KEY_FUNCTION"] == "django_tenants.cache.make_key", alias
        cache = caches[alias]
        with municipality_context(kesennuma):
            cache.set("front", "気仙沼")
        with municipality_context(hida):
            assert cache.get("front") is None
            cache.set("front", "飛騨")
        with municipality_context(kesennuma):
            assert cache.get("front") == "気仙沼"


def test_media_are_kept_per_municipality(kesennuma, hida, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    places = []
    for municipality in (kesennuma, hida):
        with municipality_context(municipality):
            name = default_storage.save("note.txt", ContentFile(municipality.name.encode()))
            places.append(default_storage.path(name))
            assert default_storage.open(name).read().decode() == municipality.name
            assert municipality.schema_name in default_storage.url(name)
    assert places[0] != places[1]
    with municipality_context(kesennuma):
        assert default_storage.listdir("")[1] == ["note.txt"]


def test_a_rollback_does_not_leave_the_connection_in_another_schema(kesennuma, hida):
    with municipality_context(kesennuma):
        Page.objects.count()
        try:
            with transaction.atomic(), municipality_context(hida):
                Page.objects.count()
                raise ValueError
        except ValueError:
            pass
        assert _rows("SHOW search_path")[0][0].startswith(f'"{kesennuma.schema_name}"')
