"""The record of processing (Article 30 GDPR), read off the declarations so that it can never lag behind the tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from microcities.database.expressions import LatvianKey
from microcities.privacy.declarations import BASIS_WORDS, PURPOSE_WORDS, OnErasure, Purpose
from microcities.privacy.outside import OUTSIDE
from microcities.privacy.rulebook.clocks import Clocks
from microcities.privacy.rulebook.values import Retention, RetentionClock
from microcities.privacy.walk import Declared, declared_fields
from microcities.rulebooks.place import here
from microcities.rulebooks.registry import rule, rules_in_force

ACCOUNT, NOTICE, PROGRAMME, SECURITY = "account", "notice", "programme", "security"


@dataclass(frozen=True)
class Entry:
    """One row of the record: which data of which table, on which basis, how long, and what erasure does."""

    about: str
    fields: tuple[str, ...]
    basis: str
    retention: str
    on_erasure: tuple[str, ...]


@dataclass(frozen=True)
class Processing:
    """One purpose with all that is kept for it."""

    purpose: Purpose
    words: str
    entries: tuple[Entry, ...]


def territory() -> str:
    """The place whose law this installation follows."""
    return here()


def clocks_on(day: date) -> Clocks:
    """The installation's own periods in force on a day."""
    return rule(Clocks, on=day, territory=territory()).values


def recipients(on: date) -> list[Any]:
    """Partners of the programmes on a day: each sees the people it knows itself."""
    partner: Any = apps.get_model("programme.Partner")
    rows = partner.objects.in_force(on).select_related("organisation", "city", "programme")
    return list(rows.order_by("programme_id", "-is_lead", LatvianKey("organisation__name"), "pk"))


def record_of_processing(fields: Iterable[Declared] | None = None) -> list[Processing]:
    """All purposes in the order of `Purpose`, with the data kept for each, in the active language."""
    found = list(declared_fields() if fields is None else fields)
    return [
        Processing(purpose, str(PURPOSE_WORDS[purpose]), entries)
        for purpose in Purpose
        if (entries := _entries([each for each in found if each.declaration.purpose is purpose]))
    ]


def _entries(fields: list[Declared]) -> tuple[Entry, ...]:
    groups: dict[tuple[str, str, str], list[Declared]] = {}
    for each in fields:
        key = (each.model, each.declaration.basis, each.declaration.retention)
        groups.setdefault(key, []).append(each)
    return tuple(
        Entry(
            about=table_name(group[0].model),
            fields=tuple(dict.fromkeys(field_name(each) for each in group)),
            basis=str(BASIS_WORDS[group[0].declaration.basis]),
            retention=clock_name(group[0].declaration.retention),
            on_erasure=tuple(dict.fromkeys(erasure_words(each.declaration.on_erasure) for each in group)),
        )
        for group in groups.values()
    )


def table_name(model: str) -> str:
    """The name of a table for people; `model` is the Django label."""
    outside = OUTSIDE.get(model)
    name: str | Promise = outside.name if outside else apps.get_model(model)._meta.verbose_name_plural or model
    text = str(name)
    return text[:1].upper() + text[1:]


def field_name(field: Declared) -> str:
    """The name of a personal field for people."""
    outside = OUTSIDE.get(field.model)
    return str(outside.label(field.column)) if outside else field.label


def erasure_words(how: OnErasure) -> str:
    """What happens to a value when the person is erased, in a few words."""
    return {
        OnErasure.BLANK: _("emptied"),
        OnErasure.KEEP: _("kept without the person"),
        OnErasure.COARSEN: _("only the year stays"),
        OnErasure.DELETE_ROW: _("deleted"),
    }[how]


def clock_name(clock: str) -> str:
    """The name of a retention clock; KeyError for one that no rulebook knows."""
    return {
        PROGRAMME: _("as long as the papers of the programme"),
        ACCOUNT: _("as long as the account is in use"),
        NOTICE: _("as long as a notice can matter to its reader"),
        SECURITY: _("as long as security needs it"),
    }[clock]


def clock_words(on: date) -> list[tuple[str, list[str]]]:
    """Each clock with the periods in force on a day, from the rulebooks `privacy.retention` and `privacy.clocks`."""
    house = clocks_on(on)
    return [
        (clock_name(PROGRAMME), _funding_words(on)),
        (
            clock_name(ACCOUNT),
            [
                _("An account nobody signs in to is closed after %(period)s.")
                % {"period": _months(house.account_idle_months)},
                _("A person who took part in nothing and has no account is erased after %(period)s.")
                % {"period": _months(house.contact_idle_months)},
            ],
        ),
        (
            clock_name(NOTICE),
            [_("A notice and its letter are deleted after %(period)s.") % {"period": _months(house.notice_months)}],
        ),
        (
            clock_name(SECURITY),
            [
                _(
                    "The trail of changes and looks stays as long as the installation; erasing a person empties it of "
                    "that person's data."
                ),
                _("Ended background work is removed after %(period)s.") % {"period": _months(house.security_months)},
            ],
        ),
    ]


def retention_rule(on: date) -> Retention | None:
    """The rule of funds on keeping papers that is in force here on a day, or None."""
    found = next((r.values for r in rules_in_force(on, territory()) if r.topic == "privacy.retention"), None)
    return found if isinstance(found, Retention) else None


def retention_clocks(on: date) -> list[tuple[str, str]]:
    """(code, words) of the clocks known on a day."""
    found = retention_rule(on)
    return [(clock.code, _clock_sentence(clock)) for clock in found.clocks] if found else []


def _funding_words(on: date) -> list[str]:
    return [words for _code, words in retention_clocks(on)] or [_("No rule is in force on that day.")]


def _clock_sentence(clock: RetentionClock) -> str:
    language = get_language() or "en"
    return _("%(funding)s: %(period)s, counted from %(event)s.") % {
        "funding": clock.funding.in_language(language),
        "period": _years(clock.years),
        "event": clock.explained.in_language(language),
    }


def _months(number: int) -> str:
    return ngettext("%(number)s month", "%(number)s months", number) % {"number": number}


def _years(number: int) -> str:
    return ngettext("%(number)s year", "%(number)s years", number) % {"number": number}
