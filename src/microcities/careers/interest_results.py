"""Runs the interests engine on one person's answers and says in plain words what came out."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.careers.engines.interest_models import TYPES, Care
from microcities.careers.engines.occupations import Occupations, shipped_occupations
from microcities.careers.engines.questionnaire import Questionnaire, shipped_questionnaire
from microcities.careers.interest_norms import NormTable, known_sex, norm_table, norms_of
from microcities.careers.models import InterestSheet
from microcities.careers.occupation_reading import OccupationGroup, groups_of
from microcities.careers.rulebook.study_values import InterestReading
from microcities.decisions.engine import run_engine
from microcities.rulebooks.place import here
from microcities.rulebooks.registry import rule
from microcities.ui.charts import Bar, BarChart
from microcities.ui.numbers import format_day, format_number

VERSION = 1
TYPE_WORDS: dict[str, Promise] = {
    "R": _("Realistic: working with hands, tools, machines, plants and animals"),
    "I": _("Investigative: finding out, thinking through, experimenting"),
    "A": _("Artistic: designing, writing, making music, acting"),
    "S": _("Social: teaching, helping, looking after people"),
    "E": _("Enterprising: leading, selling, persuading, starting something"),
    "C": _("Conventional: keeping order, numbers, records and plans"),
}
TYPE_NAMES: dict[str, Promise] = {
    "R": _("Realistic (R)"), "I": _("Investigative (I)"), "A": _("Artistic (A)"), "S": _("Social (S)"),
    "E": _("Enterprising (E)"), "C": _("Conventional (C)"),
}
CONSISTENCY_WORDS: dict[int, Promise] = {
    3: _("Your two strongest interests are close to each other and often go together in one occupation."),
    2: _("Your two strongest interests are neither close to each other nor opposite."),
    1: _("Your two strongest interests are opposite ones. Few occupations join them; a hobby may hold one of them."),
}
FLAG_WORDS: dict[str, Promise] = {
    "too_young": _("The questionnaire was made for older people."),
    "fake_word": _("You said to know a word that does not exist. Perhaps you read in a hurry."),
    "straight_lined": _("You gave the same answer many times in a row. Perhaps you did not read each line."),
    "too_fast": _("You answered very fast."),
    "incomplete": _("Too many answers are missing."),
}


@dataclass(frozen=True)
class Reading:
    """The result in words: `code` or why there is none, sentences on it, what speaks against trusting it, and the picture.

    `norms` is None while too few have answered this version. `groups` are all occupations, the own letters' first.
    """

    code: str
    code_words: str
    sentences: tuple[str, ...]
    flags: tuple[str, ...]
    strongest: tuple[str, ...]
    chart: BarChart
    scores: tuple[tuple[str, str], ...]
    norms: NormTable | None
    groups: tuple[OccupationGroup, ...]


@cache
def occupations() -> Occupations:
    """The table that is read beside interests now."""
    return shipped_occupations()


@cache
def current_questionnaire() -> Questionnaire:
    """The one that is asked now."""
    return shipped_questionnaire(VERSION)


def questionnaire_of(sheet: InterestSheet) -> Questionnaire:
    """The one that was answered; LookupError when it is not shipped any more."""
    for version in range(VERSION, 0, -1):
        found = current_questionnaire() if version == VERSION else shipped_questionnaire(version)
        if found.name == sheet.questionnaire:
            return found
    raise LookupError(f"no questionnaire {sheet.questionnaire!r}")


def reading_rule() -> InterestReading:
    """From how many people on one is compared, and what is too fast."""
    return rule(InterestReading, on=timezone.localdate(), territory=here()).values


def care_of(questionnaire: Questionnaire) -> Care:
    """When answers are not to be trusted, for this questionnaire."""
    return Care(youngest=questionnaire.youngest, seconds_an_item=float(reading_rule().seconds_an_item))


def respondent_of(sheet: InterestSheet, asked: Questionnaire) -> dict[str, Any]:
    """One person's answers as the engine takes them."""
    fakes = {place for place, word in enumerate(asked.words) if not word.exists}
    return {
        "id": str(sheet.pk), "answers": [sheet.answers.get(item.code) for item in asked.items],
        "age": sheet.person.age_on(sheet.begun_at.date()), "sex": known_sex(sheet.person.sex),
        "fake_words": len(fakes & set(sheet.words or [])), "seconds": sheet.seconds,
    }


def engine_input(asked: Questionnaire, respondents: list[dict[str, Any]]) -> dict[str, Any]:
    """The questionnaire with these answers."""
    values = [answer.value for answer in asked.answers]
    return {
        "items": [{"code": item.code, "type": item.type} for item in asked.items], "respondents": respondents,
        "smallest": min(values), "largest": max(values), "care": care_of(asked).model_dump(),
        "norm_minimum": reading_rule().norm_minimum,
    }


def profile_of(sheet: InterestSheet) -> dict[str, Any]:
    """The engine's profile of these answers beside the stored norms and the occupations. One query."""
    asked = questionnaire_of(sheet)
    environments = [{"id": each.isco, "letters": each.letters} for each in occupations().occupations]
    norms = [norm.model_dump() for norm in norms_of(asked.name)]
    run = run_engine(
        "careers.interests",
        engine_input(asked, [respondent_of(sheet, asked)]) | {"norms": norms, "environments": environments},
    )
    found: dict[str, Any] = run.output["profiles"][0]
    return found | {"norms": norms}


def reading_of(sheet: InterestSheet) -> Reading:
    """The result of a finished sheet."""
    asked, profile = questionnaire_of(sheet), profile_of(sheet)
    scores = profile["scores"] or [None] * len(TYPES)
    highest = max(answer.value for answer in asked.answers)
    most = [sum(item.type == letter for item in asked.items) * highest for letter in TYPES]
    source = _now("questionnaire %(name)s, answered on %(day)s; not validated") % {
        "name": asked.name, "day": format_day(sheet.finished_at)
    }
    bars = [
        Bar(TYPE_NAMES[letter], score, note=_now("of %(most)s") % {"most": format_number(best)})
        for letter, score, best in zip(TYPES, scores, most, strict=True)
    ]
    code = profile["code"] or ""
    return Reading(
        code=code, code_words=_code_words(profile), sentences=_sentences(profile),
        flags=tuple(str(FLAG_WORDS[flag]) for flag in profile["flags"]),
        strongest=tuple(str(TYPE_WORDS[letter]) for letter in code),
        chart=BarChart(_now("My interests"), bars, unit=_now("points"), source=source),
        scores=tuple((str(bar.label), format_number(bar.value)) for bar in bars),
        norms=norm_table(profile, sheet.person.sex, TYPE_NAMES),
        groups=groups_of(profile, occupations().occupations, TYPE_NAMES),
    )


def _code_words(profile: dict[str, Any]) -> str:
    if profile["code"]:
        return str(profile["code"])
    if profile["flat"] or not profile["codes"]:
        return _now("none: all six are equally strong")
    return _now("open, because some are equally strong: %(codes)s") % {"codes": ", ".join(profile["codes"])}


def _sentences(profile: dict[str, Any]) -> tuple[str, ...]:
    found = []
    if profile["consistency"]:
        found.append(str(CONSISTENCY_WORDS[profile["consistency"]]))
    if profile["differentiation"]:
        points = format_number(profile["differentiation"]["di5"])
        words = _now("Between your strongest and weakest interest lie %(points)s points: the more, the clearer the picture.")
        found.append(words % {"points": points})
    return tuple(found)
