"""Kinds of notices: which of them belong to the service itself and which a reader may refuse by e-mail."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Kind:
    """A kind, its name for people, and whether it is service mail, which cannot be refused.

    A notice of a `fleeting` kind is deleted as soon as its letter has left, or cannot leave: its reader is erased.
    """

    slug: str
    name: "str | Promise"
    service: bool = True
    fleeting: bool = False


_kinds: dict[str, Kind] = {}


def register_kind(slug: str, name: "str | Promise", *, service: bool = True, fleeting: bool = False) -> Kind:
    """Add a kind under a stable slug; an app does so in its `worklist.py` or where it sends. Twice is an error."""
    kind = Kind(slug, name, service, fleeting)
    if _kinds.get(slug, kind) != kind:
        raise ValueError(f"the kind of notices {slug!r} is registered twice")
    _kinds[slug] = kind
    return kind


def kind_of(slug: str) -> Kind:
    """The kind of that slug; KeyError says which there are."""
    if slug not in _kinds:
        raise KeyError(f"no kind of notices {slug!r}; there are: {', '.join(sorted(_kinds)) or 'none'}")
    return _kinds[slug]


def all_kinds() -> list[Kind]:
    """Every kind by its slug."""
    return [kind for _slug, kind in sorted(_kinds.items())]
