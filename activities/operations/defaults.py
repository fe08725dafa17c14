"""The list of activities of a new municipality, who may work on it, and how one is designated."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import GroupPagePermission, Page, Workflow, WorkflowTask

from activities.models import ActivityIndexPage, DesignationTask
from tenants.staff.roles import Role

INDEX_SLUG = "activities"
_PERMISSIONS = ["add_page", "change_page", "publish_page"]
# Editors and administrators have theirs on the whole site already; a coordinator works here.
_ROLES = [Role.COORDINATOR]


def make_activity_index() -> ActivityIndexPage | None:
    """Make the list under the front page of the active schema; safe to repeat.

    None where there is no front page to put it under.
    """
    existing = ActivityIndexPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
    if index := existing.first():
        return index
    home = Page.objects.filter(
        depth=2, locale__language_code=settings.LANGUAGE_CODE, sites_rooted_here__isnull=False
    ).first()
    if home is None:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        index = ActivityIndexPage(
            title=gettext("Take part in activities"),
            slug=INDEX_SLUG,
            lead=gettext(
                "Come and help. Activities with the mark count towards the hometown-resident"
                " registration scheme."
            ),
            locale=home.locale,
            show_in_menus=True,
        )
    home.add_child(instance=index)
    index.save_revision().publish()
    return index


def make_designation_workflow() -> Workflow:
    """The workflow that an organisation's project goes through, of one task; safe to repeat."""
    workflow: Workflow | None = Workflow.objects.filter(
        workflow_tasks__task__in=DesignationTask.objects.values("pk")
    ).first()
    if workflow is None:
        with translation.override(settings.LANGUAGE_CODE):
            name = gettext("Designation of organisations' activities")
        task = DesignationTask.objects.create(name=name)
        workflow = Workflow.objects.create(name=name)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow


def make_permissions() -> None:
    """Let administrators keep the register of coordinators and its costs; safe to repeat."""
    permission = Permission.objects.get(
        content_type__app_label="activities", codename="change_coordinator"
    )
    Group.objects.get(name=Role.ADMINISTRATOR).permissions.add(permission)


def make_activity_permissions(index: ActivityIndexPage) -> None:
    """Let coordinators plan, change and publish activities; safe to repeat."""
    permissions = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=_PERMISSIONS
    )
    for group in Group.objects.filter(name__in=_ROLES):
        for permission in permissions:
            GroupPagePermission.objects.get_or_create(
                group=group, page=index, permission=permission
            )
