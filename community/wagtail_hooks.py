"""The rooms' place in the municipality's admin, and in the history of the site."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from community.operations.moderation import HIDDEN, SHOWN
from community.viewsets import CommunityGroup


@hooks.register("register_admin_viewset")
def register_community() -> CommunityGroup:
    return CommunityGroup()


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action(HIDDEN, _("Hide a post"), _("Post hidden"))
    actions.register_action(SHOWN, _("Show a post again"), _("Post shown again"))
