"""The answer of a rule, so that every refusal carries a reason the person asking can read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Answer:
    """Yes, or no with a reason; true in a condition when it is yes."""

    allowed: bool
    reason: "str | Promise" = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Answer(True)
Rule = Callable[[Any], Answer]


def no(reason: "str | Promise") -> Answer:
    """A refusal; `reason` is a translated sentence that says why and what to do."""
    return Answer(False, reason)


class RefusedError(Exception):
    """A rule says no; `reason` is a sentence for whoever asked."""

    def __init__(self, reason: "str | Promise") -> None:
        self.reason = reason
        super().__init__(str(reason))


def require(answer: Answer) -> None:
    """Go on when the answer is yes; RefusedError with its reason otherwise."""
    if not answer:
        raise RefusedError(answer.reason)


def any_of(*rules: Rule) -> Rule:
    """The rule that allows when one of `rules` does; otherwise the last reason stands."""

    def rule(account: Any) -> Answer:
        answer = no("")
        for each in rules:
            if answer := each(account):
                return answer
        return answer

    rule.__name__ = "any_of_" + "_".join(each.__name__ for each in rules)
    return rule
