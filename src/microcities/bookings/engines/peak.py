"""How many places are taken at the busiest moment, because overlapping bookings counted one by one say too many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pydantic import AwareDatetime, ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine


class Taken(EngineModel):
    """`places` taken from `starts_at` up to, and without, `ends_at`."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    places: int = Field(default=1, ge=0, le=10**6)


class PeakInput(EngineModel):
    """What is taken, and the span to look at (all of it when left out)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "taken": [
                        {"starts_at": "2027-03-01T10:00:00+02:00", "ends_at": "2027-03-01T11:00:00+02:00"},
                        {"starts_at": "2027-03-01T11:00:00+02:00", "ends_at": "2027-03-01T12:00:00+02:00"},
                    ]
                }
            ]
        }
    )

    taken: tuple[Taken, ...] = Field(max_length=200_000)
    from_at: AwareDatetime | None = None
    until_at: AwareDatetime | None = None


class PeakOutput(EngineModel):
    """The most places taken at once, and the first span in which they are (null when nothing is taken)."""

    peak: int
    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None


@engine(
    "bookings.peak",
    version="1.0.0",
    summary="Most places taken at the same moment",
    source="Sweep over starts and ends of half-open spans; cf. Cormen et al., Introduction to Algorithms, 4th ed. (2022), 15.1",
)
def peak(inp: PeakInput, *, seed: int) -> PeakOutput:
    """Sweep over the half-open spans; one that ends as another starts does not overlap it. No use of the seed."""
    steps = _steps(inp)
    height = best = 0
    best_from: datetime | None = None
    best_until: datetime | None = None
    for place, (at, change) in enumerate(steps):
        height += change
        if place + 1 < len(steps) and steps[place + 1][0] == at:
            continue
        if height > best:
            best, best_from, best_until = height, at, None
        elif height < best and best_until is None:
            best_until = at
    return PeakOutput(peak=best, starts_at=best_from, ends_at=best_until)


def _steps(inp: PeakInput) -> list[tuple[datetime, int]]:
    steps: list[tuple[datetime, int]] = []
    for number, taken in enumerate(inp.taken):
        if taken.ends_at.astimezone(UTC) <= taken.starts_at.astimezone(UTC):
            raise EngineInputError.at("ends before it starts", "taken", number, "ends_at")
        start = max(taken.starts_at, inp.from_at) if inp.from_at else taken.starts_at
        end = min(taken.ends_at, inp.until_at) if inp.until_at else taken.ends_at
        if taken.places and end - start > timedelta(0):
            steps.append((start.astimezone(UTC), taken.places))
            steps.append((end.astimezone(UTC), -taken.places))
    return sorted(steps, key=lambda step: step[0])
