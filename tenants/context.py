"""Entering a municipality's schema in code that no request has led there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django_tenants.utils import schema_context, tenant_context

from tenants.models import Municipality
from tenants.postgresql.connection import connection


@contextmanager
def municipality_context(municipality: Municipality) -> Iterator[None]:
    """Everything inside runs in `municipality`'s schema."""
    with tenant_context(municipality):
        yield


@contextmanager
def public_context() -> Iterator[None]:
    """Everything inside runs in the shared schema alone."""
    with schema_context("public"):
        yield


def current_municipality() -> Municipality:
    """The municipality whose schema is active. Raises `LookupError` outside of one."""
    tenant = connection.tenant
    if not isinstance(tenant, Municipality):
        raise LookupError("no municipality is active")
    return tenant
