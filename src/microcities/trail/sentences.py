"""Says in words who acted and what a column holds, for the pages of the trail and the export of one's own data."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from microcities.trail.models import Action
from microcities.trail.reading import ValueChange
from microcities.ui.numbers import format_day, format_moment, format_number

Who = dict[tuple[int | None, date], str]
_keys: "dict[str, str | Promise]" = {}


def who_acted(actions: Iterable[tuple[int | None, datetime]], *, names: bool) -> Who:
    """Words for each (account number, moment), keyed by number and day: role and organisation on that day.

    `names` puts the account's name in front; without it the reader learns the role and the organisation only.
    """
    asked = {(number, timezone.localdate(at)) for number, at in actions}
    numbers = {number for number, _day in asked if number is not None}
    model = get_user_model()
    query = model._default_manager.select_related("person").prefetch_related("memberships__organisation")
    accounts = query.in_bulk(list(numbers)) if numbers else {}
    return {(number, day): _words(accounts, number, day, names) for number, day in asked}


def _words(accounts: dict[Any, Any], number: int | None, day: date, names: bool) -> str:
    if number is None:
        return _("the platform")
    account = accounts.get(number)
    if account is None:
        return _("an account that no longer exists")
    held = [
        membership
        for membership in sorted(account.memberships.all(), key=lambda membership: membership.pk)
        if membership.valid_from <= day and (membership.valid_to is None or day <= membership.valid_to)
    ]
    roles = [f"{membership.get_role_display()}, {membership.organisation}" for membership in held]
    role = "; ".join(roles) or _("a person without a role")
    return f"{account.name} ({role})" if names else role


class WhoActed:
    """Asks once for each account and day of a long list."""

    def __init__(self) -> None:
        self._known: Who = {}

    def __call__(self, number: int | None, at: datetime) -> str:
        key = (number, timezone.localdate(at))
        if key not in self._known:
            self._known |= who_acted([(number, at)], names=True)
        return self._known[key]


def actor_words(action: Action | None, at: datetime, known: Who) -> str:
    """Who stands behind a change; one without an action came from a migration or a database client."""
    if action is None:
        return _("outside any action (a migration or the database's own client)")
    if action.actor_id is None:
        return _("the platform (%(part)s)") % {"part": action.system} if action.system else _("the platform")
    return known[action.actor_id, timezone.localdate(at)]


def column_words(model: type[models.Model], column: str) -> str:
    """The name of a column as forms show it; the column's own name when the model no longer has it."""
    field = next((f for f in model._meta.concrete_fields if f.column == column), None)
    if field is None:
        return column
    if field.is_relation and field.related_model and str(field.verbose_name) == field.name.replace("_", " "):
        return str(field.related_model._meta.verbose_name)  # type: ignore[union-attr]
    return str(field.verbose_name)


def is_technical(model: type[models.Model], column: str) -> bool:
    """True for a column that has no name for people: keys, stamps and the like, which histories leave out."""
    field = next((f for f in model._meta.concrete_fields if f.column == column), None)
    return field is not None and not field.is_relation and not isinstance(field.verbose_name, Promise)


def value_words(model: type[models.Model], column: str, value: Any) -> str:
    """A JSON value of a column as a person reads it; other persons appear by number only."""
    field = next((f for f in model._meta.concrete_fields if f.column == column), None)
    if value is None or value in ("", [], {}):
        return _("nothing")
    if field is None:
        return str(value)
    if field.is_relation and field.related_model:
        return _related(field.related_model, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(field, value)


def _related(model: Any, value: Any) -> str:
    about_person = hasattr(getattr(model, "privacy", None), "path")
    row = None if about_person else model._default_manager.filter(pk=value).first()
    return str(row) if row is not None else f"{model._meta.verbose_name} {value}"


def _plain(field: Any, value: Any) -> str:
    if isinstance(field, models.BinaryField):
        return _("not shown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return format_moment(moment)
    if isinstance(field, models.DateField) and (day := parse_date(str(value))):
        return format_day(day)
    if isinstance(value, int | float | Decimal) and not isinstance(field, models.BigIntegerField):
        return format_number(value)
    return _parts(value)


def name_keys(words: "Mapping[str, str | Promise]") -> None:
    """Say what the keys of JSON values mean ("birth_on": "date of birth"); a key nobody named stands as it is."""
    _keys.update(words)


def _parts(value: Any) -> str:
    """A JSON value part by part, without its brackets; parts that are empty are left out."""
    if isinstance(value, dict):
        return "; ".join(f"{_keys.get(key, key)}: {_parts(part)}" for key, part in value.items() if part not in ("", None))
    return ", ".join(map(_parts, value)) if isinstance(value, list) else str(value)


def change_words(model: type[models.Model], change: ValueChange) -> tuple[str, str, str]:
    """(name of the column, former value, new value) in words."""
    return (
        column_words(model, change.column),
        value_words(model, change.column, change.before),
        value_words(model, change.column, change.after),
    )
