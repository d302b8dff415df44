"""`microcities export`: JSON on standard output, complete, and nothing else."""

import json
import uuid
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from microcities.results.models import Report
from tests.world import World

pytestmark = pytest.mark.django_db


def exported(*words: str) -> dict[str, object]:
    out = StringIO()
    call_command("export_data", *words, stdout=out)
    return json.loads(out.getvalue())


def test_export_of_results_is_complete(filled: World, report: Report) -> None:
    found = exported("results", "--as-of", "2019-12-31")
    assert (found["format"], found["as_of"]) == ("microcities results 1", "2019-12-31")
    figures = {(each["indicator"], each["city"]): each for each in found["figures"]}
    assert len(figures) == 16 * 3
    assert (figures["reskilled", None]["value"], figures["reskilled", None]["records"]) == (1, 1)
    parts = {each["indicator"]: each["breakdown"] for each in found["indicators"]}
    assert {"dimension": "sex", "key": "male", "value": 20.0, "state": "counted", "withheld": None} in parts["summer-jobs"]
    seen = {each["indicator"]: each["observations"] for each in found["indicators"]}["fdi-place"]
    assert [each["value"] for each in seen] == [4.0, 3.0]
    assert [(each["number"], each["rows_hash"], len(each["figures"])) for each in found["reports"]] == [
        (report.pk, report.rows_hash, 48)
    ]


def test_export_of_an_earlier_day_shows_that_day(filled: World) -> None:
    found = exported("results", "--as-of", "2019-01-01")
    values = {each["indicator"]: each["value"] for each in found["figures"] if each["city"] is None}
    assert values["summer-jobs"] is None


def test_export_of_a_person_is_that_of_privacy(world: World) -> None:
    found = exported("person", str(world.peteris.public_id), "--language", "en")
    assert (found["format"], found["name"]) == ("microcities personal data 1", "Pēteris Ozols")


def test_export_of_nobody_says_so(world: World) -> None:
    with pytest.raises(CommandError, match="There is no person"):
        exported("person", str(uuid.uuid4()))


@pytest.mark.parametrize("words", [[], ["everything"], ["person", "5"], ["results", "--as-of", "today"]])
def test_wrong_words_are_refused(world: World, words: list[str]) -> None:
    with pytest.raises(CommandError):
        exported(*words)


def test_export_without_a_programme_says_so(db: None) -> None:
    with pytest.raises(CommandError):
        exported("results", "--as-of", date(2020, 1, 1).isoformat())
