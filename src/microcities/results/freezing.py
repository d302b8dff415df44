"""Freezes the rows behind a report set by set, fingerprints them, and compares them with what is known now."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum

from microcities.evidence.queries import ANY
from microcities.evidence.registry import REGISTRY
from microcities.results.computing import Board, counted_value, load_board, outside_value, own_funding
from microcities.results.counts import NOTHING, Count, Key, Scope, rows_condition
from microcities.results.figures import Value
from microcities.results.models import FrozenFigure, Indicator, Report

# The canonical text of a row: what its hash is taken over, field by field, independent of the session's settings.
_HASH = """sha256(convert_to(concat_ws('|', {a}.in_denominator::int, {a}.source, {a}.measure, {a}.record_id,
    {a}.subject_kind, {a}.subject_id, to_char({a}.fact_on, 'YYYY-MM-DD'), {a}.city_id, {a}.partner_id,
    array_to_string({a}.funding_ids, ','), {a}.quantity::numeric(14,4), {a}.proof, {a}.verification, {a}.sex,
    coalesce({a}.age::text, '~')), 'UTF8'))"""
ROW_HASH = _HASH.format(a="picked")
FROZEN_HASH = _HASH.format(a="f")
_COLUMNS = (
    "indicator_id, in_denominator, source, measure, record_id, subject_kind, subject_id, fact_on, city_id, partner_id, "
    "funding_ids, quantity, proof, verification, sex, age"
)
ROWS_IN_A_MOMENT = 5_000  # some 50 ms
# Whatever a transaction of this length or less was writing while a report was frozen counts as changed since.
LONGEST_WRITING = timedelta(hours=1)
# Where nothing else can differ, both sides are narrowed to the records whose evidence came or went since the approval.
_TOUCHED = """
    SELECT DISTINCT source, record_id FROM evidence_row WHERE known_from > %s OR known_to > %s
"""
_ONLY_TOUCHED = "JOIN touched USING (source, record_id)"
_DIFFERENT = """
    SELECT coalesce(f.indicator_id, n.indicator_id) AS indicator_id,
           CASE WHEN f.record_id IS NULL THEN 'added' WHEN n.record_id IS NULL THEN 'removed'
                ELSE 'changed' END AS kind,
           coalesce(f.source, n.source) AS source, coalesce(f.record_id, n.record_id) AS record_id,
           f.fact_on AS fact_before, n.fact_on AS fact_now, coalesce(n.city_id, f.city_id) AS city_id,
           coalesce(n.partner_id, f.partner_id) AS partner_id,
           f.verification AS verification_before, n.verification AS verification_now
    FROM (SELECT kept.* FROM results_frozenrow AS kept {touched} WHERE kept.report_id = %s) AS f
         FULL JOIN present AS n USING (indicator_id, in_denominator, source, record_id)
    WHERE f.row_hash IS DISTINCT FROM n.row_hash
"""


@dataclass(frozen=True)
class RowDifference:
    """One row that is no longer as it was frozen: added, removed or changed since."""

    indicator_id: int
    kind: str
    source: str
    record_id: int
    fact_before: date | None
    fact_now: date | None
    city_id: int
    partner_id: int
    verification_before: str | None
    verification_now: str | None

    @property
    def table(self) -> str:
        """The table of the record, for its history."""
        source = REGISTRY.sources.get(self.source)
        return source.record.lower().replace(".", "_") if source else self.source


def scope_of(report: Report) -> Scope:
    """What a report counts: all facts up to its period's end, paid by the programme, of its partner if it has one."""
    partners = None if report.partner is None else (report.partner.organisation_id,)
    return Scope(report.period.ends_on, funding_ids=own_funding(report.period.programme), partner_ids=partners)


def board_of(report: Report) -> Board:
    """The programme's board at the period's end; whoever hands in a report says with it that the rest is zero."""
    board = load_board(report.period.programme, scope_of(report))
    board.reported |= {ANY}
    if report.partner is not None:
        board.indicators = [indicator for indicator in board.indicators if not indicator.is_outside]
    return board


