"""Measures without the web server: engines, counts, search, files, lists of participants, the checks of an auditor."""

import argparse
import csv
import io
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from openpyxl import Workbook

from bench.clock import Row, repeated, seconds, timed
from microcities.decisions.engine import get_engine, run_engine
from microcities.demo.names import synthetic_people
from microcities.evidence.checking import check_evidence
from microcities.evidence.models import EvidenceRow
from microcities.participation.actions.lists import bring_list, match_columns, request_application
from microcities.participation.actions.work import apply_list, check_list
from microcities.participation.models import Activity, ListState
from microcities.people.models import Account, Person
from microcities.programme.models import Programme
from microcities.programme.search import search as search_everything
from microcities.results.breakdown import break_down
from microcities.results.computing import compute_figures, own_funding
from microcities.results.counts import Scope, count_indicators
from microcities.results.exports import tables
from microcities.results.models import Indicator
from microcities.results.reading import Level, Question, Reader
from microcities.results.reading_for_export import Names, ordered_rows
from microcities.trail.checking import check_trail
from microcities.trail.models import Change
from microcities.trail.sealing import seal
from microcities.ui.exports import write_csv, write_xlsx

MANAGER, REPORTER = "vaditaja@demo.example", "valmiera@demo.example"
TYPED = ("bērziņš", "liga berzina", "lgia bezrina", "kristapss kalnnis", "rtia", "zzzz qqqq")
HEADER = ("Vārds", "Uzvārds", "Dzimšanas datums", "E-pasts", "Sācis", "Beidzis", "Stundas")


def engines(asked: argparse.Namespace, data: Path) -> list[Row]:
    """Algorithms, through the registry as pages call them."""
    rows = []
    for name in ("results.forecast", "results.share_interval", "results.verification_sample", "results.disclosure_audit"):
        example: dict[str, Any] = get_engine(name).input_model.model_json_schema()["examples"][0]
        rows.append(_row(f"engine {name}", data, lambda n=name, e=example: run_engine(n, e), asked.runs,  # type: ignore[misc]
                         how="its own example, in process"))
    return rows


def _row(
    what: str, data: Path, work: Callable[[], object], runs: int, repeats: int = 5, wanted: str = "", how: str = ""
) -> Row:
    taken = repeated(data, work, runs, repeats)
    return Row(what, seconds(taken.wall), seconds(taken.cpu), wanted, how)


def _once(what: str, data: Path, work: Callable[[], object], wanted: str = "", how: str = "") -> Row:
    taken = timed(data, work)
    return Row(what, seconds(taken.wall), seconds(taken.cpu), wanted, f"once; {how}" if how else "once")


def counts(asked: argparse.Namespace, data: Path) -> list[Row]:
    """All indicators on several days, and the parts of the largest, nothing remembered."""
    programme = Programme.objects.earliest("pk")
    days = [programme.ends_on, date(2020, 1, 1), date(2019, 6, 30)]
    size = f"{Person.objects.count():,} persons, {EvidenceRow.objects.count():,} evidence rows"
    indicator = Indicator.objects.get(programme=programme, code="career-support")
    partner = Account.objects.get(email=REPORTER).memberships.earliest("pk").organisation_id
    rows = [
        _row(f"all indicators with counts and forecasts, as of {day}", data,
             lambda d=day: compute_figures(programme, as_of=d), asked.runs, wanted="under 200 ms", how=size)  # type: ignore[misc]
        for day in days
    ]
    rows.append(_row("the same, one partner's own", data,
                     lambda: compute_figures(programme, as_of=days[0], partners=[partner]), asked.runs, wanted="under 200 ms"))
    for words, partners in (("whole", None), ("one partner's", (partner,))):
        scope = Scope(programme.ends_on, funding_ids=own_funding(programme), partner_ids=partners)

        def parts(scope: Scope = scope) -> None:
            cache.clear()
            break_down(indicator, programme, scope)
            count_indicators([indicator], scope, "partner")

        rows.append(_row(f"parts of the largest indicator, {words}", data, parts, asked.runs,
                         how="city, partner, sex, age; first time"))
    return rows


def search(asked: argparse.Namespace, data: Path) -> list[Row]:
    """The search box as the programme manager sees it: persons, organisations, activities, indicators, rules."""
    account = Account.objects.get(email=MANAGER)
    people = f"{Person.objects.count():,} persons"
    return [
        _row(f"search “{text}”", data, lambda t=text: search_everything(account, t), asked.runs,  # type: ignore[misc]
             wanted="under 100 ms", how=people)
        for text in TYPED
    ]


