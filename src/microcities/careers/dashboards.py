"""A school's benchmarks on a day in the words of a page: each criterion with its counts, what changed, and what to do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microcities.careers.benchmark_runs import benchmarks_of
from microcities.careers.frameworks import check_words, framework, kind_words, language, scoring
from microcities.careers.models import ProviderKind, School, SchoolClass
from microcities.rulebooks.reading import Rule
from microcities.ui.components import StatusKind, status
from microcities.ui.numbers import format_number, format_percent

Json = dict[str, Any]
STATES: dict[str, tuple[Any, StatusKind]] = {
    "achieved": (gettext_lazy("achieved"), "good"),
    "partly": (gettext_lazy("partly"), "warning"),
    "not_yet": (gettext_lazy("not yet"), "bad"),
    "not_applicable": (gettext_lazy("asked of nobody"), "neutral"),
}
READINGS = {"stage": gettext_lazy("end of the stage"), "birthday": gettext_lazy("birthday")}
BASES = {
    "pupils": gettext_lazy("pupils"), "record": gettext_lazy("records of the school"), "staff": gettext_lazy("staff"),
}
PARTS = {
    "careers_leader": gettext_lazy("a named careers leader"), "leader_trained": gettext_lazy("training of the careers leader"),
    "leadership_backing": gettext_lazy("the head's agreement"),
    "governor_backing": gettext_lazy("the school council's agreement"),
    "programme_outcomes": gettext_lazy("what pupils learn by the programme"),
    "parents_part": gettext_lazy("how parents take part"), "programme_published": gettext_lazy("the programme published"),
    "programme_told": gettext_lazy("the programme told"), "feedback": gettext_lazy("feedback asked for"),
    "programme_evaluated": gettext_lazy("the programme evaluated"), "alumni_used": gettext_lazy("former pupils took part"),
    "destinations_evaluated": gettext_lazy("destinations used in the evaluation"),
    "staff_lmi": gettext_lazy("labour-market information used by staff"),
    "staff_development": gettext_lazy("careers in staff development"),
    "guidance_told_parents": gettext_lazy("parents told how to get guidance"),
    "special_needs_teamwork": gettext_lazy("teamwork with special-needs staff"),
    "adviser_access": gettext_lazy("a qualified adviser at hand"),
}
AUDIENCE_WORDS = {
    "pupils": gettext_lazy("pupils"), "parents": gettext_lazy("parents"), "teachers": gettext_lazy("teachers"),
    "employers": gettext_lazy("employers"), "support_staff": gettext_lazy("support staff"),
    "advisers": gettext_lazy("careers advisers"),
}


class Asked(NamedTuple):
    """What the reader wants to see: which day, against which earlier one, and by which rules; None is what is in force."""

    day: date
    earlier: date | None = None
    version: str | None = None
    profile: str | None = None
    reading: str = "stage"


@dataclass(frozen=True)
class CriterionLine:
    """A criterion of a framework with the school's result; `tally` and the rest as the engine gives them."""

    school: School
    criterion: Any
    tally: Json
    band: str
    parts: tuple[str, ...]
    not_applied: int
    unknown: int
    groups: tuple[Json, ...]

    @property
    def code(self) -> str:
        return str(self.criterion.code)

    @property
    def name(self) -> str:
        """In the reader's language."""
        return str(self.criterion.name.in_language(language()))

    @property
    def wording(self) -> str:
        return str(self.criterion.wording.in_language(language()))

    @property
    def computed(self) -> str:
        return str(self.criterion.computed.in_language(language()))

    @property
    def open_question(self) -> str:
        found = self.criterion.open_question
        return str(found.in_language(language())) if found else ""

    @property
    def basis(self) -> str:
        return str(BASES[self.criterion.basis])

    @property
    def of_pupils(self) -> bool:
        return bool(self.criterion.basis == "pupils")

    @property
    def count(self) -> str:
        """Numerator of denominator in words."""
        return count_words(self.tally)

    @property
    def interval(self) -> str:
        return interval_words(self.tally)

    @property
    def state(self) -> str:
        return state_word(self.tally["state"])

    @property
    def badge(self) -> str:
        return state_badge(self.tally["state"])


@dataclass(frozen=True)
class BenchmarkLine:
    """One of the eight benchmarks with its criteria."""

    number: int
    name: str
    percentage: float | None
    state: str
    achieved: int
    criteria: int

    @property
    def badge(self) -> str:
        return state_badge(self.state)

    @property
    def word(self) -> str:
        return state_word(self.state)


def state_word(state: str) -> str:
    """A state of the engine in words."""
    return str(STATES[state][0])


def state_badge(state: str) -> str:
    """The word with its colour and icon."""
    word, kind = STATES[state]
    return status(word, kind)


def count_words(tally: Json) -> str:
    """ "12 of 25"; nothing was asked of anybody is said in words."""
    if not tally["denominator"]:
        return _("nobody")
    return _("%(some)s of %(all)s") % {
        "some": format_number(tally["numerator"]), "all": format_number(tally["denominator"])
    }


def interval_words(tally: Json) -> str:
    """The 95 % interval of the share."""
    if tally["low"] is None:
        return ""
    return f"{format_percent(tally['low'])} – {format_percent(tally['high'])}"


