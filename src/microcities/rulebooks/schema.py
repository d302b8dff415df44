"""The form of a rulebook file, so that every rule states its dates, territory, source and typed values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

TOPIC = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\Z")
TERRITORY = re.compile(r"(any|EU|[A-Z]{2}([0-9A-Z]{1,3}|[0-9]{4,10})?)\Z")
EVERYWHERE = "any"
# ISO 3166-1, and the two that European statistics writes otherwise (EL, UK).
_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC "
    "CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH EL ER ES ET FI FJ FK FM FO FR GA GB "
    "GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG "
    "KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB "
    "SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UK UM "
    "US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_CODES.split())
EU_MEMBERS = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


class Frozen(BaseModel):
    """A record that cannot change, refuses unknown keys and never turns one type into another."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Text(Frozen):
    """One text in the platform's two languages."""

    lv: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, language: str) -> str:
        """The text for a language code such as `lv` or `en-gb`; English for every language but Latvian."""
        return self.lv if language.split("-")[0] == "lv" else self.en


class Label(NamedTuple):
    """How a field of a rule is shown: its name and, where it has one, its unit, in both languages.

    The units "EUR" and "share" (of one) are written the way the site writes money and percentages. A field
    that is only a handle for programs has `shown` False and stays out of the public tables.
    """

    en: str
    lv: str
    unit_en: str = ""
    unit_lv: str = ""
    shown: bool = True

    def name(self, language: str) -> str:
        return self.lv if language.split("-")[0] == "lv" else self.en

    def unit(self, language: str) -> str:
        return self.unit_lv if language.split("-")[0] == "lv" else self.unit_en


class RuleValues(Frozen):
    """Base of the typed values of one topic; every field carries a `Label` for the public page.

    In a list of values the first field names the row, so it must differ from row to row.
    """

    @classmethod
    def labels(cls) -> dict[str, Label]:
        """Field name to label, in the order declared."""
        found = {}
        for name, field in cls.model_fields.items():
            label = next((extra for extra in field.metadata if isinstance(extra, Label)), None)
            if label is None:
                raise TypeError(f"{cls.__name__}.{name} has no Label: say how people read it")
            found[name] = label
        return found


class Source(Frozen):
    """Where a rule was read, and on which day we last looked; a plain title is the same in every language."""

    title: Text | Annotated[str, Field(min_length=1)]
    url: str = Field(pattern=r"^https://\S+$")
    consulted_on: date

    def title_in(self, language: str) -> str:
        """The title for a language code."""
        return self.title if isinstance(self.title, str) else self.title.in_language(language)


class VersionEntry(Frozen):
    """One `[[version]]` of a file: valid from the first to the last day named, both days included."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    valid_from: date
    valid_to: date | None = None
    territory: Annotated[str, AfterValidator(lambda code: territory_chain(code)[0])]
    title: Text
    source: Source
    status: Literal["confirmed", "to be confirmed"]
    note: Text | None = None
    values: dict[str, Any]

    @model_validator(mode="after")
    def dates_and_note_agree(self) -> VersionEntry:
        """The last day is not before the first, and an open question is spelled out."""
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} is before valid_from {self.valid_from}")
        if self.status == "to be confirmed" and self.note is None:
            raise ValueError("status 'to be confirmed' needs a note that says what is to be confirmed")
        return self


class RulebookFile(Frozen):
    """A whole file: one topic with its versions."""

    topic: str = Field(pattern=TOPIC.pattern.replace(r"\Z", "$"))
    title: Text
    version: Annotated[tuple[VersionEntry, ...], Field(min_length=1)]


Values = TypeVar("Values", bound=RuleValues)
_models: dict[str, type[RuleValues]] = {}
_topics: dict[type[RuleValues], str] = {}


def rule_values(topic: str) -> Callable[[type[Values]], type[Values]]:
    """Register the decorated model as the values of `topic` ("app.name"); each topic has one owner.

    Raises ValueError for a badly formed or already owned topic, TypeError for a field without a label.
    """
    if not TOPIC.match(topic):
        raise ValueError(f"topic {topic!r} is not of the form app.name")

    def register(model: type[Values]) -> type[Values]:
        owner = _models.get(topic)
        if owner is not None and (owner.__module__, owner.__qualname__) != (
            model.__module__,
            model.__qualname__,
        ):
            raise ValueError(
                f"topic {topic} already has its values in {owner.__module__}.{owner.__qualname__}"
            )
        model.labels()
        _models[topic] = model
        _topics[model] = topic
        return model

    return register


def values_model(topic: str) -> type[RuleValues] | None:
    """The registered model of a topic, or None."""
    return _models.get(topic)


def declared_topics() -> tuple[str, ...]:
    """The topics for which a values model is registered, sorted."""
    return tuple(sorted(_models))


def topic_of(model: type[RuleValues]) -> str:
    """The topic a model was registered for; KeyError if it was not."""
    return _topics[model]


def territory_chain(code: str) -> tuple[str, ...]:
    """The territories whose rules hold in `code`, nearest first: LV00C, LV00, LV0, LV, EU, any.

    Four or more digits after the country are a local unit (LAU): for LV0054010 its municipality LV0054000
    and the country follow; the statistical region cannot be read from it, so whoever needs it passes a longer
    chain to `rule` (see `microcities.programme.territories.place_chain`). Raises ValueError for others.
    """
    if not TERRITORY.match(code):
        raise ValueError(f"territory {code!r} is not 'any', 'EU', a country, a NUTS code or a LAU code")
    if code in {EVERYWHERE, "EU"}:
        return (code,) if code == EVERYWHERE else (code, EVERYWHERE)
    country = code[:2]
    if country not in COUNTRIES:
        raise ValueError(f"territory {code!r}: there is no country {country}")
    wider = ["EU", EVERYWHERE] if country in EU_MEMBERS.split() else [EVERYWHERE]
    if len(code) > 5:
        municipality = code[:6] + "000" if country == "LV" else code
        near = [code] if code == municipality else [code, municipality]
        return (*near, country, *wider)
    return (*(code[:length] for length in range(len(code), 1, -1)), *wider)


def plain(value: Any) -> Any:
    """A TOML value as JSON can hold it: dates in ISO form, decimals as text, so that no digit is lost."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
