"""What is done with pages besides editing them."""

from pages.operations.defaults import introduce, make_first_pages
from pages.operations.permissions import make_permissions

__all__ = ["introduce", "make_first_pages", "make_permissions"]
