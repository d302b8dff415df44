"""How much of the time for results has passed: one summer of three is a third, not nine months of 36."""

from dataclasses import dataclass
from datetime import date, timedelta

from microcities.results.models import ExposureUnit, Indicator

DAYS_OF_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Season:
    """One season, school year or call: the days on which results come in, both ends included."""

    name: str
    name_en: str
    starts_on: date
    ends_on: date

    def passed(self, as_of: date) -> float:
        """Share of it that has passed at the end of a day, 0 to 1."""
        whole = (self.ends_on - self.starts_on).days + 1
        return min(1.0, max(0.0, ((as_of - self.starts_on).days + 1) / whole))


@dataclass(frozen=True)
class Exposure:
    """What has passed at the end of a day, of what there is until the target is due; in `unit`."""

    done: float
    total: float
    unit: ExposureUnit


def seasons_of(indicator: Indicator) -> list[Season]:
    """The seasons an indicator's definition lists, in their order."""
    return [
        Season(
            each["name"], each.get("name_en", ""),
            date.fromisoformat(each["starts_on"]), date.fromisoformat(each["ends_on"]),
        )
        for each in indicator.seasons
    ]


def exposure_of(indicator: Indicator, *, begins_on: date, as_of: date, due_on: date) -> Exposure:
    """The exposure from `begins_on` to `due_on`: in seasons where the definition has them, else in months."""
    seasons = seasons_of(indicator)
    unit = ExposureUnit(indicator.exposure_unit)
    if not seasons:
        whole = Season("", "", begins_on, max(due_on, begins_on))
        months = ((whole.ends_on - begins_on) + timedelta(days=1)).days / DAYS_OF_A_MONTH
        return Exposure(round(whole.passed(as_of) * months, 4), round(months, 4), ExposureUnit.MONTHS)
    counted = [season for season in seasons if season.starts_on <= due_on]
    done = sum(season.passed(min(as_of, due_on)) for season in counted)
    whole_seasons = sum(season.passed(due_on) for season in counted)
    return Exposure(round(done, 4), round(whole_seasons, 4), unit)
