"""Which programmes a person took part in, as far as the tables above this one say so: what holds and clocks ask."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps

from microcities.privacy.walk import about_person, follow

PROGRAMME = "programme.Programme"
_ties: dict[str, str] = {}


def tie_to_programme(label: str, path: str) -> None:
    """Declare that each row of a model ties its person to the programme at the end of the dotted `path`.

    Called from an app's `ready()`; ValueError when the path does not lead to a programme.
    """
    end = follow(apps.get_model(label), path)
    if end._meta.label != PROGRAMME:
        raise ValueError(f"{label}.{path} leads to {end._meta.label}, not to {PROGRAMME}")
    _ties[label] = path


def programmes_of(persons: Iterable[Any]) -> dict[Any, set[Any]]:
    """Programme numbers by person number; persons who took part in nothing are left out."""
    return _collected({"in": list(persons)})


def tied_persons() -> dict[Any, set[Any]]:
    """The same for everybody who took part in anything."""
    return _collected({"isnull": False})


def _collected(condition: dict[str, Any]) -> dict[Any, set[Any]]:
    found: dict[Any, set[Any]] = {}
    for label, path in _ties.items():
        model: Any = apps.get_model(label)
        person = f"{about_person(model).path.replace('.', '__')}_id"
        programme = f"{path.replace('.', '__')}_id"
        query = model._default_manager.filter(**{f"{person}__{how}": value for how, value in condition.items()})
        for person_id, programme_id in query.order_by().values_list(person, programme).distinct():
            if programme_id is not None:  # what belongs to no programme ties nobody to one
                found.setdefault(person_id, set()).add(programme_id)
    return found
