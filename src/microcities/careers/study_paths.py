"""Kinds of studies from the rulebook beside what is offered of each, in the order that fits where somebody is."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.careers.frameworks import language
from microcities.careers.models import Enrolment, Stage, StudyProgramme
from microcities.careers.rulebook.study_values import StudyKind, StudyPaths
from microcities.people.models import Person
from microcities.rulebooks.place import here
from microcities.rulebooks.reading import Rule
from microcities.rulebooks.registry import rule

LAST_OF_BASIC = 9
STAGE_WORDS: dict[str, Promise] = {
    "basic": _("You are in basic education (up to grade 9)."),
    "secondary": _("You are in secondary school (grades 10 to 12)."),
    "vocational": _("You are at a technikum or college."),
    "adult": _("You are in no class here today."),
}


@dataclass(frozen=True)
class Path:
    """One kind of studies in the reader's language; `fits` says that it usually comes next."""

    code: str
    name: str
    facts: tuple[tuple[str, str], ...]
    fits: bool
    offered: int
    open_now: int


def study_rule() -> Rule[StudyPaths]:
    """The kinds of studies as they are today."""
    return rule(StudyPaths, on=timezone.localdate(), territory=here())


def kind_choices() -> list[tuple[str, str]]:
    """(code, name) of each kind, for forms and filters."""
    return [(kind.code, kind.name.in_language(language())) for kind in study_rule().values.kinds]


def kind_words(code: str) -> str:
    """What a kind is called; its code if the rulebook does not have it any more."""
    return dict(kind_choices()).get(code, code)


def facts_of(kind: StudyKind) -> tuple[tuple[str, str], ...]:
    """What a kind asks for and leads to: (label, words)."""
    spoken = language()
    facts = [
        (_now("Education before"), kind.requires.in_language(spoken)),
        (_now("How one gets in"), kind.entrance.in_language(spoken)),
        (_now("Documents"), kind.documents.in_language(spoken)),
        (_now("What it leads to"), kind.leads_to.in_language(spoken)),
        (_now("Level"), level_words(kind)),
        (_now("Length"), kind.length.in_language(spoken)),
        (_now("Where it stands"), kind.law.in_language(spoken)),
    ]
    return tuple((label, words) for label, words in facts if words)


def level_words(kind: StudyKind) -> str:
    """The levels of the Latvian and the European framework; nothing for studies without one."""
    if kind.level_from is None:
        return ""
    if kind.level_from == kind.level_to:
        return _now("Latvian and European framework (LQF, EQF): %(level)s of 8") % {"level": kind.level_from}
    numbers = {"first": kind.level_from, "last": kind.level_to}
    return _now("Latvian and European framework (LQF, EQF): %(first)s to %(last)s of 8") % numbers


def stage_of(person: Person) -> str:
    """Where the person is today: basic, secondary, vocational, or adult for whoever is in no class."""
    rows = Enrolment.objects.on(timezone.localdate()).filter(person=person)
    found = rows.values_list("school_class__stage", "school_class__number").first()
    if found is None:
        return "adult"
    stage, number = found
    if stage == Stage.COURSE:
        return "vocational"
    return "basic" if number <= LAST_OF_BASIC else "secondary"


def paths(stage: str = "") -> list[Path]:
    """All kinds; for a stage those that usually come next stand first. One query."""
    offered = StudyProgramme.objects.offered()
    today = StudyProgramme.objects.open_on(timezone.localdate())
    counted = offered.values("kind").annotate(all=Count("pk"), open=Count("pk", filter=Q(pk__in=today.values("pk"))))
    counts = {row["kind"]: (row["all"], row["open"]) for row in counted}
    found = [
        Path(kind.code, kind.name.in_language(language()), facts_of(kind), stage in kind.after, *counts.get(kind.code, (0, 0)))
        for kind in study_rule().values.kinds
    ]
    return sorted(found, key=lambda path: not path.fits)
