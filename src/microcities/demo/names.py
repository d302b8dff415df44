"""Latvian names for synthetic people, drawn by a fixed seed, with the surname in the form of the bearer's sex."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from microcities.database.collation import search_key
from microcities.people.matching.scoring import BirthVerdict, compare_births

FEMALE = """
    Anna Līga Inese Kristīne Ilze Inga Dace Zane Elīna Laura Liene Agnese Sanita Evija Madara Marta Elza Alise
    Katrīna Paula Sofija Emīlija Estere Ieva Baiba Gunta Sarmīte Aija Vita Daiga Rūta Santa Signe Una Undīne Ņina
    Žanna Šarlote
""".split()  # noqa: SIM905  (words read best as words)
MALE = """
    Jānis Andris Juris Edgars Māris Mārtiņš Artūrs Kristaps Roberts Toms Pēteris Gustavs Kārlis Emīls Ralfs Rihards
    Oskars Markuss Dāvis Rūdolfs Ernests Aivars Gints Uldis Ģirts Ēriks Valdis Zigmārs Ļevs Ivars Normunds Dzintars
""".split()  # noqa: SIM905  (words read best as words)
# Masculine and feminine form of each surname.
PAIRS = """
    Bērziņš/Bērziņa Kalniņš/Kalniņa Ozoliņš/Ozoliņa Jansons/Jansone Ozols/Ozola Liepiņš/Liepiņa Krūmiņš/Krūmiņa
    Balodis/Balode Eglītis/Eglīte Zariņš/Zariņa Pētersons/Pētersone Vītols/Vītola Kļaviņš/Kļaviņa
    Kārkliņš/Kārkliņa Vanags/Vanaga Siliņš/Siliņa Sproģis/Sproģe Šmits/Šmite Žagars/Žagare Ābols/Ābola
    Briedis/Briede Dūmiņš/Dūmiņa Ērglis/Ērgle Gailis/Gaile Ģēģeris/Ģēģere Lācis/Lāce Ķirsis/Ķirse Ļaudams/Ļaudama
    Mūrnieks/Mūrniece Ņikitins/Ņikitina Pūce/Pūce Roze/Roze Rudzītis/Rudzīte Saulītis/Saulīte Skuja/Skuja
    Strazdiņš/Strazdiņa Tīrums/Tīruma Upītis/Upīte Vilks/Vilka Zālītis/Zālīte Čakste/Čakste Štāls/Štāle Īve/Īve
    Ūdris/Ūdre
""".split()  # noqa: SIM905  (words read best as words)
SURNAMES = tuple(tuple(pair.split("/")) for pair in PAIRS)


@dataclass(frozen=True)
class SyntheticPerson:
    """A person who does not exist."""

    given_name: str
    family_name: str
    sex: str
    birth_on: date
    email: str


def synthetic_people(seed: int, *, youngest_on: date, oldest_on: date) -> Iterator[SyntheticPerson]:
    """Endless people born between two days; the same seed gives the same people on every machine.

    Name and birth date together never repeat, so that each of them is one person.
    """
    draw = random.Random(seed)  # noqa: S311  (not for secrets: a demo must repeat)
    seen: set[tuple[str, str, date]] = set()
    days = (youngest_on - oldest_on).days
    while True:
        female = draw.random() < 0.5
        given = draw.choice(FEMALE if female else MALE)
        family = draw.choice(SURNAMES)[female]
        birth_on = oldest_on + timedelta(days=draw.randrange(days + 1))
        if (given, family, birth_on) in seen:
            continue
        seen.add((given, family, birth_on))
        yield SyntheticPerson(given, family, "female" if female else "male", birth_on, email_of(given, family, birth_on))


def email_of(given: str, family: str, birth_on: date) -> str:
    """An address as people have it, under a domain that nobody can have: liga.berzina120304@example.org."""
    return f"{_plain(given)}.{_plain(family)}{birth_on:%d%m%y}@example.org"


@lru_cache(maxsize=1000)
def _plain(name: str) -> str:
    return search_key(name)


class Crowd:
    """Draws people none of whom could be taken for another one, however badly a list tells of them."""

    def __init__(self) -> None:
        self._births: dict[tuple[str, str], list[date]] = {}

    def add(self, person: SyntheticPerson) -> bool:
        """Take a person in, unless somebody of that name was born on such a day."""
        births = self._births.setdefault((person.given_name, person.family_name), [])
        if any(compare_births(each, person.birth_on) is not BirthVerdict.DIFFERENT for each in births):
            return False
        births.append(person.birth_on)
        return True

    def draw(self, seed: int, count: int, *, youngest_on: date, oldest_on: date) -> list[SyntheticPerson]:
        """`count` people born between two days."""
        drawn: list[SyntheticPerson] = []
        for person in synthetic_people(seed, youngest_on=youngest_on, oldest_on=oldest_on):
            if len(drawn) == count:
                break
            if self.add(person):
                drawn.append(person)
        return drawn


def years_before(day: date, years: int) -> date:
    """The same day that many years earlier; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
