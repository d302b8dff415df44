"""Employers offer encounters and schools ask for them: offers, requests and answers in all states."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from microcities.careers.actions.exchange import (
    ask_for_encounter,
    make_offer,
    set_terms,
    withdraw_offer,
    withdraw_request,
)
from microcities.careers.actions.proposals import answer_request, call_off, refuse_request, take_places
from microcities.careers.models import EncounterOffer, EncounterRequest, SchoolClass
from microcities.demo.foundations import DEMO
from microcities.demo.schooling_ground import Schooling, SchoolTold
from microcities.people.actions.memberships import give_first_role
from microcities.people.models import Account, Organisation
from microcities.trail.context import change

DATA = Path(__file__).parent / "data" / "exchange.toml"
ROLE, FRIDAY = "employer", 5
SAID = ("kind", "way", "name", "outcomes", "is_stem", "mode")
Firms = dict[str, tuple[Account, Organisation]]


def employer_accounts() -> list[dict[str, str]]:
    """E-mail and role of the employers' accounts."""
    return [{"email": each["email"], "role": ROLE} for each in _story()["employer"]]


def exchange_encounters(told: Schooling) -> None:
    """All of data/exchange.toml: each side does its own part."""
    story = _story()
    firms = {each["key"]: _open_firm(told, each) for each in story["employer"]}
    offers = {each["key"]: _offer(told, firms, each) for each in story["offer"]}
    for each in story["taking"]:
        _take(told, firms, offers[each["offer"]], each)
    for each in story["offer"]:
        if each.get("withdrawn"):
            withdraw_offer(actor=firms[each["by"]][0], offer=offers[each["key"]])
    for each in story["asking"]:
        _ask(told, firms, each)


def _story() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def _open_firm(told: Schooling, entry: dict[str, Any]) -> tuple[Account, Organisation]:
    firm, ground = told.organisation(entry["organisation"]), told.ground
    given, family = entry["name"]
    account = ground.open_account(entry["email"], (given, family))
    give_first_role(actor=DEMO, account=account, organisation=firm, role=ROLE, valid_from=ground.programme.starts_on)
    cities = [ground.cities[slug] for slug in entry["cities"]]
    set_terms(actor=account, organisation=firm, cities=cities, sector=entry["sector"], size=entry["size"])
    return account, firm


def _day(told: Schooling, days: int) -> date:
    """So many days from today, on a weekday."""
    day = told.today + timedelta(days=days)
    return day - timedelta(days=max(0, day.isoweekday() - FRIDAY))


def _fields(told: Schooling, entry: dict[str, Any]) -> dict[str, Any]:
    """What offers and requests say alike."""
    first, last = entry["days"]
    said = {name: entry[name] for name in SAID if name in entry}
    return {**said, "hours": Decimal(entry["hours"]), "from_on": _day(told, first), "until_on": _day(told, last)}


def _offer(told: Schooling, firms: Firms, entry: dict[str, Any]) -> EncounterOffer:
    account, firm = firms[entry["by"]]
    youngest, oldest = entry.get("ages", (None, None))
    more = {name: entry[name] for name in ("about", "sector", "places", "place", "access_note", "safety_note") if name in entry}
    fields = _fields(told, entry) | more | {
        "city": told.ground.cities[entry["city"]], "languages": ["lv", "en"], "youngest": youngest, "oldest": oldest,
    }
    if fields["until_on"] >= told.today:
        return make_offer(actor=account, host=firm, **fields)
    with change("careers.make_offer", actor=account):  # the action offers what is to come only
        return EncounterOffer.objects.create(host=firm, made_by_id=account.pk, **fields)


def _class(told: Schooling, school: SchoolTold, entry: dict[str, Any]) -> SchoolClass | None:
    """The first class of the grade or year in the present school year."""
    if "level" not in entry:
        return None
    return school.school.classes.of_year(told.years[-1]).filter(number=entry["level"]).order_by("name").first()


def _take(told: Schooling, firms: Firms, offer: EncounterOffer, entry: dict[str, Any]) -> None:
    school = told.schools[entry["school"]]
    made = take_places(
        actor=school.actor, offer=offer, school=school.school, held_on=_day(told, entry["on"]), places=entry["places"],
        school_class=_class(told, school, entry), purpose=entry.get("purpose", ""), note=entry.get("note", ""),
    )
    if "called_off" in entry:
        account = next(account for account, firm in firms.values() if firm.pk == offer.host_id)
        call_off(actor=account, proposal=made, reason=entry["called_off"])


def _ask(told: Schooling, firms: Firms, entry: dict[str, Any]) -> None:
    school, host = told.schools[entry["school"]], firms[entry["to"]][1] if "to" in entry else None
    more = {name: entry[name] for name in ("pupils", "grades", "subject") if name in entry}
    answer_by = told.today + timedelta(days=entry["answer_in"])
    fields = _fields(told, entry) | more | {"answer_by": answer_by, "school_class": _class(told, school, entry)}
    if answer_by < told.today:
        with change("careers.ask_for_encounter", actor=school.actor):  # the action asks for what can still be answered only
            EncounterRequest.objects.create(
                school=school.school, asked_by_id=school.actor.pk, asked_on=answer_by - timedelta(days=14), **fields
            )
        return
    request = ask_for_encounter(actor=school.actor, school=school.school, host=host, **fields)
    for answer in entry["answers"]:
        _answer(told, firms, request, answer)
    if entry.get("withdrawn"):
        withdraw_request(actor=school.actor, request=request)


def _answer(told: Schooling, firms: Firms, request: EncounterRequest, entry: dict[str, Any]) -> None:
    account, firm = firms[entry["by"]]
    if "no" in entry:
        refuse_request(actor=account, request=request, host=firm, reason=entry["no"])
        return
    day = _day(told, entry["on"])
    answer_request(actor=account, request=request, host=firm, held_on=day, places=entry["places"], note=entry["note"])
