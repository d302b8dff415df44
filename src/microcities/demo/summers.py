"""Summer schemes of the demo: the published ones of 2019 to 2021 with their employers and places, and one that is open now."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from microcities.demo.bringing import CITY_BUDGET, PROJECT, Bringer
from microcities.demo.foundations import COORDINATOR, DEMO, Ground
from microcities.demo.story import Story
from microcities.demo.summer_draws import draw_past
from microcities.people.models import Account, Organisation, Person
from microcities.summerjobs.actions.applications import (
    begin_application,
    send_application,
    set_wishes,
    write_application,
)
from microcities.summerjobs.actions.hosts import add_host_document, approve_host, join_scheme, name_supervisor
from microcities.summerjobs.actions.posts import approve_post, make_post, offer_post, return_post
from microcities.summerjobs.actions.schemes import open_scheme, publish_scheme, set_fund, set_period
from microcities.summerjobs.models import Application, HostKind, Post, SchemeFund, SummerHost, SummerPeriod, SummerScheme
from microcities.trail.context import change

DATA = Path(__file__).parent / "data" / "summers.toml"
RUNS, LAST_MONTH_TO_PLAN = "valmiera-city", 5
STEM_HOSTS = 8
SAID = ("name", "name_en", "tasks", "address", "learns", "bring", "access_note")
SUPERVISORS = (("Aija", "Sila"), ("Jānis", "Upītis"), ("Rita", "Vītola"), ("Oskars", "Eglītis"), ("Velta", "Krūmiņa"))
MONDAY_AFTER_DAYS, PERIOD_DAYS = 7, 18
# The least that a reader opens as a PDF; what stands in such a paper is for employers to write.
PAPER = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n%%EOF\n"
KINDS = {"company": HostKind.COMPANY, "municipality": HostKind.MUNICIPAL, "school": HostKind.MUNICIPAL}


def hold_summers(bringer: Bringer) -> None:
    """All of data/summers.toml."""
    story = tomllib.loads(DATA.read_text(encoding="utf-8"))
    for entry in story["past"]:
        _past(bringer.ground, bringer.story, entry)
    _next(bringer.ground, story)


# --- Summers that are over: the actions work on days to come, so their rows are written as they were. ---


def _past(ground: Ground, story: Story, entry: dict[str, Any]) -> None:
    with change("demo.past_summer", actor=DEMO):
        scheme = bring_scheme(ground, ground.accounts[COORDINATOR], entry, entry["year"])
        moment = _at(entry["posts"][0])
        SummerScheme.objects.filter(pk=scheme.pk).update(published_at=moment)
        funds = [
            SchemeFund.objects.create(scheme=scheme, code=code, source=ground.fundings[source])
            for code, source in (("city", CITY_BUDGET), ("erdf", PROJECT))
        ]
        if entry["hosts"]:
            _employers(ground, story, scheme, entry, funds)
        if "called_off" in entry:
            scheme.periods.filter(code=entry["called_off_period"]).update(called_off=entry["called_off"])
        if "seed_drawn" in entry:
            draw_past(ground, SummerScheme.objects.get(pk=scheme.pk), entry)
        SummerScheme.objects.filter(pk=scheme.pk).update(closed_at=_at(date(entry["year"], 12, 31)))


def bring_scheme(ground: Ground, actor: Account, entry: dict[str, Any], year: int) -> SummerScheme:
    (posts_from, posts_until), (apply_from, apply_until) = entry["posts"], entry["apply"]
    first, last = entry.get("holidays", (date(year, 6, 1), date(year, 8, 31)))
    scheme = open_scheme(
        actor=actor, organisation=ground.partners[RUNS], programme=ground.programme, city=ground.cities_of[RUNS], year=year,
        name=entry["name"], name_en=entry["name_en"], rules_version=entry["rules"], posts_from_on=posts_from,
        posts_until_on=posts_until, apply_from_on=apply_from, apply_until_on=apply_until, holidays_from_on=first,
        holidays_until_on=last, seed_procedure=entry.get("seed", ""), seed_procedure_en=entry.get("seed_en", ""),
    )
    names = {each.code: each.name for each in scheme.rules.periods}
    for period in entry["periods"]:
        known = names.get(period["code"])
        set_period(
            actor=actor, scheme=scheme, code=period["code"], first_on=period["first_on"], last_on=period["last_on"],
            name=period.get("name") or (known.lv if known else period["code"]),
            name_en=period.get("name_en") or (known.en if known else period["code"]),
        )
    return scheme


def _at(day: date) -> datetime:
    return datetime.combine(day, time(12), timezone.get_default_timezone())


def _employers(
    ground: Ground, story: Story, scheme: SummerScheme, entry: dict[str, Any], funds: list[SchemeFund]
) -> None:
    """The published number of employers and places; the project pays those in STEM at its eight companies."""
    city, project = funds
    periods, moment = list(scheme.periods.all()), _at(entry["posts"][1])
    programmes = {each.code: each for each in scheme.programmes.all()}
    hosts = []
    for name, kind in story.hosts[: entry["hosts"]]:
        organisation = Organisation.objects.get(name=name)
        host = SummerHost.objects.create(
            scheme=scheme, organisation=organisation, kind=KINDS[kind], state="approved", insured=True, no_tax_debt=True,
            risks_assessed_on=entry["posts"][0], checked_at=moment,
            aid_basis="general_measure" if kind == "company" else "",
        )
        supervisor = _supervisor(ground, host, entry["posts"][0])
        hosts.append((host, supervisor))
    share = _places(entry, len(hosts))
    for (host, supervisor), (places, is_stem) in zip(hosts, share, strict=True):
        code = next(each.code for each in scheme.rules.programmes if host.kind in each.hosts)
        for period, count in _by_period(periods, places):
            Post.objects.create(
                host=host, period=period, programme=programmes[code], fund=project if is_stem else city, supervisor=supervisor,
                name="Palīgs ar STEAM saistītā darbā" if is_stem else "Palīgs ikdienas darbos",
                name_en="Helper in STEAM work" if is_stem else "Helper in everyday work",
                tasks="Palīdz darbiniekiem un apgūst darba gaitu.", address="Valmiera", is_stem=is_stem, light_task="squares",
                age_from=13, age_to=19, places=count, starts_at=time(entry["starts"]), work_days=entry["work_days"],
                day_minutes=entry.get("day_minutes"), state="approved", offered_at=moment, decided_at=moment,
            )


def _supervisor(ground: Ground, host: SummerHost, day: date) -> Any:
    given, family = SUPERVISORS[host.organisation_id % len(SUPERVISORS)]
    person = Person.objects.filter(registrations__organisation=host.organisation, given_name=given, family_name=family).first()
    if person is not None:
        return host.supervisors.create(person=person, named_on=day)
    person = Person.objects.create(given_name=given, family_name=family)
    person.registrations.create(organisation=host.organisation, since=day)
    return host.supervisors.create(person=person, named_on=day)


def _places(entry: dict[str, Any], hosts: int) -> list[tuple[int, bool]]:
    """Places of each employer: the first eight share those in STEM, the others the rest, as evenly as whole numbers go."""
    stem, others = STEM_HOSTS, hosts - STEM_HOSTS
    rest = entry["places"] - entry["stem_places"]
    return [(part, True) for part in _even(entry["stem_places"], stem)] + [(part, False) for part in _even(rest, others)]


def _even(total: int, parts: int) -> list[int]:
    return [total // parts + (1 if place < total % parts else 0) for place in range(parts)]


def _by_period(periods: list[SummerPeriod], places: int) -> Iterator[tuple[SummerPeriod, int]]:
    """An employer's places over the periods; none without a place."""
    yield from ((period, count) for period, count in zip(periods, _even(places, len(periods)), strict=True) if count)


