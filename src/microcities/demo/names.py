"""Latvian names for synthetic people, drawn by a fixed seed, with the surname in the form of the bearer's sex."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

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
    number = 0
    while True:
        female = draw.random() < 0.5
        given = draw.choice(FEMALE if female else MALE)
        family = draw.choice(SURNAMES)[female]
        birth_on = oldest_on + timedelta(days=draw.randrange(days + 1))
        if (given, family, birth_on) in seen:
            continue
        seen.add((given, family, birth_on))
        number += 1
        yield SyntheticPerson(
            given, family, "female" if female else "male", birth_on, f"p{seed}-{number}@example.org"
        )
