"""A button in a row of a table: a small form of its own, because a link never changes anything."""

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from microcities.ui.components import NONE, ButtonKind, button

Text = str | Promise


def deed(
    request: HttpRequest,
    words: Text,
    *,
    href: str,
    about: Text,
    kind: ButtonKind = "secondary",
    name: str = "",
    value: str = "",
) -> SafeString:
    """A button that does `words` to the row; `about` names the row for those who hear the button alone."""
    said = format_html('{}<span class="visually-hidden">: {}</span>', words, about)
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">{}{}</form>',
        href,
        get_token(request),
        format_html('<input type="hidden" name="{}" value="{}">', name, value) if name else NONE,
        button(said, kind=kind),
    )
