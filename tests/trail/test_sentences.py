"""What a column holds, in words."""

from typing import Any

import pytest

from microcities.participation.models import ListRow
from microcities.trail.sentences import value_words

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        ({}, "nothing"),
        ([], "nothing"),
        ({"given_name": "Elza", "hours": "", "started_on": "2026-10-19"}, "given name: Elza; started: 2026-10-19"),
        ({"funding": [2, 3], "unknown": "x"}, "paid from: 2, 3; unknown: x"),
        ({"person": {"sex": ["unknown", "female"]}}, "person: sex: unknown, female"),
    ],
)
def test_structured_values_are_told_part_by_part(value: Any, words: str) -> None:
    assert value_words(ListRow, "values", value) == words
