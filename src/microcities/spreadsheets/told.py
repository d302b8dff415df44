"""Keeps what the background says of a list in every language of the site: whoever reads it may read another one."""

import json
from typing import Any

from django.conf import settings
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, override

Text = str | Promise


def filled(text: Text, **values: Any) -> str:
    """A text with its values, put together only when it is read, in the language of that moment."""
    return lazy(lambda: str(text) % values, str)()


def in_every_language(*reasons: Text) -> str:
    """The reasons as one JSON text {language: words}; each must be lazy, or it has one language only."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            said[code] = " ".join(str(reason) for reason in reasons)
    return json.dumps(said, ensure_ascii=False)


def in_this_language(stored: str) -> str:
    """What `in_every_language` kept, for the present reader; anything else as it stands."""
    try:
        said = json.loads(stored)
    except ValueError:
        return stored
    if not isinstance(said, dict) or not said:
        return stored
    code = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return str(said.get(code) or next(iter(said.values())))
