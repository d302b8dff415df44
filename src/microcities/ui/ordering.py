"""How a table is put in order: by one column, what is missing last, text by the Latvian alphabet."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model
from django.db.models.expressions import BaseExpression, Combinable, OrderBy
from django.utils.functional import Promise

from microcities.database.collation import latvian_key

Expression = str | F | BaseExpression | Combinable
Keys = Expression | Sequence[Expression] | None


def orderings(model: type[Model], keys: Keys, down: bool) -> list[OrderBy]:
    """Return what `order_by` takes for a column's keys; an OrderBy of the caller's is only turned round."""
    found = []
    for key in keys if isinstance(keys, list | tuple) else [keys]:
        if isinstance(key, OrderBy):
            ordering = key.copy()
            if down:
                ordering.reverse_ordering()
        else:
            expression: Any = F(key) if isinstance(key, str) else key
            # NULLS LAST only where there can be nulls: downwards an ordinary index cannot serve it.
            last = True if _can_be_null(model, expression) else None
            ordering = OrderBy(expression, descending=down, nulls_last=last)
        found.append(ordering)
    return found


def _can_be_null(model: type[Model], expression: Any) -> bool:
    parts = expression.flatten() if isinstance(expression, BaseExpression) else [expression]
    names = [part.name for part in parts if isinstance(part, F)]
    try:
        fields = [model._meta.pk if name == "pk" else model._meta.get_field(name) for name in names]
    except FieldDoesNotExist:
        return True
    return not fields or any(getattr(each, "null", True) for each in fields)


def sorted_rows(rows: Sequence[Any], read: Callable[[Any], Any], down: bool) -> list[Any]:
    """Sort the rows of a list by what `read` gives."""

    def key(row: Any) -> Any:
        value = read(row)
        return latvian_key(str(value)) if isinstance(value, str | Promise) else value

    present = [row for row in rows if read(row) is not None]
    missing = [row for row in rows if read(row) is None]
    return sorted(present, key=key, reverse=down) + missing
