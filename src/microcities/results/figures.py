"""What a figure is: its value or which nothing, its target, how far it is, and what it will probably become."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from microcities.decisions.engine import EngineError, RunResult, run_engine
from microcities.programme.models import City, Programme
from microcities.results.exposure import Exposure, exposure_of
from microcities.results.models import Direction, Indicator, Observation, Target

LIKELY, UNLIKELY = 0.8, 0.2


class State(StrEnum):
    """Whether there is a value; otherwise which of the nothings stands in its place. They never look alike."""

    COUNTED = "counted"              # a value; a reported zero is one
    NOT_REPORTED = "not_reported"    # nobody has given anything
    NOT_BEGUN = "not_begun"          # nothing could have counted yet
    SUPPRESSED = "suppressed"        # known and withheld, because it tells of few people
    NO_SERVICE = "no_service"        # the service that will know is not in operation yet
    UNDEFINED = "undefined"          # a share of nothing: 0 of 0
    PER_CITY = "per_city"            # known by city, and cities are not put together
    NOT_PUBLISHED = "not_published"  # nothing has been published for that day


class Status(StrEnum):
    """How the value stands against its target, in one word."""

    REACHED = "reached"
    MISSED = "missed"
    ON_COURSE = "on_course"
    OPEN = "open"
    AT_RISK = "at_risk"
    NOT_YET = "not_yet"
    NO_BASELINE = "no_baseline"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Value:
    """A value with its parts and the records behind it, or the state that stands in its place."""

    state: State
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    records: int = 0
    confirmed: int = 0
    observation: Observation | None = None
    missing_cities: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrendPoint:
    """The value as it stood at the end of a day (a quarter's last, or that of an outside figure)."""

    on: date
    value: Decimal | None


@dataclass(frozen=True)
class Forecast:
    """The engine's run, with what pages need of it."""

    run: RunResult
    exposure: Exposure

    @property
    def mean(self) -> float:
        return float(self.run.output["mean"])

    @property
    def probability(self) -> float | None:
        """Probability of reaching the target; None without a numeric target."""
        return self.run.output["probability_of_target"]

    def interval(self, level: float) -> tuple[int, int]:
        """Lowest and highest final count at a level, 0.8 or 0.95."""
        found = next(each for each in self.run.output["intervals"] if each["level"] == level)
        return found["low"], found["high"]


@dataclass(frozen=True)
class Figure:
    """One indicator's figure in a scope. `funding` holds the numbers of the paying sources, empty for whoever paid."""

    indicator: Indicator
    as_of: date
    found: Value
    begins_on: date
    city: City | None = None
    funding: tuple[int, ...] = ()
    recorded_at: datetime | None = None
    target: Target | None = None
    trend: tuple[TrendPoint, ...] = ()
    forecast: Forecast | None = None
    withheld: str = ""

    @property
    def state(self) -> State:
        return self.found.state

    @property
    def value(self) -> Decimal | None:
        return self.found.value

    @property
    def records(self) -> int:
        return self.found.records

    @property
    def confirmed(self) -> int:
        return self.found.confirmed

    @property
    def wanted(self) -> Decimal | None:
        """The target's number, None where the promise names a direction only."""
        return self.target.value if self.target is not None else None

    @property
    def achievement(self) -> Decimal | None:
        """Share of the way from the baseline (or 0) to the target; 130 of 100 is 1.3, 0 of 0 is undefined."""
        if self.value is None or self.wanted is None:
            return None
        start = self.indicator.baseline_value or Decimal(0)
        if start == 0 and self.indicator.direction == Direction.DOWN:
            return self.wanted / self.value if self.value else None
        way = self.wanted - start
        return (self.value - start) / way if way else None

    @property
    def bar(self) -> Decimal | None:
        """The same between 0 and 1, as a bar can show it."""
        return None if self.achievement is None else min(Decimal(1), max(Decimal(0), self.achievement))

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached by this value; None when that cannot be said."""
        if self.value is None or self.target is None:
            return None
        better = self.indicator.direction == Direction.UP
        if self.wanted is None:
            start = self.indicator.baseline_value
            return None if start is None else (self.value > start if better else self.value < start)
        return self.value >= self.wanted if better else self.value <= self.wanted

    @property
    def status(self) -> Status:
        """Reached, missed, or how likely it is to be reached."""
        if self.target is None or self.value is None:
            return Status.UNKNOWN
        if self.reached is None:
            return Status.NO_BASELINE
        if self.reached:
            return Status.REACHED
        if self.as_of >= self.target.due_on:
            return Status.MISSED
        probability = self.forecast.probability if self.forecast else None
        if probability is None:
            return Status.NOT_YET
        return Status.ON_COURSE if probability >= LIKELY else Status.AT_RISK if probability < UNLIKELY else Status.OPEN


def target_on(targets: list[Target], day: date) -> Target | None:
    """The target in force on a day: the last one decided by then."""
    decided = [target for target in targets if target.decided_on <= day]
    return max(decided, key=lambda target: (target.decided_on, target.pk)) if decided else None


def forecast_input(indicator: Indicator, value: Decimal, target: Target, exposure: Exposure) -> dict[str, object]:
    """The engine's input, as a decision file keeps it."""
    return {
        "count": int(value),
        "exposure_done": exposure.done,
        "exposure_total": exposure.total,
        "exposure_unit": exposure.unit.value,
        "target": None if target.value is None else float(target.value),
        "direction": indicator.direction,
    }


def forecast_of(
    indicator: Indicator, programme: Programme, value: Decimal | None, target: Target | None, as_of: date
) -> Forecast | None:
    """The forecast to the day the target is due; None where counts do not come in one by one or nothing can be said."""
    if value is None or target is None or not indicator.is_countable or as_of >= target.due_on:
        return None
    exposure = exposure_of(
        indicator, begins_on=indicator.begins_on(programme), as_of=as_of, due_on=target.due_on
    )
    try:
        run = run_engine("results.forecast", forecast_input(indicator, value, target, exposure))
    except EngineError:
        return None  # no exposure has passed yet, so there is no rate to go on
    return Forecast(run, exposure)