@dataclass(frozen=True)
class Results:
    """One run of the engine for one school, and the rules by which it was made."""

    school: School
    asked: Asked
    rule: Rule[Any]
    scoring: Rule[Any]
    output: Json

    @cached_property
    def criteria(self) -> list[CriterionLine]:
        """Every criterion of the framework in its order."""
        bands = {band.code: band.name.in_language(language()) for band in self.scoring.values.bands}
        by_code = {each["code"]: each for each in self.output["criteria"]}
        return [self._line(each, by_code[each.code], bands) for each in self.rule.values.criteria]

    def _line(self, criterion: Any, found: Json, bands: dict[str, str]) -> CriterionLine:
        here = next(iter(found["schools"]), None)
        tally = here["tally"] if here else found["everywhere"] | {"state": "not_applicable"}
        return CriterionLine(
            self.school, criterion, tally, bands.get(tally["band"] or "", ""),
            tuple(part_words(part) for part in here["missing_parts"]) if here else (),
            here["not_applied"] if here else 0, here["unknown"] if here else 0, tuple(found["groups"]),
        )

    def criterion(self, code: str) -> CriterionLine | None:
        """The criterion of a code, if the framework has it."""
        return next((each for each in self.criteria if each.code == code), None)

    @cached_property
    def benchmarks(self) -> list[BenchmarkLine]:
        names = {each.number: each.name.in_language(language()) for each in self.rule.values.benchmarks}
        return [
            BenchmarkLine(each["benchmark"], names[each["benchmark"]], each["percentage"], each["state"], each["achieved"],
                          each["criteria"])
            for each in self.output["benchmarks"]
        ]

    @property
    def achieved(self) -> int:
        return int(self.output["schools"][0]["achieved"])

    @property
    def pupils(self) -> int:
        """On the roll of the day."""
        return int(self.output["schools"][0]["pupils"])

    @property
    def roll_on(self) -> date:
        return date.fromisoformat(self.output["roll_on"])

    @property
    def framework_name(self) -> str:
        return str(self.rule.title.in_language(language()))

    @property
    def scoring_name(self) -> str:
        return str(self.scoring.title.in_language(language()))

    @property
    def reading(self) -> str:
        return str(READINGS[self.asked.reading])

    @property
    def changes(self) -> list[Json]:
        """Criteria that stand otherwise than on the earlier day, or were met by other pupils."""
        movers = ("now_met", "no_longer_met", "joined_met", "joined_missing", "left_met", "left_missing")
        return [
            each for each in self.output["changes"]
            if each["before"] != each["after"] or any(each[name] for name in movers)
        ]


def results_of(school: School, asked: Asked) -> Results:
    """Run the engine for a school. Raises NoRuleInForceError where no framework is in force on the day."""
    rule = framework(school.setting, asked.day, asked.version)
    bands = scoring(asked.day, asked.profile)
    output = benchmarks_of(
        [school], asked.day, earlier=asked.earlier, version=asked.version, profile=asked.profile, reading=asked.reading
    )
    return Results(school, asked, rule, bands, output)


def part_words(part: str) -> str:
    """What a school cannot show yet: kind, or kind and for whom."""
    kind, _colon, audience = part.partition(":")
    word = str(PARTS.get(kind, kind))
    return f"{word}: {AUDIENCE_WORDS.get(audience, audience)}" if audience else word


class Step(NamedTuple):
    """A next best action in words."""

    school_class: SchoolClass | None
    what: str
    closes: str
    pupils: int
    progress: int


def steps_of(results: Results) -> list[Step]:
    """What closes most of the gap, the best first."""
    classes = SchoolClass.objects.in_bulk(int(each["group"]) for each in results.output["next_best_actions"])
    kinds = kind_words(results.asked.day)
    return [
        Step(classes.get(int(each["group"])), " ".join(_offer_words(each, kinds)), closes_words(each["closes"]),
             len(each["pupils"]), each["progress"])
        for each in results.output["next_best_actions"]
    ]


def _offer_words(step: Json, kinds: dict[str, str]) -> Iterator[str]:
    yield kinds.get(step["kind"], str(step["kind"]))
    more = []
    if step["provider_kind"]:
        more.append(str(ProviderKind(step["provider_kind"]).label))
    if step["subject"]:
        more.append(_("subject %(code)s") % {"code": step["subject"]})
    if step["stem"]:
        more.append(_("STEM"))
    if step["curriculum_linked"]:
        more.append(_("part of what the class studies"))
    if more:
        yield f"({', '.join(more)})"


def closes_words(closes: Sequence[Json]) -> str:
    """ "5.1: 24, 5.2: 24": pupils who become met, by criterion."""
    return ", ".join(f"{each['criterion']}: {format_number(each['pupils'])}" for each in closes)


class Unfinished(NamedTuple):
    """An encounter that was attended and does not count yet: its number, what is not answered, what answering closes."""

    number: int | None
    kind: str
    checks: str
    closes: str


def unfinished_of(results: Results) -> list[Unfinished]:
    """Encounters whose checklist is not complete, the most useful first."""
    kinds, checks = kind_words(results.asked.day), check_words(results.asked.day)
    found = []
    for each in results.output["open_checks"]:
        number = each["encounter"][1:].partition(".")[0] if each["encounter"].startswith("e") else ""
        words = [checks.get((each["kind"], check), check) for check in each["checks"]]
        found.append(Unfinished(int(number) if number else None, kinds.get(each["kind"], each["kind"]), "; ".join(words),
                                closes_words(each["closes"])))
    return found
