"""Walks every table of the installation and says which fields lack a declaration, so that none can be forgotten."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models.fields import Field

from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, PersonalField
from microcities.privacy.outside import OUTSIDE

PACKAGE = "microcities."
# Tables below privacy in the import order cannot declare themselves; privacy.outside does it for them.
BELOW = ("database", "trail")
PERSON = "people.Person"
ACCOUNT = "people.Account"

AnyField = Field
AnyModel = type[models.Model]


@dataclass(frozen=True)
class Declared:
    """A personal field with its declaration; `model` is the Django label, `table` and `column` the database's names."""

    model: str
    table: str
    column: str
    label: str
    declaration: PersonalField


def is_first_party(model: AnyModel) -> bool:
    """A model of this package that has to carry its own declaration."""
    return model.__module__.startswith(PACKAGE) and model._meta.app_label not in BELOW


def all_models() -> list[AnyModel]:
    """Every model of the installation, many-to-many tables included, by label."""
    return sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label)


def declaration_of(model: AnyModel) -> AboutPerson | NoPersonalData | None:
    """What the model itself declares, or None."""
    found = getattr(model, "privacy", None)
    return found if isinstance(found, AboutPerson | NoPersonalData) else None


def about_person(model: AnyModel) -> AboutPerson:
    """The declaration of a model that tells of a person; TypeError for any other model."""
    found = declaration_of(model)
    if not isinstance(found, AboutPerson):
        raise TypeError(f"{model._meta.label} declares no person")
    return found


def models_about_person() -> list[AnyModel]:
    """First-party models whose rows tell of a person."""
    return [m for m in all_models() if is_first_party(m) and isinstance(declaration_of(m), AboutPerson)]


def personal_of(field: AnyField) -> PersonalField | None:
    """The declaration beside a field, or None."""
    found = getattr(field, "personal", None)
    return found if isinstance(found, PersonalField) else None


def personal_fields(model: AnyModel) -> list[tuple[AnyField, PersonalField]]:
    """The personal fields of a model, in the order of the table."""
    pairs = [(field, personal_of(field)) for field in model._meta.concrete_fields]
    return [(field, found) for field, found in pairs if found is not None]


def declared_fields() -> list[Declared]:
    """Every personal field of the installation, those of libraries and of the trail included."""
    found = []
    for model in all_models():
        meta = model._meta
        outside = OUTSIDE.get(meta.label)
        for field in meta.concrete_fields:
            declaration = outside.fields.get(field.name) if outside else personal_of(field)
            if declaration is not None:
                found.append(Declared(meta.label, meta.db_table, field.column, str(field.verbose_name), declaration))
    return found


def problems(among: Iterable[AnyModel] | None = None) -> list[str]:
    """What is undeclared or wrongly declared, one sentence each; empty when all is well."""
    return [problem for model in (all_models() if among is None else among) for problem in _problems(model)]


def _problems(model: AnyModel) -> Iterator[str]:
    label = model._meta.label
    if not is_first_party(model):
        yield from _outside_problems(model)
    elif model._meta.auto_created:
        for field in model._meta.concrete_fields:
            if field.related_model and isinstance(declaration_of(field.related_model), AboutPerson):  # type: ignore[arg-type]
                yield f"{label}: a link to persons needs a model of its own with a declaration"
    else:
        found = declaration_of(model)
        if found is None:
            yield f"{label}: no `privacy` declaration"
        elif isinstance(found, AboutPerson):
            yield from _field_problems(model, found)
            for path in (found.path, *found.shared_with):
                yield from _path_problems(model, path)
        elif personal := [field.name for field, _ in personal_fields(model)]:
            yield f"{label}: declares no personal data but {', '.join(personal)} is personal"


def _field_problems(model: AnyModel, found: AboutPerson) -> Iterator[str]:
    label = model._meta.label
    names = {field.name for field in model._meta.concrete_fields}
    for field in model._meta.concrete_fields:
        declaration = personal_of(field)
        if declaration is None and field.name not in found.impersonal:
            yield f"{label}.{field.name}: neither personal(...) nor in `impersonal`"
        elif declaration is not None and field.name in found.impersonal:
            yield f"{label}.{field.name}: personal(...) and in `impersonal` at once"
        elif declaration is not None and not can_erase(field, declaration.on_erasure):
            yield f"{label}.{field.name}: cannot be erased as declared ({declaration.on_erasure})"
    for name in (*found.impersonal, *found.files):
        if name not in names:
            yield f"{label}.{name}: declared but there is no such field"
    for field in model._meta.concrete_fields:
        if isinstance(field, models.FileField) and field.name not in found.files:
            yield f"{label}.{field.name}: a file that `files` does not name"


def can_erase(field: AnyField, how: OnErasure) -> bool:
    """True when the database lets the field be erased as declared."""
    if how is OnErasure.COARSEN:
        return isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField)
    if how is OnErasure.BLANK:
        blankable = models.CharField | models.TextField | models.JSONField | models.BinaryField | models.FileField
        return field.null or isinstance(field, blankable)
    return True


def _path_problems(model: AnyModel, path: str) -> Iterator[str]:
    try:
        end = follow(model, path)
    except LookupError as error:
        yield f"{model._meta.label}: path {path!r} {error}"
        return
    if end._meta.label != PERSON:
        yield f"{model._meta.label}: path {path!r} leads to {end._meta.label}, not to {PERSON}"


def follow(model: AnyModel, path: str) -> AnyModel:
    """The model at the end of a dotted path of foreign keys; LookupError says where it breaks."""
    for step in filter(None, path.split(".")):
        fields = {field.name: field for field in model._meta.concrete_fields}
        if step not in fields or not fields[step].is_relation:
            raise LookupError(f"has no foreign key {step!r} in {model._meta.label}")
        model = fields[step].related_model  # type: ignore[assignment]
    return model


def _outside_problems(model: AnyModel) -> Iterator[str]:
    label = model._meta.label
    found = OUTSIDE.get(label)
    if found is None:
        yield f"{label}: a library's table that privacy/outside.py does not declare"
        return
    names = {field.name for field in model._meta.concrete_fields}
    for name in sorted(names - found.fields.keys() - set(found.impersonal)):
        yield f"{label}.{name}: not declared in privacy/outside.py"
    for name in sorted((found.fields.keys() | set(found.impersonal)) - names):
        yield f"{label}.{name}: declared in privacy/outside.py but there is no such field"
