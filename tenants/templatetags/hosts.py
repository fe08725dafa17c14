"""Links from one host to another."""

from django import template

from tenants import hosts
from tenants.context import current_municipality

register = template.Library()


@register.simple_tag
def portal_url(path: str = "/") -> str:
    """Absolute address on the portal: `{% portal_url "/my/" %}`."""
    return hosts.portal_url(path)


@register.simple_tag
def municipality_url(municipality: hosts.HasSlug, path: str = "/") -> str:
    """Absolute address on a municipality's site: `{% municipality_url municipality "/" %}`."""
    return hosts.municipality_url(municipality, path)


@register.simple_tag
def admin_url(municipality: hosts.HasSlug, path: str = "/admin/") -> str:
    """Absolute address on a municipality's admin host."""
    return hosts.admin_url(municipality, path)


@register.simple_tag
def this_admin_url(path: str = "/admin/") -> str:
    """Absolute address on the admin host of the municipality whose schema is active."""
    return hosts.admin_url(current_municipality(), path)