def way_of_counting(board: Board) -> str:
    """SHA-256 over who pays and which measures each indicator counts."""
    counted = sorted([each.code, sorted(each.measures), sorted(each.denominator_measures)] for each in board.indicators)
    text = json.dumps([sorted(board.scope.funding_ids), counted], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _present(board: Board, since: datetime | None = None) -> tuple[str, list[Any]]:
    """SQL and parameters of a WITH part `present`: the rows that count now, one for each record, with their hashes.

    `since` narrows it to the records of which anything came or went after that moment (`touched`).
    """
    condition, values = rows_condition(board.scope)
    wanted = [
        (indicator.pk, in_denominator, measure)
        for indicator in board.indicators
        for in_denominator, measures in ((False, indicator.measures), (True, indicator.denominator_measures))
        for measure in measures
    ]
    touched, narrowed = (f"touched AS ({_TOUCHED}),", _ONLY_TOUCHED) if since else ("", "")
    query = f"""
        WITH wanted AS (
            SELECT * FROM unnest(%s::bigint[], %s::bool[], %s::text[]) AS w (indicator_id, in_denominator, measure)
        ), {touched} picked AS (
            SELECT DISTINCT ON (w.indicator_id, w.in_denominator, r.source, r.record_id)
                   w.indicator_id, w.in_denominator, r.source, r.measure, r.record_id, r.subject_kind, r.subject_id,
                   r.fact_on, r.city_id, r.partner_id, r.funding_ids, r.quantity, r.proof, r.verification, r.sex, r.age
            FROM wanted AS w JOIN evidence_row AS r ON r.measure = w.measure {narrowed}
            WHERE {condition}
            ORDER BY w.indicator_id, w.in_denominator, r.source, r.record_id, r.fact_on, r.id
        ), present AS (SELECT picked.*, {ROW_HASH} AS row_hash FROM picked)
    """  # noqa: S608 - constants of this module
    arrays = [list(column) for column in zip(*wanted, strict=True)] if wanted else [[], [], []]
    return query, [*arrays, *([since, since] if since else []), *values]


def _evidence_known_at(moment: datetime) -> bool:
    """False when the history of the evidence began anew since that moment, so that it cannot tell what went."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM evidence_row WHERE known_from <= %s)", [moment])
        return bool(cursor.fetchone()[0])


def _compared(report: Report) -> tuple[str, list[Any], str]:
    """WITH part and parameters of what counts now, and the SELECT of what differs from it, still without its report."""
    board = board_of(report)
    approved_at = report.approved_at
    narrow = approved_at is not None and report.counted_by == way_of_counting(board) and _evidence_known_at(approved_at)
    since = approved_at - LONGEST_WRITING if narrow and approved_at is not None else None
    present, values = _present(board, since)
    return present, values, _DIFFERENT.format(touched=_ONLY_TOUCHED if since else "")


def freeze(report: Report) -> str:
    """Copy the rows that count now into the report, write its figures, and return the fingerprint of all of them.

    Notes in the report how it was counted; the caller saves it.
    """
    board = board_of(report)
    report.counted_by = way_of_counting(board)
    present, values = _present(board)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{present} INSERT INTO results_frozenrow (report_id, {_COLUMNS}, row_hash) "  # noqa: S608 - constants
            f"SELECT %s, {_COLUMNS}, row_hash FROM present",
            [*values, report.pk],
        )
    counts, hashes = _frozen_counts(report), rows_hashes(report)
    figures = []
    for indicator in board.indicators:
        for city_id in (None, *(city.pk for city in board.cities)):
            found = _value(indicator, board, counts, city_id)
            figures.append(_frozen_figure(report, indicator, city_id, found, hashes.get((indicator.pk, city_id), "")))
    FrozenFigure.objects.bulk_create(figures)
    return figures_hash(figures, {indicator.pk: indicator.code for indicator in board.indicators})


def _value(
    indicator: Indicator, board: Board, counts: dict[tuple[Key, int | None], Count], city_id: int | None
) -> Value:
    if indicator.is_outside:
        return outside_value(indicator, board, board.observations.get(indicator.pk, []), city_id)
    above = counts.get(((indicator.pk, False), city_id), NOTHING)
    below = counts.get(((indicator.pk, True), city_id), NOTHING)
    return counted_value(indicator, board, above, below, city_id or ANY)


def _frozen_figure(
    report: Report, indicator: Indicator, city_id: int | None, found: Value, rows_hash: str
) -> FrozenFigure:
    value = None if found.value is None else round(found.value, 6)
    return FrozenFigure(
        report=report, indicator=indicator, city_id=city_id, state=found.state.value, value=value,
        numerator=found.numerator, denominator=found.denominator, records=found.records, confirmed=found.confirmed,
        observation=found.observation, rows_hash=rows_hash,
    )


def _frozen_counts(report: Report) -> dict[tuple[Key, int | None], Count]:
    """Counts of the frozen rows by indicator, and by indicator and city (None for the whole)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT indicator_id, in_denominator, city_id, count(DISTINCT (subject_kind, subject_id)), count(*),
                   count(*) FILTER (WHERE verification = 'confirmed'), sum(quantity)
            FROM results_frozenrow WHERE report_id = %s
            GROUP BY GROUPING SETS ((1, 2), (1, 2, 3))
            """,
            [report.pk],
        )
        return {((row[0], row[1]), row[2]): Count(*row[3:]) for row in cursor.fetchall()}


def rows_hashes(report: Report) -> dict[tuple[int, int | None], str]:
    """SHA-256 over the rows of each figure, computed anew from what the rows hold now: a changed row shows."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT indicator_id, city_id,
                   encode(sha256(string_agg({FROZEN_HASH}, ''::bytea
                                            ORDER BY source, record_id, in_denominator)), 'hex')
            FROM results_frozenrow AS f WHERE report_id = %s
            GROUP BY GROUPING SETS ((1), (1, 2))
            """,  # noqa: S608 - constants of this module
            [report.pk],
        )
        return {(row[0], row[1]): row[2] for row in cursor.fetchall()}


def figures_hash(figures: list[FrozenFigure], codes: dict[int, str]) -> str:
    """SHA-256 over all figures of a report in the order of codes and cities, each with its value and its rows."""
    lines = sorted(
        [
            codes[each.indicator_id], each.city_id or 0, each.state,
            "" if each.value is None else f"{each.value:.6f}", each.records, each.observation_id or 0, each.rows_hash,
        ]
        for each in figures
    )
    return hashlib.sha256(json.dumps(lines, separators=(",", ":")).encode()).hexdigest()


def intact_if_quick(report: Report) -> bool | None:
    """The same for a report whose rows are read in a moment; None for a larger one, which is checked when asked for."""
    rows = report.figures.filter(city__isnull=True).aggregate(rows=Sum("records"))["rows"] or 0
    return is_intact(report) if rows <= ROWS_IN_A_MOMENT else None


def is_intact(report: Report) -> bool:
    """True when rows and figures of an approved report still give the fingerprint of its approval."""
    figures = list(report.figures.select_related("indicator"))
    hashes = rows_hashes(report)
    same_rows = all(hashes.get((each.indicator_id, each.city_id), "") == each.rows_hash for each in figures)
    return same_rows and figures_hash(figures, {f.indicator_id: f.indicator.code for f in figures}) == report.rows_hash


def difference_counts(report: Report, *, partners: Sequence[int] | None = None) -> dict[int, dict[str, int]]:
    """How many rows (of these partners; None is all) were added, removed and changed since approval, by indicator."""
    present, values, different = _compared(report)
    only, extra = _of_partners(partners)
    found: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"{present} SELECT indicator_id, kind, count(*) FROM ({different}) AS d WHERE {only} "  # noqa: S608
            "GROUP BY 1, 2",
            [*values, report.pk, *extra],
        )
        for indicator_id, kind, count in cursor.fetchall():
            found.setdefault(indicator_id, {})[kind] = count
    return found


def _of_partners(partners: Sequence[int] | None) -> tuple[str, list[Any]]:
    return ("true", []) if partners is None else ("partner_id = ANY(%s)", [list(partners)])


def differences(
    report: Report, *, partners: Sequence[int] | None = None, limit: int = 200
) -> Iterator[RowDifference]:
    """The rows (of these partners; None is all) that are not as they were frozen, oldest fact first, up to `limit`."""
    present, values, different = _compared(report)
    only, extra = _of_partners(partners)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{present} SELECT * FROM ({different}) AS d WHERE {only} "  # noqa: S608 - constants of this module
            "ORDER BY coalesce(fact_now, fact_before), indicator_id, record_id LIMIT %s",
            [*values, report.pk, *extra, limit],
        )
        for row in cursor.fetchall():
            yield RowDifference(*row)
