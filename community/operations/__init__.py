"""What can be done in rooms; each in one transaction, in the active municipality's schema."""

from community.operations.moderation import hide, unhide
from community.operations.posting import post, post_as_staff

__all__ = ["hide", "post", "post_as_staff", "unhide"]
