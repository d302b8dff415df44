"""Finds what would tell who a person is: a decision file is kept for ever and may hold numbers and codes only."""

import functools
import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.people.models import Person, Registration
from microcities.privacy.declarations import OnErasure, Purpose
from microcities.privacy.walk import personal_fields

# Names of the same things that no model of ours has but a future engine could.
OTHER_NAMES = frozenset({"first_name", "last_name", "full_name", "surname", "personal_code", "address"})
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
# A Latvian personal code, old form (date of birth first) or new form (32...).
PERSONAL_CODE = re.compile(r"(?<!\d)\d{6}-\d{5}(?!\d)")
TELLING = frozenset({Purpose.IDENTIFY, Purpose.CONTACT})


@functools.cache
def identifying_fields() -> frozenset[str]:
    """Names of the fields by which somebody could be known, from the declarations beside the fields."""
    declared = {
        field.name
        for model in (Person, Registration)
        for field, declaration in personal_fields(model)
        if declaration.purpose in TELLING and declaration.on_erasure is not OnErasure.KEEP
    }
    return OTHER_NAMES | declared


def names_nobody(document: Any, *texts: str) -> Answer:
    """Yes when neither the JSON document nor the further texts tell who a person is; otherwise what was found.

    Looks for identifying field names, e-mail addresses, personal codes, and the full names of known persons.
    """
    keys: set[str] = set()
    strings: set[str] = set(texts)
    for is_key, text in _texts(document):
        (keys if is_key else strings).add(text)
    if found := sorted(keys & identifying_fields()):
        return no(_("A decision file holds no personal data, but this has “%(field)s”.") % {"field": found[0]})
    if any(EMAIL.search(text) or PERSONAL_CODE.search(text) for text in keys | strings):
        return no(_("A decision file holds no e-mail addresses and no personal codes. Use numbers of records."))
    if _is_known_person(keys | strings):
        return no(_("A decision file holds no names of people. Use numbers of records."))
    return YES


def _texts(value: Any) -> Iterator[tuple[bool, str]]:
    """Every text of a JSON document; true beside the name of a field."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield False, item
        elif isinstance(item, dict):
            yield from ((True, key) for key in item)
            waiting.extend(item.values())
        elif isinstance(item, list | tuple):
            waiting.extend(item)


def _is_known_person(texts: set[str]) -> bool:
    possible = {text.strip().lower() for text in texts if " " in text.strip() and len(text) <= 241}
    if not possible:
        return False
    full_name = Lower(Concat("given_name", Value(" "), "family_name"))
    return Person.objects.alias(full_name=full_name).filter(full_name__in=possible).exists()
