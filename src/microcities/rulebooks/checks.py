"""Tells the operator at start, and CI, which rulebook is broken: file, line, key and reason."""

from django.core.checks import CheckMessage, Error, Warning, register

from microcities.rulebooks.reading import Problem
from microcities.rulebooks.registry import load


@register()
def check_rulebooks(app_configs: object, **_options: object) -> list[CheckMessage]:
    """Errors for rulebooks that cannot be used, warnings for days without a rule between two versions."""
    return [_message(problem) for problem in load().problems]


def _message(problem: Problem) -> CheckMessage:
    if problem.level == "warning":
        return Warning(
            str(problem), hint="Add the missing version or correct the dates.", id="rulebooks.W001"
        )
    return Error(
        str(problem), hint="docs/reference/rulebooks.md says how a rule is written.", id="rulebooks.E001"
    )
