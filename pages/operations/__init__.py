"""What is done with pages besides editing them."""

from pages.operations.defaults import make_default_pages
from pages.operations.permissions import make_permissions

__all__ = ["make_default_pages", "make_permissions"]
