"""Tells a visitor what became of a button or a form: done, or refused and why."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import ParamSpec

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import Promise

from microcities.access.answers import RefusedError
from microcities.ui.forms import add_model_errors

Said = ParamSpec("Said")


def try_to(
    act: Callable[Said, object], request: HttpRequest, said: "str | Promise", /, *args: Said.args, **kwargs: Said.kwargs
) -> bool:
    """Do it with these arguments and say so on the next page, or say there why not; whether it was done."""
    try:
        act(*args, **kwargs)
    except RefusedError as refusal:
        messages.error(request, str(refusal.reason))
        return False
    messages.success(request, str(said))
    return True


@contextmanager
def refusals_on(
    form: forms.BaseForm, field: str | None = None, *, constraints: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Put what is refused inside onto the form, where nothing typed is lost; the page goes on after the block.

    A rule's refusal stands at `field`, or on top; a model's at its own fields, or by `constraints` (see add_model_errors).
    """
    try:
        yield
    except ValidationError as error:
        add_model_errors(form, error, constraints)
    except RefusedError as refusal:
        form.add_error(field, str(refusal.reason))
