"""Interests by the RIASEC types, with everything a reader needs to trust them or not."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from microcities.careers.engines.interest_indices import (
    brown_gore_c,
    consistency,
    correlation,
    differentiation,
    iachan_m,
    three_letter_codes,
    tied,
)
from microcities.careers.engines.interest_models import (
    TYPES,
    Congruence,
    Environment,
    InterestsInput,
    InterestsOutput,
    Norm,
    Profile,
    Respondent,
    Scale,
    SexDifference,
    Six,
    Step,
    Type,
)
from microcities.careers.engines.interest_norms import norm_of, percentiles
from microcities.careers.engines.interest_scales import (
    by_distance,
    cronbach_alpha,
    describe,
    feldt_interval,
    pairs_of_scales,
    standardised_difference,
)
from microcities.decisions.engine import EngineInputError, engine

Flag = Literal["too_young", "fake_word", "straight_lined", "too_fast", "incomplete"]
StepName = Literal["all", "old_enough", "no_fake_word", "not_straight_lined", "not_too_fast", "complete"]
STEPS: tuple[tuple[Flag, StepName], ...] = (
    ("too_young", "old_enough"),
    ("fake_word", "no_fake_word"),
    ("straight_lined", "not_straight_lined"),
    ("too_fast", "not_too_fast"),
    ("incomplete", "complete"),
)


class _Scored(NamedTuple):
    """One respondent with scores (None if incomplete) and what speaks against using the answers."""

    respondent: Respondent
    scores: Six | None
    flags: tuple[Flag, ...]


@engine(
    "careers.interests",
    version="1.1.0",
    summary="RIASEC scores with careless answers counted out, reliability, differentiation and congruence",
    source=(
        "Holland, Making Vocational Choices (1973); Iachan, J. Vocat. Behav. 24 (1984); Brown and Gore, J. Vocat. Behav. 45 "
        "(1994); alpha: Cronbach (1951), interval: Feldt, Woodruff and Salih, Appl. Psychol. Meas. 11 (1987) 93-103"
    ),
)
def interests(inp: InterestsInput, *, seed: int) -> InterestsOutput:
    """Score a questionnaire of the six types of Holland (1973): sums in the unit of the answer scale, indices as their
    authors have them. Deterministic: the seed is not used. What comes out is a reading, never a filter.
    """
    _check(inp)
    places = {letter: [place for place, item in enumerate(inp.items) if item.type == letter] for letter in TYPES}
    scored = [_score(each, inp, places) for each in inp.respondents]
    used = [each for each in scored if not each.flags and each.scores is not None]
    norms = {each.group: each for each in inp.norms} if inp.norms else _norms(used)
    pairs = pairs_of_scales([each.scores for each in used if each.scores])
    return InterestsOutput(
        funnel=tuple(_funnel(scored)),
        profiles=tuple(_profile(each, inp, norms) for each in scored),
        scales=tuple(_scale(letter, index, used, places[letter], inp.level) for index, letter in enumerate(TYPES)),
        pairs=tuple(pairs),
        distances=tuple(by_distance(pairs)),
        sex_differences=tuple(_difference(letter, index, used, inp.level) for index, letter in enumerate(TYPES)),
    )


def _check(inp: InterestsInput) -> None:
    if inp.smallest >= inp.largest:
        raise EngineInputError.at("the answer scale has no width", "largest")
    for letter in TYPES:
        if all(item.type != letter for item in inp.items):
            raise EngineInputError.at(f"no item is of the type {letter}", "items")
    _no_doubles("items", [item.code for item in inp.items])
    _no_doubles("respondents", [each.id for each in inp.respondents])
    _no_doubles("environments", [each.id for each in inp.environments])
    _no_doubles("norms", [each.group for each in inp.norms])
    for index, each in enumerate(inp.respondents):
        if len(each.answers) != len(inp.items):
            message = f"{len(each.answers)} answers to {len(inp.items)} items"
            raise EngineInputError.at(message, "respondents", index, "answers")
        for place, answer in enumerate(each.answers):
            if answer is not None and not inp.smallest <= answer <= inp.largest:
                message = f"an answer is from {inp.smallest} to {inp.largest}"
                raise EngineInputError.at(message, "respondents", index, "answers", place)


def _no_doubles(field: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            raise EngineInputError.at(f"{name} stands twice", field, index)
        seen.add(name)


def _score(respondent: Respondent, inp: InterestsInput, places: dict[Type, list[int]]) -> _Scored:
    sums = []
    for letter in TYPES:
        given = [answer for place in places[letter] if (answer := respondent.answers[place]) is not None]
        size = len(places[letter])
        if len(given) < inp.care.answered_share * size:
            return _Scored(respondent, None, (*_flags(respondent, inp), "incomplete"))
        sums.append(math.fsum(given) / len(given) * size)
    scores: Six = (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5])
    return _Scored(respondent, scores, _flags(respondent, inp))


def _flags(respondent: Respondent, inp: InterestsInput) -> tuple[Flag, ...]:
    care, given = inp.care, [answer for answer in respondent.answers if answer is not None]
    longest = max((len(list(run)) for _answer, run in groupby(given)), default=0)
    all_the_same = len(given) > 1 and len(set(given)) == 1
    tests: tuple[tuple[Flag, bool], ...] = (
        ("too_young", respondent.age is not None and respondent.age < care.youngest),
        ("fake_word", respondent.fake_words > 0),
        ("straight_lined", all_the_same or longest >= care.longest_run),
        ("too_fast", respondent.seconds is not None and respondent.seconds < care.seconds_an_item * len(given)),
    )
    return tuple(flag for flag, is_so in tests if is_so)


def _funnel(scored: Sequence[_Scored]) -> list[Step]:
    steps = [Step(step="all", set_aside=0, remaining=len(scored))]
    remaining = list(scored)
    for flag, name in STEPS:
        kept = [each for each in remaining if flag not in each.flags]
        steps.append(Step(step=name, set_aside=len(remaining) - len(kept), remaining=len(kept)))
        remaining = kept
    return steps


def _norms(used: Sequence[_Scored]) -> dict[str, Norm]:
    """What everybody used scored (under the empty name), and each sex."""
    groups = {"": [each.scores for each in used if each.scores]}
    for sex in {each.respondent.sex for each in used} - {""}:
        groups[sex] = [each.scores for each in used if each.scores and each.respondent.sex == sex]
    return {name: norm_of(rows, name) for name, rows in groups.items() if rows}


def _profile(each: _Scored, inp: InterestsInput, norms: Mapping[str, Norm]) -> Profile:
    scores, sex = each.scores, each.respondent.sex
    codes = three_letter_codes(scores) if scores else ()
    groups = tied(scores) if scores else []
    code = codes[0] if len(codes) == 1 else None
    return Profile(
        id=each.respondent.id,
        used=not each.flags,
        flags=each.flags,
        answered=sum(answer is not None for answer in each.respondent.answers),
        scores=scores,
        code=code,
        codes=codes,
        ties=tuple(group for group in groups if len(group) > 1),
        flat=len(groups) == 1,
        consistency=consistency(code) if code else None,
        differentiation=differentiation(scores) if scores else None,
        percentiles=percentiles(scores, norms.get(""), inp.norm_minimum),
        percentiles_within_sex=percentiles(scores, norms.get(sex) if sex else None, inp.norm_minimum),
        congruence=tuple(_congruence(scores, codes, environment) for environment in inp.environments) if scores else (),
    )


def _congruence(scores: Six, codes: Sequence[str], environment: Environment) -> Congruence:
    def ends(index: Callable[[str, str], int]) -> tuple[int | None, int | None]:
        if environment.letters is None or not codes:
            return None, None
        values = [index(code, environment.letters) for code in codes]
        return min(values), max(values)

    m_low, m_high = ends(iachan_m)
    c_low, c_high = ends(brown_gore_c)
    return Congruence(
        environment=environment.id,
        iachan_m_low=m_low,
        iachan_m_high=m_high,
        brown_gore_c_low=c_low,
        brown_gore_c_high=c_high,
        correlation=correlation(scores, environment.profile) if environment.profile else None,
    )


def _scale(letter: Type, index: int, used: Sequence[_Scored], places: Sequence[int], level: float) -> Scale:
    """Alpha of those who answered every item of the scale; the mean of all who are used."""
    rows = [[each.respondent.answers[place] for place in places] for each in used]
    complete = [[float(answer) for answer in row if answer is not None] for row in rows if None not in row]
    alpha = cronbach_alpha(complete)
    interval = feldt_interval(alpha, len(complete), len(places), level) if alpha is not None else None
    scores = describe([each.scores[index] for each in used if each.scores])
    return Scale(
        type=letter,
        items=len(places),
        n=len(used),
        mean=scores.mean if scores else None,
        deviation=scores.deviation if scores and scores.n > 1 else None,
        n_alpha=len(complete),
        alpha=alpha,
        alpha_low=interval.low if interval else None,
        alpha_high=interval.high if interval else None,
    )


def _difference(letter: Type, index: int, used: Sequence[_Scored], level: float) -> SexDifference:
    women, men = (
        describe([each.scores[index] for each in used if each.scores and each.respondent.sex == sex])
        for sex in ("female", "male")
    )
    found = standardised_difference(women, men, level) if women and men else None
    return SexDifference(
        type=letter,
        women=women.n if women else 0,
        men=men.n if men else 0,
        mean_women=women.mean if women else None,
        mean_men=men.mean if men else None,
        difference=found[0] if found else None,
        low=found[1].low if found else None,
        high=found[1].high if found else None,
    )
