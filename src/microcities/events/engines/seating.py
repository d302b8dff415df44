"""Places for people who come and go: who gets which seat number, so that the busiest moment fits and no place stands empty."""

from __future__ import annotations

import heapq
from datetime import UTC, datetime

from pydantic import AwareDatetime, ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine


class Stay(EngineModel):
    """Somebody's time, from an instant up to, and without, another; `seat` is what the person holds already."""

    id: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    seat: int | None = Field(default=None, ge=1)


class SeatingInput(EngineModel):
    """`held` have a seat, `wanted` ask for one, all of them or none. `capacity` null means that everybody fits."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "capacity": 1,
                    "held": [
                        {"id": 1, "starts_at": "2027-03-01T10:00Z", "ends_at": "2027-03-01T11:00Z", "seat": 1},
                    ],
                    "wanted": [{"id": 2, "starts_at": "2027-03-01T11:00Z", "ends_at": "2027-03-01T12:00Z"}],
                }
            ]
        }
    )

    capacity: int | None = Field(default=None, ge=0)
    held: tuple[Stay, ...] = Field(default=(), max_length=100_000)
    wanted: tuple[Stay, ...] = Field(max_length=100_000)


class SeatingOutput(EngineModel):
    """`seats` maps each person whose seat is new or changed to it; `fits` false changes nothing. `repacked` says that people
    who held a seat got another number.
    """

    fits: bool
    seats: dict[int, int]
    repacked: bool


@engine(
    "events.seating",
    version="1.0.0",
    summary="Seat numbers for people who come and go",
    source=(
        "Interval partitioning by earliest start: as many seats as the busiest moment has people, no more; "
        "Kleinberg and Tardos, Algorithm Design (2005), 4.1"
    ),
)
def seating(inp: SeatingInput, *, seed: int) -> SeatingOutput:
    """First the lowest seat that is free for the whole stay. When some do not fit so, everybody is seated anew by start, which
    needs no more seats than the busiest moment. No use of the seed.
    """
    for name, stays in (("held", inp.held), ("wanted", inp.wanted)):
        for number, stay in enumerate(stays):
            if stay.ends_at.astimezone(UTC) <= stay.starts_at.astimezone(UTC):
                raise EngineInputError.at("ends before it starts", name, number, "ends_at")
    fitted = _fit(inp)
    if fitted is not None:
        return SeatingOutput(fits=True, seats=fitted, repacked=False)
    anew = _by_start((*inp.held, *inp.wanted))
    if inp.capacity is not None and max(anew.values(), default=0) > inp.capacity:
        return SeatingOutput(fits=False, seats={}, repacked=False)
    before = {stay.id: stay.seat for stay in inp.held}
    changed = {person: seat for person, seat in anew.items() if before.get(person) != seat}
    return SeatingOutput(fits=True, seats=changed, repacked=any(person in before for person in changed))


def _fit(inp: SeatingInput) -> dict[int, int] | None:
    """Wanted stays on seats as they are; null when one finds none within the capacity."""
    taken: dict[int, list[tuple[datetime, datetime]]] = {}
    for stay in inp.held:
        if stay.seat is not None:
            taken.setdefault(stay.seat, []).append((stay.starts_at, stay.ends_at))
    found: dict[int, int] = {}
    seat = 1
    last: Stay | None = None
    for stay in sorted(inp.wanted, key=lambda each: (each.starts_at, each.ends_at, each.id)):
        # People with the same times need not look at the seats below the one that the last of them got.
        seat = seat + 1 if last and (last.starts_at, last.ends_at) == (stay.starts_at, stay.ends_at) else 1
        while any(start < stay.ends_at and stay.starts_at < end for start, end in taken.get(seat, ())):
            seat += 1
        if inp.capacity is not None and seat > inp.capacity:
            return None
        taken.setdefault(seat, []).append((stay.starts_at, stay.ends_at))
        found[stay.id] = seat
        last = stay
    return found


def _by_start(stays: tuple[Stay, ...]) -> dict[int, int]:
    free: list[int] = []
    busy: list[tuple[datetime, int]] = []
    seats: dict[int, int] = {}
    for stay in sorted(stays, key=lambda each: (each.starts_at, each.ends_at, each.id)):
        while busy and busy[0][0] <= stay.starts_at:
            heapq.heappush(free, heapq.heappop(busy)[1])
        seat = heapq.heappop(free) if free else len(busy) + 1
        seats[stay.id] = seat
        heapq.heappush(busy, (stay.ends_at, seat))
    return seats
