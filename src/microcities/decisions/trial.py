"""Runs an engine in the browser exactly as the command line does, so that both accept and refuse the same."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from microcities.decisions.decision_file import Comparison
from microcities.decisions.limited import EngineStoppedError, attempt_within

TRIAL_SECONDS = 10


@dataclass(frozen=True)
class Trial:
    """`document` is the decision file that came out, None when the input was refused; `problems` name each path."""

    document: dict[str, Any] | None = None
    problems: tuple[str, ...] = ()

    @property
    def comparison(self) -> Comparison | None:
        """Same or different, when a decision file was put in."""
        found = (self.document or {}).get("comparison")
        return Comparison.model_validate_json(json.dumps(found)) if found else None


def try_engine(name: str, text: str, seed: int | None, *, seconds: int = TRIAL_SECONDS) -> Trial:
    """Run the engine `name` on JSON text, at most so many seconds; no exception for a wrong input, no write anywhere."""
    try:
        found = attempt_within(seconds, name, text, seed)
    except EngineStoppedError as stopped:
        return Trial(problems=(stopped_in_words(stopped),))
    if found.document is None:
        return Trial(problems=tuple(f"{path}: {message}" for path, message in found.problems))
    return Trial(document=found.document)


def stopped_in_words(stopped: EngineStoppedError) -> str:
    """Why there is no answer, and what to do, in the reader's language."""
    if stopped.why == "busy":
        return _("Other engines are running here just now. Try again in a minute.")
    advice = _("On the command line there is no limit: microcities engine run NAME < input.json")
    if stopped.why == "memory":
        return _("The engine was stopped because it needed too much memory. %(advice)s") % {"advice": advice}
    return _("The engine was stopped after %(seconds)d s. %(advice)s") % {
        "seconds": stopped.seconds,
        "advice": advice,
    }
