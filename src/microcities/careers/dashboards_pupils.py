"""Who a criterion still lacks and what of it, and each pupil of a class against each criterion."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from microcities.careers.dashboards import CriterionLine, Json, Results
from microcities.careers.frameworks import kind_words
from microcities.careers.models import ProviderKind, SchoolClass
from microcities.database.collation import latvian_key
from microcities.people.models import Person
from microcities.ui.components import StatusKind, status

# By list of the engine's class results, in the order in which they say more: the word of a cell and its colour.
MARKS: tuple[tuple[str, Any, StatusKind], ...] = (
    ("met", gettext_lazy("met"), "good"),
    ("too_late", gettext_lazy("too late"), "bad"),
    ("not_counted", gettext_lazy("not complete"), "warning"),
    ("missing", gettext_lazy("lacking"), "bad"),
    ("not_applied", gettext_lazy("not asked"), "neutral"),
    ("unknown", gettext_lazy("not known"), "info"),
)
MARK_WORDS = {code: (word, kind) for code, word, kind in MARKS}


class MissingPupil(NamedTuple):
    """A pupil whom a criterion lacks: the class, what is lacking, and whether something attended does not count yet."""

    person: Person
    school_class: SchoolClass | None
    lacks: str
    note: str

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def class_name(self) -> str:
        return self.school_class.name if self.school_class else ""


def missing_of(results: Results, line: CriterionLine) -> list[MissingPupil]:
    """Everybody in the denominator and not in the numerator, by class and name."""
    people = _people(number for group in line.groups for number in group["missing"])
    classes = SchoolClass.objects.in_bulk(int(group["group"]) for group in line.groups)
    kinds = kind_words(results.asked.day)
    found = []
    for group in line.groups:
        lacks = {number: _lack_words(each, kinds) for each in group["lacks"] for number in each["pupils"]}
        for number in group["missing"]:
            note = _note(number, group)
            if person := people.get(number):
                found.append(MissingPupil(person, classes.get(int(group["group"])), lacks.get(number, ""), note))
    return sorted(found, key=lambda each: (latvian_key(each.class_name), latvian_key(each.person.family_name), each.person.pk))


def _note(number: str, group: Json) -> str:
    if number in group["too_late"]:
        return _("the time for it is over")
    if number in group["not_counted"]:
        return _("was at an encounter whose checklist is not complete")
    return ""


def _people(numbers: Iterable[str]) -> dict[str, Person]:
    return {str(pk): person for pk, person in Person.objects.in_bulk({int(each) for each in numbers}).items()}


def _lack_words(lack: Json, kinds: dict[str, str]) -> str:
    """How many are lacking, and which values may fill it."""
    parts = []
    if lack["values"]:
        parts.append(", ".join(_value_word(value, kinds) for value in lack["values"]))
    elif lack["short"]:
        parts.append(ngettext("%(count)s more", "%(count)s more", lack["short"]) % {"count": lack["short"]})
    if lack["linked"]:
        parts.append(_("%(count)s as part of what the class studies") % {"count": lack["linked"]})
    return "; ".join(parts)


def _value_word(value: str, kinds: dict[str, str]) -> str:
    providers = dict(ProviderKind.choices)
    return str(providers.get(value) or kinds.get(value, value))


# --- pupil by criterion ---


class HeatRow(NamedTuple):
    """A pupil and the mark of each criterion, in the order of the map's columns; "" where nothing is asked."""

    person: Person
    marks: tuple[str, ...]

    @property
    def cells(self) -> Iterator[SafeString]:
        """Each mark as a word with its colour."""
        for mark in self.marks:
            yield status(*MARK_WORDS[mark]) if mark else SafeString('<span class="none">–</span>')

    @property
    def words(self) -> list[str]:
        """Each mark as a plain word, for a file."""
        return [str(MARK_WORDS[mark][0]) if mark else "" for mark in self.marks]


class HeatMap(NamedTuple):
    """The criteria that are asked of a class's pupils, and every pupil against each."""

    columns: tuple[CriterionLine, ...]
    rows: tuple[HeatRow, ...]


def heat_map(results: Results, school_class: SchoolClass, pupils: Iterable[Person]) -> HeatMap:
    """A class's pupils by name; only criteria of which something is known or asked of them make a column."""
    everybody = list(pupils)
    marks: dict[str, dict[str, str]] = {}
    columns = []
    for line in results.criteria:
        group = next((each for each in line.groups if each["group"] == str(school_class.pk)), None)
        if group is None or not (found := _marks_in(group)):
            continue
        columns.append(line)
        marks[line.code] = found
    rows = tuple(
        HeatRow(person, tuple(marks[line.code].get(str(person.pk), "") for line in columns)) for person in everybody
    )
    return HeatMap(tuple(columns), rows)


def _marks_in(group: Json) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, _word, _kind in MARKS:
        for number in group[code]:
            found.setdefault(number, code)
    return found
