"""The words by which consent is asked for, from the rulebook `people.consents`, and whether somebody has agreed.

A service that does something on the ground of consent asks `has_consented(person, code, on)` first.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from microcities.people.models import Consent, Person
from microcities.people.rulebook.values import AskedConsent, Consents
from microcities.privacy.record import territory
from microcities.rulebooks.registry import rule


@dataclass(frozen=True)
class ConsentText:
    """One consent as it is asked for in one language; `lines` are (what is told, the words)."""

    code: str
    version: str
    language: str
    name: str
    lines: tuple[tuple[str, str], ...]
    months: int

    @property
    def words(self) -> str:
        """Everything that is shown, as it is kept with the consent."""
        return "\n".join((self.name, *(f"{label}: {text}" for label, text in self.lines)))


def texts_on(day: date, language: str | None = None) -> list[ConsentText]:
    """What is asked for on a day, in a language; the active one when none is given."""
    chosen = language or get_language() or "lv"
    found = rule(Consents, on=day, territory=territory())
    return [_text(each, found.version, chosen) for each in found.values.consents]


def text_of(code: str, day: date) -> ConsentText | None:
    """The text of one consent in the active language, or None when it is not asked for on that day."""
    return next((each for each in texts_on(day) if each.code == code), None)


def name_of(code: str, day: date) -> str:
    """The name of a consent in the active language; its code when it is no longer asked for."""
    found = text_of(code, day)
    return found.name if found is not None else code


def has_consented(person: Person, code: str, on: date) -> bool:
    """True when a consent of the person, or of a guardian for the person, is in force."""
    return Consent.objects.in_force(on).filter(person=person, purpose=code).exists()


def _text(asked: AskedConsent, version: str, language: str) -> ConsentText:
    labels = AskedConsent.labels()
    lines = []
    for field in ("sentence", "asked_by", "purpose", "data", "months", "withdrawal", "refusal"):
        value = getattr(asked, field)
        label = labels[field]
        words = f"{value} {label.unit(language)}" if field == "months" else value.in_language(language)
        lines.append((label.name(language), words))
    return ConsentText(
        asked.code, version, language.split("-")[0], asked.name.in_language(language), tuple(lines), asked.months
    )
