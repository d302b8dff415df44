"""Recorded runs for the tests of decision files."""

from typing import Any

from microcities.decisions.actions import record_run
from microcities.decisions.models import DecisionRun
from microcities.people.models import Account
from microcities.trail.context import Actor

FORECAST = {"count": 66, "exposure_done": 1, "exposure_total": 3, "exposure_unit": "seasons", "target": 250}
SAMPLE = {"method": "fixed", "size": 2, "units": [{"id": letter} for letter in "abcdefgh"]}


def record_forecast(actor: Actor | Account, **fields: Any) -> DecisionRun:
    """The forecast of the summer pilot after its first season: 66 of 250, mean 199."""
    return record_run(
        actor=actor,
        **{
            "name": "results.forecast",
            "data": FORECAST,
            "seed": 7,
            "subject_kind": "results.indicator",
            "subject_ref": 12,
            "subject_label": "Summer pilot, pupils",
            **fields,
        },
    )
