"""Round numbers for axes, and where a value lies between the ends of one.

Steps are 1, 2 or 5 times a power of ten: P. Heckbert, "Nice numbers for graph labels", Graphics Gems (1990).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from microcities.ui.numbers import as_decimal


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`, with the round numbers between."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Return where a value lies, in per cent of the axis; what lies outside is put on its end."""
        return round(
            min(100.0, max(0.0, (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2) * 100)), 3
        )


def as_float(value: Any) -> float | None:
    """Read a number; None for what is missing or not finite."""
    if type(value) in (int, float):
        found = float(value) if abs(value) < 1e300 else math.inf
    else:
        number = as_decimal(value)
        if number is None:
            return None
        found = float(number)
    return found if math.isfinite(found) and abs(found) < 1e300 else None


def step(span: float, count: int) -> float:
    """Return the round step that cuts `span` (above 0) into about `count` pieces."""
    raw = span / max(1, count)
    power = 10.0 ** math.floor(math.log10(raw))
    fraction = raw / power
    return power * (1 if fraction < 1.5 else 2 if fraction < 3.5 else 5 if fraction < 7.5 else 10)


def nice_ticks(low: float, high: float, count: int = 4) -> tuple[float, ...]:
    """Return round numbers in a row that enclose low and high."""
    if low > high:
        low, high = high, low
    span = high - low
    if span <= abs(high) * 1e-9 or span < 1e-300:  # one value: there is no span to cut
        span = abs(high) or 1.0
        low, high = (min(0.0, low), max(0.0, high)) if high else (0.0, 1.0)
    pace = step(max(span, high - low), count)
    first, last = math.floor(low / pace + 1e-9), math.ceil(high / pace - 1e-9)
    digits = max(0, -math.floor(math.log10(pace)))
    return tuple(round(number * pace, digits) + 0.0 for number in range(first, max(last, first + 1) + 1))


def axis(values: Iterable[Any], *, from_zero: bool = True, count: int = 4) -> Axis:
    """Return the axis that holds all values; without any value, the one from 0 to 1."""
    numbers = [number for number in map(as_float, values) if number is not None]
    if from_zero or not numbers:
        numbers.append(0.0)
    ticks = nice_ticks(min(numbers), max(numbers), count)
    return Axis(ticks[0], ticks[-1], ticks)


def extent(values: Iterable[Any]) -> Axis:
    """Return the axis of bars: from zero to the value farthest from it, on both sides when there are both."""
    numbers = [number for number in map(as_float, values) if number is not None]
    low, high = min([0.0, *numbers]), max([0.0, *numbers])
    return Axis(low, high if high > low else low + 1.0, ())
