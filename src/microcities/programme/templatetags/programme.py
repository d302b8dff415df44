"""Lets a template show texts that data files hold in both languages."""

from django import template
from django.utils.translation import get_language

from microcities.rulebooks.schema import Text

register = template.Library()


@register.filter
def words(text: Text) -> str:
    """The text in the language of the page: `{{ failure.what|words }}`."""
    return text.in_language(get_language() or "lv")
