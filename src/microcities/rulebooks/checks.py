"""Tells the operator at start, and CI, which rulebook is broken: file, line, key and reason."""

from django.core.checks import CheckMessage, Error, Warning, register

from microcities.rulebooks.place import here
from microcities.rulebooks.reading import Problem
from microcities.rulebooks.registry import load
from microcities.rulebooks.schema import territory_chain


@register()
def check_rulebooks(app_configs: object, **_options: object) -> list[CheckMessage]:
    """Errors for rulebooks that cannot be used, warnings for days without a rule between two versions."""
    return [*_territory_findings(), *(_message(problem) for problem in load().problems)]


def _territory_findings() -> list[CheckMessage]:
    """An error when the installation follows the law of no place that can be."""
    try:
        territory_chain(here())
    except ValueError as error:
        hint = "Set MICROCITIES_TERRITORY to a country such as LV, or to a NUTS or LAU code."
        return [Error(f"TERRITORY: {error}", hint=hint, id="rulebooks.E002")]
    return []


def _message(problem: Problem) -> CheckMessage:
    if problem.level == "warning":
        return Warning(
            str(problem), hint="Add the missing version or correct the dates.", id="rulebooks.W001"
        )
    return Error(
        str(problem), hint="docs/reference/rulebooks.md says how a rule is written.", id="rulebooks.E001"
    )
