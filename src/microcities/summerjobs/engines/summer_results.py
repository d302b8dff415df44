"""What a summer came to: pupils once each, hours, full-time equivalents, and how much of it was STEM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine

Code = Annotated[str, Field(min_length=1, max_length=120)]
FOUR_PLACES = Decimal("0.0001")


class Placement(EngineModel):
    """A pupil at an employer in a period, with the minutes worked; `started` is false for one who never came."""

    id: Code
    pupil: Code
    host: Code
    source: Code
    minutes: int = Field(ge=0, le=200_000)
    stem: bool = False
    started: bool = True


class Wish(EngineModel):
    """One wish of a pupil."""

    pupil: Code
    stem: bool


class Offer(EngineModel):
    """One post with its places."""

    post: Code
    places: int = Field(ge=0, le=10_000)
    stem: bool


class ResultsInput(EngineModel):
    """A summer's placements, wishes and offers; `year_hours` is one full-time year."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "placements": [
                        {"id": "a1", "pupil": "p1", "host": "library", "source": "city", "minutes": 3600},
                        {"id": "a2", "pupil": "p1", "host": "lab", "source": "erdf", "minutes": 3600, "stem": True},
                        {"id": "a3", "pupil": "p2", "host": "lab", "source": "erdf", "minutes": 0, "started": False},
                    ],
                    "wishes": [{"pupil": "p1", "stem": True}, {"pupil": "p2", "stem": False}],
                    "offers": [{"post": "o1", "places": 3, "stem": True}, {"post": "o2", "places": 5, "stem": False}],
                }
            ]
        }
    )

    placements: tuple[Placement, ...] = Field(max_length=200_000)
    wishes: tuple[Wish, ...] = Field(default=(), max_length=1_000_000)
    offers: tuple[Offer, ...] = Field(default=(), max_length=100_000)
    year_hours: int = Field(default=1720, ge=1, le=8784)


class Share(EngineModel):
    """A part of a whole with four decimals, rounded half up; null for 0 of 0."""

    part: int
    whole: int
    share: Decimal | None


class Summer(EngineModel):
    """Counts of placements that started. `full_time_years` is hours by the hours of a full-time year, `person_months`
    twelve times that; both with four decimals, rounded half up from the exact minutes.
    """

    pupils: int
    placements: int
    hosts: int
    minutes: int
    full_time_years: Decimal
    person_months: Decimal
    stem_pupils: int
    stem: Share


class SourceSummer(EngineModel):
    """The same for one source of funding."""

    source: Code
    summer: Summer
    share_of_pupils: Share


class ResultsOutput(EngineModel):
    """The whole and each source. A pupil counts once in each source and once in the whole, so the sources together hold
    `counted_again` more pupils than the whole.
    """

    summer: Summer
    sources: tuple[SourceSummer, ...]
    in_several_sources: int
    counted_again: int
    never_started: int
    wishes: Share
    offered_places: Share


@engine(
    "summerjobs.results",
    version="1.0.0",
    summary="Pupils, placements, employers and full-time equivalents of a summer by source of funding, and its STEM part",
    source=(
        "Full-time year of 1,720 hours: Regulation (EU) No 1303/2013, Article 68a(2), and (EU) 2021/1060, Article 55(2); "
        "check: 66 of 281 pupils in 2019 (Urban Innovative Actions on Valmiera)"
    ),
    rulebooks=("results.full_time_year",),
)
def summer_results(inp: ResultsInput, *, seed: int) -> ResultsOutput:
    """Counts of what started; shares of counts, years of 1,720 hours unless told otherwise. Deterministic."""
    _check(inp)
    started = [each for each in inp.placements if each.started]
    whole = _summer(started, inp.year_hours)
    sources = []
    for source in sorted({each.source for each in started}):
        part = _summer([each for each in started if each.source == source], inp.year_hours)
        sources.append(SourceSummer(source=source, summer=part, share_of_pupils=_share(part.pupils, whole.pupils)))
    by_pupil: dict[str, set[str]] = {}
    for each in started:
        by_pupil.setdefault(each.pupil, set()).add(each.source)
    return ResultsOutput(
        summer=whole,
        sources=tuple(sources),
        in_several_sources=sum(len(found) > 1 for found in by_pupil.values()),
        counted_again=sum(each.summer.pupils for each in sources) - whole.pupils,
        never_started=len(inp.placements) - len(started),
        wishes=_stem_share((wish.stem, 1) for wish in inp.wishes),
        offered_places=_stem_share((offer.stem, offer.places) for offer in inp.offers),
    )


def _check(inp: ResultsInput) -> None:
    seen: set[str] = set()
    for index, each in enumerate(inp.placements):
        if each.id in seen:
            raise EngineInputError.at(f"{each.id} stands twice", "placements", index, "id")
        seen.add(each.id)
        if each.minutes and not each.started:
            raise EngineInputError.at("minutes without a start", "placements", index, "minutes")
    posts: set[str] = set()
    for index, offer in enumerate(inp.offers):
        if offer.post in posts:
            raise EngineInputError.at(f"{offer.post} stands twice", "offers", index, "post")
        posts.add(offer.post)


def _summer(placements: Sequence[Placement], year_hours: int) -> Summer:
    minutes = sum(each.minutes for each in placements)
    return Summer(
        pupils=len({each.pupil for each in placements}),
        placements=len(placements),
        hosts=len({each.host for each in placements}),
        minutes=minutes,
        full_time_years=_four(minutes, year_hours * 60),
        person_months=_four(minutes * 12, year_hours * 60),
        stem_pupils=len({each.pupil for each in placements if each.stem}),
        stem=_stem_share((each.stem, 1) for each in placements),
    )


def _stem_share(rows: Iterable[tuple[bool, int]]) -> Share:
    part = whole = 0
    for stem, count in rows:
        whole += count
        part += count if stem else 0
    return _share(part, whole)


def _share(part: int, whole: int) -> Share:
    return Share(part=part, whole=whole, share=_four(part, whole) if whole else None)


def _four(part: int, whole: int) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(FOUR_PLACES, rounding=ROUND_HALF_UP)
