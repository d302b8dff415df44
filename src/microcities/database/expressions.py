"""Lets a query sort and search by the SQL functions of this app."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField


class LatvianKey(Func):
    """Sorts as a Latvian dictionary does: `order_by(LatvianKey("name"), "pk")`; may stand in an index."""

    function = "latvian_key"
    template = '(%(function)s(%(expressions)s) COLLATE "C")'
    arity = 1

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(expression, output_field=TextField(), **extra)


class SearchKey(Func):
    """Small letters without diacritics: `.alias(key=SearchKey("name")).filter(key__contains=search_key(q))`.

    For an index by trigram: `GinIndex(OpClass(SearchKey("name"), "gin_trgm_ops"), name=...)`.
    """

    function = "search_key"
    template = '(%(function)s(%(expressions)s) COLLATE "C")'
    arity = 1

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(expression, output_field=TextField(), **extra)


class SlipKeys(Func):
    """What a text's words may still share with one that is mistyped once: `filter(SlipKeys(key) overlaps ...)`.

    For an index: `GinIndex(SlipKeys(SearchKey("name")), name=...)`. `microcities.database.finding` explains the keys.
    """

    function = "slip_keys"
    arity = 1

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(expression, output_field=ArrayField(TextField()), **extra)
