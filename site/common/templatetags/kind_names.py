"""The names in force of the kinds of registration, for the templates of every app."""

from django import template

from common import kind_names as names

register = template.Library()


@register.simple_tag
def kind_names() -> names.Names:
    """`{% kind_names as kinds %}`, then `kinds.basic` and `kinds.premium`."""
    return names.kind_names()
