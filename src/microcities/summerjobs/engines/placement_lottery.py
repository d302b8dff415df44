"""Lots: every pupil's number follows from the published seed alone, so that anybody can draw again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from microcities.summerjobs.engines.placement_input import Pupil


def ticket(public_seed: str, draw: str, code: str) -> str:
    """SHA-256 of seed, draw and code, each preceded by its length in bytes, as 64 hexadecimal digits.

    The lengths keep two different triples from being the same text.
    """
    digest = hashlib.sha256()
    for part in (public_seed, draw, code):
        written = part.encode()
        digest.update(b"%d:" % len(written))
        digest.update(written)
    return digest.hexdigest()


def numbers(pupils: Sequence[Pupil], public_seed: str, draw: str) -> dict[str, int]:
    """The lot of each pupil by code, 1 to n: by ticket, those who belong together beside one another at their common ticket.

    A group's ticket is drawn from its own code, so that belonging to one makes a low number no likelier.
    """
    drawn = {}
    for each in pupils:
        own = ticket(public_seed, draw, f"pupil {each.id}")
        common = own if each.together is None else ticket(public_seed, draw, f"together {each.together}")
        drawn[each.id] = (common, own, each.id)
    return {code: number for number, code in enumerate(sorted(drawn, key=drawn.__getitem__), start=1)}