# --- The next summer: everybody acts by the services' own actions. ---


def _next(ground: Ground, story: dict[str, Any]) -> None:
    today, entry, coordinator = timezone.localdate(), story["next"], ground.accounts[COORDINATOR]
    year = today.year if today.month < LAST_MONTH_TO_PLAN else today.year + 1
    days = {name: [today + timedelta(days=each) for each in entry[name]] for name in ("posts", "apply")}
    scheme = bring_scheme(ground, coordinator, entry | days | {"periods": list(_months(entry["periods"], year))}, year)
    set_fund(
        actor=coordinator, scheme=scheme, code="city", source=ground.fundings[CITY_BUDGET], budget=Decimal(entry["budget"]),
        subsidy_account="7210", supervisor_account="7211",
    )
    scheme = publish_scheme(actor=coordinator, scheme=scheme)
    hosts = {each["key"]: bring_host(ground, scheme, coordinator, each) for each in story["host"]}
    posts = {each["name"]: bring_post(ground, scheme, coordinator, hosts[each["host"]], each) for each in story["post"]}
    for each in story["application"]:
        account = Account.objects.select_related("person").get(email=each["email"])
        if account.person is not None:
            bring_application(account, account.person, scheme, posts, each)
    for person in former_pupils(scheme)[: story["paper"]["people"]]:
        bring_application(coordinator, person, scheme, posts, story["paper"])


