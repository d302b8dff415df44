"""Counts what people scored, so that one's own scores can be read beside those of others without anybody's answers."""

from collections.abc import Iterator
from itertools import groupby

from django.utils import timezone

from microcities.careers.engines.interest_models import Norm, Six
from microcities.careers.engines.interest_norms import norm_of
from microcities.careers.interest_norms import SEXES
from microcities.careers.interest_results import engine_input, questionnaire_of, reading_rule, respondent_of
from microcities.careers.models import InterestNorm, InterestSheet
from microcities.decisions.engine import run_engine
from microcities.people.models import Account
from microcities.trail.context import System, change


def compute_norms(*, actor: Account | System) -> int:
    """Count anew, for each version of the questionnaire; how many groups are kept.

    Each person counts once, with the latest finished answers to that version, and only with answers that are to be
    trusted. A group of fewer people than the rulebook asks for is not kept, and one that became too small goes.
    """
    kept: list[InterestNorm] = []
    with change("careers.compute_norms", actor=actor):
        for name, sheets in groupby(_latest_sheets(), key=lambda sheet: sheet.questionnaire):
            found = [norm for norm in _norms(list(sheets)) if norm.n >= reading_rule().norm_minimum]
            kept += [_row(name, norm) for norm in found]
        InterestNorm.objects.all().delete()
        InterestNorm.objects.bulk_create(kept)
    return len(kept)


def _latest_sheets() -> list[InterestSheet]:
    rows = InterestSheet.objects.filter(finished_at__isnull=False).select_related("person")
    return list(rows.order_by("questionnaire", "person_id", "-finished_at", "-pk").distinct("questionnaire", "person_id"))


def _norms(sheets: list[InterestSheet]) -> Iterator[Norm]:
    """Of everybody whose answers are to be trusted, and of each sex."""
    try:
        asked = questionnaire_of(sheets[0])
    except LookupError:  # a version that is not shipped any more
        return
    respondents = [respondent_of(sheet, asked) for sheet in sheets]
    run = run_engine("careers.interests", engine_input(asked, respondents))
    scored: list[tuple[str, Six]] = [
        (respondent["sex"], tuple(profile["scores"]))
        for respondent, profile in zip(respondents, run.output["profiles"], strict=True)
        if profile["used"] and profile["scores"]
    ]
    for group in ("", *(sex.value for sex in SEXES)):
        if rows := [scores for sex, scores in scored if group in ("", sex)]:
            yield norm_of(rows, group)


def _row(questionnaire: str, norm: Norm) -> InterestNorm:
    return InterestNorm(
        questionnaire=questionnaire, group=norm.group, people=norm.n, counts=norm.model_dump(mode="json")["counts"],
        computed_at=timezone.now(),
    )
