"""Runs an engine in the browser exactly as the command line does, so that both accept and refuse the same."""

import io
import json
from dataclasses import dataclass
from typing import Any

from microcities.decisions import engine_cli
from microcities.decisions.decision_file import Comparison


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


def try_engine(name: str, text: str, seed: int | None) -> Trial:
    """Run the engine `name` on JSON text; no exception for a wrong input, no write anywhere."""
    out, err = io.StringIO(), io.StringIO()
    code = engine_cli.run(name, io.StringIO(text), out, err, seed)
    if code in (engine_cli.OK, engine_cli.DIFFERENT):
        return Trial(document=json.loads(out.getvalue()))
    return Trial(problems=tuple(line.removeprefix(f"{name}: ") for line in err.getvalue().splitlines()))
