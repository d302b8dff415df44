"""Finds every row that tells of a set of persons, those included that live on in the history alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection, models

from microcities.privacy.walk import ACCOUNT, PERSON, AnyModel, about_person, models_about_person, personal_fields
from microcities.trail.install import is_traced

Ids = set[Any]


def persons_as_one(*persons: models.Model) -> Ids:
    """The numbers of these persons and of all records that were merged into them, or into those."""
    model: Any = apps.get_model(PERSON)
    found: Ids = {person.pk for person in persons}
    fresh = found
    while fresh:
        fresh = set(model.objects.filter(merged_into_id__in=fresh).values_list("pk", flat=True)) - found
        found |= fresh
    return found


def paths_to_person(model: AnyModel) -> list[str]:
    """All ways from a row to a person whose data it is, as declared beside the model: the main one first."""
    declared = about_person(model)
    return [declared.path, *declared.shared_with]


def rows_about(model: AnyModel, persons: Ids) -> "models.QuerySet[Any]":
    """The present rows of a model that tell of these persons, in the order of their keys."""
    condition = models.Q(pk__in=[])
    for path in paths_to_person(model):
        lookup = f"{path.replace('.', '__')}_id__in" if path else "pk__in"
        condition |= models.Q(**{lookup: persons})
    return model._default_manager.filter(condition).distinct().order_by("pk")


@dataclass
class Reach:
    """All row numbers that tell, or ever told, of these persons, asked of each table once."""

    persons: Ids
    _known: dict[tuple[str, str], Ids] = field(default_factory=dict)

    def ever(self, model: AnyModel) -> Ids:
        """Keys of present and former rows of the model."""
        found: Ids = set()
        for path in paths_to_person(model):
            found |= self._along(model, path)
        return found

    def _along(self, model: AnyModel, path: str) -> Ids:
        if not path:
            return set(self.persons)
        key = (model._meta.label, path)
        if key not in self._known:
            first, _dot, rest = path.partition(".")
            link: Any = model._meta.get_field(first)
            targets = self._along(link.related_model, rest) if rest else set(self.persons)
            present = model._default_manager.filter(**{f"{first}_id__in": targets}).values_list("pk", flat=True)
            self._known[key] = set(present) | self._former(model, link.column, targets)
        return self._known[key]

    @staticmethod
    def _former(model: AnyModel, column: str, targets: Iterable[Any]) -> Ids:
        if not is_traced(model):
            return set()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT row_id FROM trail_change "
                "WHERE table_name = %s AND old IS NOT NULL AND old ->> %s = ANY(%s)",
                [model._meta.db_table, column, [str(target) for target in targets]],
            )
            pk: Any = model._meta.pk
            return {pk.to_python(row_id) for (row_id,) in cursor.fetchall()}


@dataclass(frozen=True)
class Marks:
    """What ties a row to a person that no foreign key ties to it: every e-mail address and code hash on record."""

    addresses: frozenset[str]
    hashes: tuple[bytes, ...]


def marks_of(persons: Ids) -> Marks:
    """The marks of these persons and of their accounts."""
    model: Any = apps.get_model(PERSON)
    account: Any = apps.get_model(ACCOUNT)
    rows = list(model.objects.filter(pk__in=persons).values_list("email", "code_hash"))
    accounts = account.objects.filter(person_id__in=persons)
    addresses = {email for email, _hash in rows} | set(accounts.values_list("email", flat=True))
    addresses |= set(EmailAddress.objects.filter(user__in=accounts).values_list("email", flat=True))
    hashes = tuple(bytes(each) for _email, each in rows if each is not None)
    return Marks(frozenset(address for address in addresses if address), hashes)


def strays(model: AnyModel, marks: Marks) -> "models.QuerySet[Any]":
    """Rows that no person is tied to but that carry a mark, such as an open invitation or a row of a waiting list."""
    path = about_person(model).path
    condition = models.Q(pk__in=[])
    for each, _declaration in personal_fields(model):
        if isinstance(each, models.EmailField):
            lookup = "iexact"
        elif isinstance(each, models.JSONField):
            lookup = "icontains"
        elif isinstance(each, models.BinaryField) and marks.hashes:
            condition |= models.Q(**{f"{each.name}__in": marks.hashes})
            continue
        else:
            continue
        for address in marks.addresses:
            condition |= models.Q(**{f"{each.name}__{lookup}": address})
    if not path:
        return model._default_manager.none()
    return model._default_manager.filter(condition, **{f"{path.replace('.', '__')}__isnull": True})


def everything_about(persons: Ids) -> "list[tuple[AnyModel, models.QuerySet[Any]]]":
    """(model, its rows) for each model that tells of persons: the person first, then by label; none without a row."""
    found = sorted(models_about_person(), key=lambda model: (model._meta.label != PERSON, model._meta.label))
    pairs = [(model, rows_about(model, persons)) for model in found]
    return [(model, rows) for model, rows in pairs if rows.exists()]
