"""Recognises the columns of a list by their headings, in whatever order and spelling partners write them."""

import re
from collections.abc import Mapping, Sequence

from microcities.database.collation import search_key

NOT_WORDS = re.compile(r"[^a-z0-9]+")


def plain(heading: str) -> str:
    """A heading as it is compared: small letters without diacritics, anything else a space."""
    return " ".join(NOT_WORDS.sub(" ", search_key(heading)).split())


def places_of(header: Sequence[str], fields: Mapping[str, str]) -> dict[str, int]:
    """{field: place of its column}; `fields` is {plain heading: field}. The first of two columns of one field counts."""
    found: dict[str, int] = {}
    for place, heading in enumerate(header):
        key = fields.get(plain(heading))
        if key and key not in found:
            found[key] = place
    return found
