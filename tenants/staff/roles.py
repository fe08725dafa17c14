"""The closed list of roles. A role is a group of the municipality's own schema."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """Roles at a municipality; the value is the group's name."""

    ADMINISTRATOR = "administrator", _("Administrator")
    EDITOR = "editor", _("Page editor")
    REGISTRATION_OFFICER = "registration_officer", _("Registration officer")
    COORDINATOR = "coordinator", _("Coordinator")
    ROOM_MODERATOR = "room_moderator", _("Room moderator")
    READER = "reader", _("Reader")


OPERATOR_GROUP = "operator"
"""Group of the public schema whose members run the platform."""
