"""What each role may do with pages, pictures, documents and languages."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from tenants.staff.roles import Role

_EVERYONE = list(Role)
_EDITING = [Role.ADMINISTRATOR, Role.EDITOR]

# (app label, code name) → roles that have it everywhere in their municipality.
_MODEL_PERMISSIONS: dict[tuple[str, str], list[Role]] = {
    ("wagtailadmin", "access_admin"): _EVERYONE,
    ("wagtail_localize", "submit_translation"): [*_EDITING, Role.COORDINATOR],
    ("wagtailcore", "add_locale"): [Role.ADMINISTRATOR],
    ("wagtailcore", "change_locale"): [Role.ADMINISTRATOR],
    ("wagtailcore", "delete_locale"): [Role.ADMINISTRATOR],
    ("wagtailredirects", "add_redirect"): _EDITING,
    ("wagtailredirects", "change_redirect"): _EDITING,
    ("wagtailredirects", "delete_redirect"): _EDITING,
}
# On the root, above the front pages of all languages: a translation is a tree of its own.
# Coordinators get theirs from `activities`, below its index.
_PAGE_PERMISSIONS: dict[Role, list[str]] = {
    Role.ADMINISTRATOR: [
        "add_page",
        "change_page",
        "publish_page",
        "lock_page",
        "unlock_page",
    ],
    Role.EDITOR: ["add_page", "change_page", "publish_page"],
}
_FILES_ALL = ["add_image", "change_image", "choose_image"]
_DOCUMENTS_ALL = ["add_document", "change_document", "choose_document"]
_COLLECTION_PERMISSIONS: dict[Role, list[str]] = {
    Role.ADMINISTRATOR: [
        *_FILES_ALL,
        *_DOCUMENTS_ALL,
        "add_collection",
        "change_collection",
        "delete_collection",
    ],
    Role.EDITOR: [*_FILES_ALL, *_DOCUMENTS_ALL],
    # Their own pictures only: "add" lets one change what one has added.
    Role.COORDINATOR: ["add_image", "choose_image", "add_document", "choose_document"],
}
_CONTENT_APPS = ["wagtailcore", "wagtailimages", "wagtaildocs"]


def make_permissions() -> None:
    """Give the roles' groups of the active schema their permissions; safe to repeat."""
    groups = {group.name: group for group in Group.objects.filter(name__in=Role.values)}
    _grant_model_permissions(groups)
    content = {
        permission.codename: permission
        for permission in Permission.objects.filter(content_type__app_label__in=_CONTENT_APPS)
    }
    root = Page.get_first_root_node()
    for role, codes in _PAGE_PERMISSIONS.items():
        for code in codes:
            GroupPagePermission.objects.get_or_create(
                group=groups[role], page=root, permission=content[code]
            )
    collection = Collection.get_first_root_node()
    for role, codes in _COLLECTION_PERMISSIONS.items():
        for code in codes:
            GroupCollectionPermission.objects.get_or_create(
                group=groups[role], collection=collection, permission=content[code]
            )


def _grant_model_permissions(groups: dict[str, Group]) -> None:
    permissions = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    for key, roles in _MODEL_PERMISSIONS.items():
        _grant(groups, roles, [permissions[key]])
    themes = [
        permission
        for (app, code), permission in permissions.items()
        if app == "themes" and code.startswith("change_")
    ]
    _grant(groups, _EDITING, themes)


def _grant(groups: dict[str, Group], roles: Iterable[Role], permissions: list[Permission]) -> None:
    for role in roles:
        groups[role].permissions.add(*permissions)