def files(asked: argparse.Namespace, data: Path) -> list[Row]:
    """The records behind the largest indicator as files: all as CSV, 50,000 as either."""
    programme = Programme.objects.earliest("pk")
    indicator = Indicator.objects.get(programme=programme, code="career-support")
    rows = ordered_rows(indicator, programme, Reader(Level.ALL), Question(programme.ends_on))
    names = Names.load()
    found = []
    for write, limit in ((write_csv, 50_000), (write_xlsx, 50_000), (write_csv, None)):
        part = rows[:limit] if limit else rows
        count = part.count()
        if limit is None and count <= 50_000:
            continue

        def produce(part: Any = part, write: Any = write) -> None:
            sheet = tables.rows_sheet(indicator, (("numerator", row) for row in part.iterator(chunk_size=5000)), names)
            with transaction.atomic(), TemporaryFile() as file:
                write(file, sheet.header("csv"), sheet.rows)

        found.append(_once(f"{count:,} records as {write.__name__[6:].upper()}", data, produce, how="written to a file"))
    return found


def lists(asked: argparse.Namespace, data: Path) -> list[Row]:
    """A partner's list against everybody known: compared and applied, then rolled back."""
    actor = Account.objects.get(email=REPORTER)
    activity = Activity.objects.filter(organisation__memberships__account=actor).order_by("-starts_on").first()
    if activity is None:
        return []
    people = f"against {Person.objects.count():,} persons"
    found = []
    for kind, make in (("CSV", _as_csv), ("XLSX", _as_xlsx)):
        file = make(_list_rows(asked.rows, activity))

        def work(file: SimpleUploadedFile = file) -> None:
            with transaction.atomic():
                import_list(actor, activity, file)
                transaction.set_rollback(True)

        found.append(_once(f"list of {asked.rows:,} rows, {kind}", data, work, "under 60 s for 50,000",
                           f"compared and applied {people}, in process"))
    return found


def import_list(actor: Account, activity: Activity, file: SimpleUploadedFile) -> None:
    """Bring, compare and apply, as the background does it."""
    the_list = bring_list(actor=actor, activity=activity, file=file)
    if the_list.state == ListState.UPLOADED:
        match_columns(actor=actor, the_list=the_list, mapping=the_list.mapping)
    the_list = check_list(actor=actor, list_id=the_list.pk)
    if the_list.refused:
        raise SystemExit(f"{the_list.refused} rows of the list were refused: {the_list.outcomes}")
    request_application(actor=actor, the_list=the_list)
    the_list = apply_list(actor=actor, list_id=the_list.pk)
    if the_list.state != ListState.APPLIED:
        raise SystemExit(f"the list was not applied: {the_list.state}")


def _list_rows(count: int, activity: Activity) -> list[tuple[Any, ...]]:
    """Half of the people known, half new, all with a birth date and an e-mail address."""
    draw = random.Random(1)
    known = Person.objects.exclude(birth_on=None).order_by("pk").values_list(
        "given_name", "family_name", "birth_on", "email")[: count // 2]
    fresh = synthetic_people(99, youngest_on=date(2008, 12, 31), oldest_on=date(1958, 1, 1))
    people = [*known, *((p.given_name, p.family_name, p.birth_on, f"list-{n}@example.org")
                        for n, p in zip(range(count - len(known)), fresh, strict=False))]
    days = (activity.ends_on - activity.starts_on).days
    rows = []
    for given, family, birth, email in people:
        start = activity.starts_on + timedelta(days=draw.randrange(days))
        rows.append((given, family, birth, email, start, start + timedelta(days=14), draw.randrange(20, 120)))
    return rows


def _as_csv(rows: list[tuple[Any, ...]]) -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADER, *rows])
    return SimpleUploadedFile("list.csv", text.getvalue().encode(), content_type="text/csv")


def _as_xlsx(rows: list[tuple[Any, ...]]) -> SimpleUploadedFile:
    book, content = Workbook(write_only=True), io.BytesIO()
    page = book.create_sheet()
    for row in (HEADER, *rows):
        page.append(row)
    book.save(content)
    return SimpleUploadedFile("list.xlsx", content.getvalue())


def checks(asked: argparse.Namespace, data: Path) -> list[Row]:
    """Sealing what is not sealed yet, and proving trail and evidence."""
    entries, rows = Change.objects.count(), EvidenceRow.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(last_id), 0) FROM trail_seal WHERE stream = 'change'")
        unsealed = entries - min(cursor.fetchone()[0], entries)

    def prove(check: Callable[[], list[Any]]) -> None:
        if faults := check():
            raise SystemExit(f"{len(faults)} faults: {faults[0]}")

    return [
        _once(f"sealing {unsealed:,} entries of the trail", data, seal),
        _once(f"`check trail`, {entries:,} entries", data, lambda: prove(check_trail)),
        _once(f"`check evidence`, {rows:,} rows", data, lambda: prove(check_evidence)),
    ]
