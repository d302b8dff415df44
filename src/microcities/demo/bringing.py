"""Brings the activities' participants as partners do: a list file, the comparison, its application, the confirmation."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from microcities.demo.files import Row, list_file
from microcities.demo.foundations import Ground
from microcities.demo.names import FEMALE, MALE, Crowd, SyntheticPerson, years_before
from microcities.demo.story import ActivityStory, DoubleStory, Story
from microcities.participation.actions.lists import bring_list, match_columns, request_application
from microcities.participation.actions.records import confirm_list_records
from microcities.participation.actions.work import apply_list, check_list
from microcities.participation.models import Activity, ListImport, ListState
from microcities.people.actions.merging import decide_match
from microcities.people.models import MatchCandidate, MatchState, Person
from microcities.programme.models import FundingSource

SEED = 2018
PROJECT, CITY_BUDGET, SECOND_PAYER = "nextgen-erdf", "valmiera-budget", "nva-summer"
# Summer jobs run in four periods; days between the activity's start and the period's.
PERIODS = (0, 21, 42, 63)
People = Sequence[SyntheticPerson]


class DemoError(Exception):
    """The story cannot be told: a list that ought to be applied whole is not."""


class Bringer:
    """Tells the activities of the story one after the other; `people_of` knows who was in which."""

    def __init__(self, story: Story, ground: Ground) -> None:
        self.story, self.ground = story, ground
        self.crowd = Crowd()
        self.people_of: dict[str, People] = {}
        self._draw = random.Random(SEED)  # noqa: S311  (a demo must repeat)

    def tell(self, number: int, activity_story: ActivityStory) -> None:
        """Add the activity, and bring its lists: the project-paid people first, the others in a list of their own."""
        story = activity_story
        fields = ("code", "kind", "name", "name_en", "starts_on", "ends_on", "source_url")
        activity = self.ground.add_activity(
            story.partner, story.reporter, **{name: getattr(story, name) for name in fields}
        )
        people = self._find_people(story, number)
        self.people_of[story.code] = people
        rows = list(self._rows(story, people))
        parts = [rows[: story.project_paid], rows[story.project_paid :]]
        payers = [PROJECT, CITY_BUDGET]
        filled = [(part, payer) for part, payer in zip(parts, payers, strict=True) if part]
        for file, (part, payer) in zip(story.files, filled, strict=True):
            the_list = self.bring(activity, story.reporter, file, story.layout, part, self.ground.fundings[payer])
            self.apply(story.reporter, the_list)
            if story.confirmed_by and payer == PROJECT:
                confirm_list_records(
                    actor=self.ground.accounts[story.confirmed_by], the_list=the_list, reason=story.confirmed_because
                )
        for place, double in enumerate(story.double):
            self._decide(double, people[len(people) - len(story.double) + place])

    def bring(
        self, activity: Activity, by: str, file: str, layout: str, rows: Sequence[Row],
        payer: FundingSource | None = None,
    ) -> ListImport:
        """Bring a list and have it compared; headings that were matched before are not matched again."""
        actor = self.ground.accounts[by]
        the_list = bring_list(
            actor=actor, activity=activity, file=list_file(file, layout, rows), funding_source=payer
        )
        storage, kept = the_list.file.storage, the_list.file.name
        try:
            if the_list.state == ListState.UPLOADED:
                match_columns(actor=actor, the_list=the_list, mapping=the_list.mapping)
            return check_list(actor=actor, list_id=the_list.pk)
        except BaseException:
            storage.delete(kept)  # the database takes its row back by itself
            raise

    def apply(self, by: str, the_list: ListImport) -> None:
        """Apply a compared list whole."""
        actor = self.ground.accounts[by]
        request_application(actor=actor, the_list=the_list)
        if apply_list(actor=actor, list_id=the_list.pk).state != ListState.APPLIED:
            raise DemoError(f"{the_list.file_name} was not applied: {the_list.outcomes}")

    def _find_people(self, story: ActivityStory, number: int) -> list[SyntheticPerson]:
        """Some of an earlier activity's people where lists overlap, new ones for the rest, and last the doubles."""
        youngest, oldest = story.ages
        born = {
            "youngest_on": years_before(story.starts_on, youngest),
            "oldest_on": years_before(story.starts_on, oldest + 1) + timedelta(days=1),
        }
        earlier = [
            person for person in self.people_of.get(story.overlap_with, ())
            if born["oldest_on"] <= person.birth_on <= born["youngest_on"]
        ]
        known = earlier[: story.overlap]
        doubles = _doubles(story.double, earlier[story.overlap :])
        for each in doubles:
            self.crowd.add(each)
        fresh = self.crowd.draw(SEED + number, story.people - len(known) - len(doubles), **born)
        return [*known, *fresh, *doubles]

    def _rows(self, story: ActivityStory, people: People) -> Iterator[dict[str, Any]]:
        started = story.people if story.started is None else story.started
        completed = started if story.completed is None else story.completed
        for place, person in enumerate(people):
            begin = story.starts_on + timedelta(days=self._shift(story, place))
            number = f"{place + 1:03}"
            yield {
                **vars(person),
                "applied_on": story.applied_on or story.starts_on - timedelta(days=30),
                "started_on": begin if place < started else None,
                "completed_on": min(story.ends_on, begin + timedelta(days=20)) if place < completed else None,
                "in_work_on": story.ends_on + timedelta(days=14) if place < story.in_work else None,
                "hours": story.hours if place < started else None,
                "host": self._host(story, place),
                "funding": f"{PROJECT} + {SECOND_PAYER}" if place < story.paid_twice else None,
                "local_reference": f"{story.contract}-{number}",
                "proof_reference": f"{story.contract}/{number}",
            }

    def _shift(self, story: ActivityStory, place: int) -> int:
        """Days between the activity's start and this record's."""
        if story.kind == "summer_job":
            return PERIODS[place % len(PERIODS)]
        return self._draw.randrange(0, 200) if story.kind == "career_support" and story.people > 100 else 0

    def _host(self, story: ActivityStory, place: int) -> str | None:
        """Whoever found work is with the employer named; pupils paid by the project are with the project's hosts."""
        if story.host:
            return story.host if place < story.in_work else None
        if not story.hosts:
            return None
        if place < story.project_paid:
            return self.story.hosts[place % story.project_hosts][0]
        return self.story.hosts[story.project_hosts + place % (story.hosts - story.project_hosts)][0]

    def _decide(self, double: DoubleStory, person: SyntheticPerson) -> None:
        """Have the pair decided on by whoever the story says."""
        new = Person.objects.filter(
            given_name=person.given_name, family_name=person.family_name, birth_on=person.birth_on
        ).latest("pk")
        pair = MatchCandidate.objects.get(Q(first=new) | Q(second=new), state=MatchState.OPEN)
        if double.same is not None:
            decide_match(actor=self.ground.accounts[double.by], candidate=pair, same=double.same, reason=double.reason)


def _doubles(stories: Sequence[DoubleStory], people: People) -> list[SyntheticPerson]:
    """One like somebody of `people` for each story, each like another one."""
    free, found = list(people), []
    for story in stories:
        place, double = next(
            (place, made) for place, person in enumerate(free) if (made := _double(story.how, person)) is not None
        )
        del free[place]
        found.append(double)
    return found


def _double(how: str, person: SyntheticPerson) -> SyntheticPerson | None:
    """A person as a list tells of them wrongly, or a twin; None when this person does not lend themselves to it."""
    if how == "misspelt":
        name = person.family_name
        return replace(person, family_name=f"{name[:3]}{name[4]}{name[3]}{name[5:]}", email="") if _long(name) else None
    if how == "swapped":
        born = person.birth_on
        if born.day > 12 or born.day == born.month:
            return None
        return replace(person, birth_on=date(born.year, born.day, born.month), email="")
    names = FEMALE if person.sex == "female" else MALE
    return replace(person, given_name=names[(names.index(person.given_name) + 7) % len(names)])


def _long(name: str) -> bool:
    """Long enough that two letters changing places leave it recognisable, and not equal ones."""
    return len(name) >= 8 and name[3] != name[4]