def _months(periods: list[dict[str, Any]], year: int) -> Iterator[dict[str, Any]]:
    """Each period begins on the first Monday of its month and lasts three weeks."""
    for each in periods:
        first = date(year, each["month"], 1)
        monday = first + timedelta(days=-first.weekday() % MONDAY_AFTER_DAYS)
        yield {**each, "first_on": monday, "last_on": monday + timedelta(days=PERIOD_DAYS)}


def bring_host(ground: Ground, scheme: SummerScheme, coordinator: Account, entry: dict[str, Any]) -> tuple[Account, SummerHost]:
    account, today = Account.objects.get(email=entry["email"]), timezone.localdate()
    host = join_scheme(
        actor=account, scheme=scheme, organisation=Organisation.objects.get(name=entry["organisation"]), insured=True,
        no_tax_debt=True, risks_assessed_on=today - timedelta(days=60),
    )
    given, family = entry["supervisor"]
    name_supervisor(actor=account, host=host, given_name=given, family_name=family)
    if "paper" in entry:
        add_host_document(actor=account, host=host, title=entry["paper"], file=SimpleUploadedFile("riski.pdf", PAPER))
    if entry["approved"]:
        host = approve_host(actor=coordinator, host=host, aid_basis=entry["aid_basis"], finding="Dokumenti ir kārtībā.")
    return account, host


def bring_post(
    ground: Ground, scheme: SummerScheme, coordinator: Account, host: tuple[Account, SummerHost], entry: dict[str, Any]
) -> Post:
    account, employer = host
    youngest, oldest = entry["ages"]
    said = {name: entry[name] for name in SAID if name in entry}
    post = make_post(
        actor=account, host=employer, period=scheme.periods.get(code=entry["period"]),
        programme=scheme.programmes.get(code="municipal"), supervisor=employer.supervisors.get(), age_from=youngest,
        age_to=oldest, places=entry["places"], chosen_places=entry.get("chosen", 0), starts_at=time(entry["starts"]),
        work_days=15, is_stem=entry.get("is_stem", False), light_task=entry.get("light", ""), **said,
    )
    if entry["state"] == "draft":
        return post
    post = offer_post(actor=account, post=post)
    if entry["state"] == "approved":
        return approve_post(actor=coordinator, post=post, fund=scheme.funds.get(code="city"))
    if entry["state"] == "returned":
        return return_post(actor=coordinator, post=post, question=entry["question"])
    return post


def former_pupils(scheme: SummerScheme) -> QuerySet[Person]:
    """Whom the city knows and the scheme still takes by age, the youngest first."""
    oldest = max(each.age_to for each in scheme.rules.programmes)
    born_after = date(scheme.year - oldest - 1, 8, 31)
    known = Person.objects.current().filter(registrations__organisation=scheme.organisation, birth_on__gt=born_after)
    return known.order_by("-birth_on", "pk")


def _school(scheme: SummerScheme) -> Organisation | None:
    """The first school of the city that keeps classes; kindergartens are schools to the register too."""
    kept = Organisation.objects.filter(kind="school", school__city=scheme.city)
    return kept.in_latvian_order().first()


def bring_application(
    account: Account, person: Person, scheme: SummerScheme, posts: dict[str, Post], entry: dict[str, Any]
) -> Application:
    """Sent, with the first school of the city."""
    school = _school(scheme)
    application = begin_application(actor=account, scheme=scheme, person=person)
    finished = None if entry["level"] == "basic" else date(scheme.year - 1, 6, 10)
    application = write_application(
        actor=account, application=application, level=entry["level"], school=school, basic_finished_on=finished,
        residence=scheme.city.place, declared_on=date(2015, 9, 1), about=entry.get("about", ""),
        shown_to_employers="about" in entry,
    )
    set_wishes(actor=account, application=application, posts=[posts[name] for name in entry["wishes"]])
    return send_application(actor=account, application=application)
