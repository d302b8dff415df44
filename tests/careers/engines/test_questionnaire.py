"""The questionnaire that comes with the platform, and what an operator's own must hold."""

from __future__ import annotations

import pytest

from microcities.careers.engines.documents import DATA
from microcities.careers.engines.interest_models import InterestsInput
from microcities.careers.engines.interests import interests
from microcities.careers.engines.questionnaire import read_questionnaire, shipped_questionnaire
from microcities.decisions.engine import EngineInputError

TEXT = (DATA / "interests-1.toml").read_text(encoding="utf-8")


def test_shipped_questionnaire_has_ten_statements_a_type_in_turn() -> None:
    found = shipped_questionnaire()
    assert found.name == "microcities-interests-1"
    assert "".join(item.type for item in found.items) == "RIASEC" * 10
    assert [answer.value for answer in found.answers] == [1, 2, 3, 4, 5]


def test_shipped_questionnaire_says_that_it_is_not_validated() -> None:
    found = shipped_questionnaire()
    assert (found.status, found.youngest) == ("not validated", 13)
    assert "not been validated" in found.notice.in_language("en")
    assert "nav validēta" in found.notice.in_language("lv")


@pytest.mark.parametrize("language", ["lv", "en"])
def test_statements_differ_and_are_short_enough_to_read(language: str) -> None:
    texts = [item.in_language(language) for item in shipped_questionnaire().items]
    assert len(set(texts)) == 60
    assert max(len(text.split()) for text in texts) <= 12


def test_some_words_of_the_check_list_do_not_exist() -> None:
    words = shipped_questionnaire().words
    assert [word.en for word in words if not word.exists] == ["plorbat", "demgrint", "trauselin"]


def test_its_items_go_into_the_engine() -> None:
    items = [{"code": item.code, "type": item.type} for item in shipped_questionnaire().items]
    answers = [5 if item["type"] == "I" else 2 + (number % 2) for number, item in enumerate(items)]
    found = interests(
        InterestsInput.model_validate({"items": tuple(items), "respondents": ({"id": "p", "answers": tuple(answers)},)}),
        seed=0,
    )
    assert found.profiles[0].used
    assert found.profiles[0].scores is not None
    assert found.profiles[0].scores[1] == 50


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('code = "I1"', 'code = "R1"', "items"),
        ("value = 3", "value = 7", "answers"),
        ('type = "R"', 'type = "X"', "items[0].type"),
        ('status = "not validated"', 'status = "good"', "status"),
        ("version = 1", "version = ", "$"),
    ],
)
def test_questionnaire_that_cannot_be_scored_is_refused(old: str, new: str, path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        read_questionnaire(TEXT.replace(old, new))
    assert caught.value.problems[0].path == path


def test_version_that_does_not_exist() -> None:
    with pytest.raises(LookupError):
        shipped_questionnaire(99)
