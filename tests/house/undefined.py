"""Makes a template that shows an undefined variable fail instead of showing nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.template import engines


class UndefinedVariableError(AssertionError):
    """A template shows something that its view did not give it."""


class Undefined(str):
    """Django formats this text with the variable's name when it has no value."""

    __slots__ = ()

    def __contains__(self, piece: object) -> bool:
        return piece == "%s"

    def __mod__(self, variable: object) -> str:
        raise UndefinedVariableError(f"a template shows {variable}, which is not defined")


@contextmanager
def undefined_variables_fail() -> Iterator[None]:
    """While this holds, `{{ name }}` without a `name` raises; `{% if name %}` stays allowed, as Django means it."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    before, engine.string_if_invalid = engine.string_if_invalid, Undefined("undefined")
    try:
        yield
    finally:
        engine.string_if_invalid = before
