"""Rooms and posts in the municipality's admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from community.models import Room
from community.permissions import may_moderate
from community.views.moderation import hide_view, post_list, unhide_view, write_view
from pages.columns import YesNoColumn


class RoomViewSet(ModelViewSet):
    """Rooms are made, described, ordered and closed; nobody may delete one."""

    model = Room
    name = "community_rooms"
    icon = "group"
    menu_label = _("Rooms")
    list_display = ["name", YesNoColumn("is_open", label=_("open for posts"))]
    ordering = ["sort_order", "pk"]
    copy_view_enabled = False
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("is_open"),
    ]


class PostViewSet(ViewSet):
    """Every post of every room."""

    name = "community_posts"
    icon = "comment"
    menu_label = _("Posts")

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", post_list, name="index"),
            path("write/", write_view, name="write"),
            path("<int:pk>/answer/", write_view, name="answer"),
            path("<int:pk>/hide/", hide_view, name="hide"),
            path("<int:pk>/unhide/", unhide_view, name="unhide"),
        ]

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        class ModeratorsMenuItem(MenuItem):
            def is_shown(self, request: HttpRequest) -> bool:
                return may_moderate(request.user)

        return ModeratorsMenuItem


class CommunityGroup(ViewSetGroup):
    """One place in the menu for all of it."""

    menu_label = _("Community rooms")
    menu_icon = "group"
    menu_order = 330
    items = (PostViewSet, RoomViewSet)
