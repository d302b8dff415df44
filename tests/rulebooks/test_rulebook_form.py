"""A rulebook file says what is wrong with it: file, line, key and reason."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from microcities.rulebooks.reading import Reading, read_rulebook
from microcities.rulebooks.schema import Label, RuleValues, Text, rule_values, territory_chain, values_model


class Band(RuleValues):
    code: Annotated[str, Label("Code", "Kods", shown=False)]
    name: Annotated[Text, Label("Name", "Nosaukums")]
    share: Annotated[Decimal, Field(ge=0, le=1), Label("Share", "Daļa", "share", "share")]


@rule_values("sample.limits")
class Limits(RuleValues):
    age: Annotated[int, Field(ge=0), Label("Age", "Vecums", "years", "gadi")]
    bands: Annotated[tuple[Band, ...], Label("Bands", "Grupas")] = ()


HEAD = 'topic = "sample.limits"\ntitle = { en = "Limits", lv = "Robežas" }\n'


def version(
    name: str = "first",
    valid_from: str = "2020-01-01",
    valid_to: str = "",
    territory: str = "LV",
    values: str = "age = 13",
    status: str = '"confirmed"',
) -> str:
    """One version as written in a file; its first line is the header."""
    end = f"valid_to = {valid_to}\n" if valid_to else ""
    return (
        f'\n[[version]]\nid = "{name}"\nvalid_from = {valid_from}\n{end}territory = "{territory}"\n'
        f'status = {status}\ntitle = {{ en = "T", lv = "T" }}\n'
        '[version.source]\ntitle = "Law"\nurl = "https://example.org/law"\nconsulted_on = 2026-11-23\n'
        f"[version.values]\n{values}\n"
    )


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Reading]:
    def read_text(text: str) -> Reading:
        folder = tmp_path / "rulebook"
        folder.mkdir(exist_ok=True)
        path = folder / "limits.toml"
        path.write_text(text, encoding="utf-8")
        return read_rulebook(path, "sample")

    return read_text


Read = Callable[[str], Reading]


def messages(reading: Reading) -> list[str]:
    return [str(problem) for problem in reading.problems]


def test_read_a_good_file_gives_typed_values(read: Read) -> None:
    values = 'age = 13\nbands = [ { code = "a", name = { en = "A", lv = "Ā" }, share = 0.10 } ]'
    reading = read(HEAD + version(values=values))
    assert reading.problems == ()
    (rule,) = reading.rules
    assert (rule.topic, rule.version, rule.valid_from, rule.valid_to) == (
        "sample.limits",
        "first",
        date(2020, 1, 1),
        None,
    )
    assert rule.values == Limits(
        age=13, bands=(Band(code="a", name=Text(en="A", lv="Ā"), share=Decimal("0.10")),)
    )
    assert rule.values.bands[0].name.in_language("lv") == "Ā"
    assert rule.confirmed
    assert rule.file == "sample/rulebook/limits.toml"


def test_read_broken_toml_names_the_line(read: Read) -> None:
    reading = read(HEAD + "[[version]\n")
    assert reading.rules == ()
    (problem,) = reading.problems
    assert (problem.level, problem.file, problem.line) == ("error", "sample/rulebook/limits.toml", 3)


def test_read_other_encoding_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "limits.toml"
    file.write_bytes(HEAD.encode() + "# p\u0101rbaudīt\n".encode("iso-8859-4", "replace"))
    (problem,) = read_rulebook(file, "sample").problems
    assert (problem.level, problem.line, problem.message) == ("error", 3, "the file is not UTF-8 text")


def test_read_wrong_type_names_line_and_key(read: Read) -> None:
    (problem,) = read(HEAD + version() + version("second", "2030-01-01", values='age = "13"')).problems[:1]
    text = (HEAD + version() + version("second", "2030-01-01", values='age = "13"')).splitlines()
    assert problem.path == "version[2].values.age"
    assert problem.line is not None
    assert text[problem.line - 1] == 'age = "13"'
    assert problem.message == "Input should be a valid integer"


def test_read_wrong_value_in_a_row_names_the_row(read: Read) -> None:
    rows = '{{ code = "{0}", name = {{ en = "{0}", lv = "{0}" }}, share = {1} }},'
    values = "age = 1\nbands = [\n" + rows.format("a", "0.5") + "\n" + rows.format("b", "1.5") + "\n]"
    whole = HEAD + version(values=values)
    (problem,) = read(whole).problems
    assert problem.path == "version[1].values.bands[2].share"
    assert problem.line is not None
    assert whole.splitlines()[problem.line - 1].startswith('{ code = "b"')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (version(status='"perhaps"'), "Input should be 'confirmed' or 'to be confirmed'"),
        (version(status='"to be confirmed"'), "needs a note that says what is to be confirmed"),
        (version(valid_to="2019-12-31"), "valid_to 2019-12-31 is before valid_from 2020-01-01"),
        (version(territory="Latvia"), "version[1].territory: territory 'Latvia' is not 'any', 'EU', a country"),
        (version(territory="ZZ"), "version[1].territory: territory 'ZZ': there is no country ZZ"),
        (version().partition("[version.source]")[0], "version[1].source: Field required"),
        (version(values="age = 13\nunknown_key = 1"), "Extra inputs are not permitted"),
        (version(values=""), "Field required"),
        (version(values="age = -1"), "greater than or equal to 0"),
        (version(name="A B"), "String should match pattern"),
        (version().replace("https://", "ftp://"), "String should match pattern"),
        (version().replace("consulted_on = 2026-11-23\n", ""), "Field required"),
        (version(valid_from='"2020-01-01"'), "Input should be a valid date"),
        ("", "Field required"),
        (version() + version(valid_from="2030-01-01"), "version id first is used twice"),
    ],
)
def test_read_refuses_a_bad_file(read: Read, text: str, expected: str) -> None:
    found = messages(read(HEAD + text))
    assert any(expected in message for message in found), found


def test_read_refuses_a_topic_of_another_app(read: Read) -> None:
    (problem,) = read(HEAD.replace("sample.", "other.") + version()).problems
    assert problem.message == "a file in sample/rulebook holds a topic of sample, not other.limits"
    assert problem.line == 1


def test_read_refuses_a_topic_without_values_model(read: Read) -> None:
    (problem,) = read(HEAD.replace("limits", "nobody") + version()).problems
    assert problem.message.startswith("no values model is registered")


@pytest.mark.parametrize("second_from", ["2019-06-01", "2020-06-01", "2020-12-31"])
def test_read_refuses_overlapping_versions(read: Read, second_from: str) -> None:
    text = HEAD + version(valid_to="2020-12-31") + version("second", second_from)
    (problem,) = read(text).problems
    assert problem.level == "error"
    assert problem.message.endswith("of LV overlap")


def test_read_refuses_a_version_after_an_open_one(read: Read) -> None:
    (problem,) = read(HEAD + version() + version("second", "2021-01-01")).problems
    assert problem.message == ("versions first (from 2020-01-01) and second (from 2021-01-01) of LV overlap")


def test_read_accepts_the_day_after_the_last(read: Read) -> None:
    assert read(HEAD + version(valid_to="2020-12-31") + version("second", "2021-01-01")).problems == ()


def test_read_accepts_the_same_days_in_another_territory(read: Read) -> None:
    assert read(HEAD + version() + version("second", territory="EU")).problems == ()


def test_read_warns_of_a_gap(read: Read) -> None:
    reading = read(HEAD + version(valid_to="2020-12-31") + version("second", "2021-01-03"))
    (problem,) = reading.problems
    assert problem.level == "warning"
    assert problem.message == ("no version of LV from 2021-01-01 to 2021-01-02, between first and second")
    assert len(reading.rules) == 2


def test_digest_changes_with_values_and_not_with_end_or_source(read: Read) -> None:
    digest = read(HEAD + version()).rules[0].digest
    assert read(HEAD + version(valid_to="2025-12-31")).rules[0].digest == digest
    assert read((HEAD + version()).replace("/law", "/act")).rules[0].digest == digest
    assert read(HEAD + version(values="age = 14")).rules[0].digest != digest
    assert read(HEAD + version(territory="EU")).rules[0].digest != digest
    assert read(HEAD + version(valid_from="2020-01-02")).rules[0].digest != digest
    assert len(digest) == 64


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("any", ("any",)),
        ("EU", ("EU", "any")),
        ("LV", ("LV", "EU", "any")),
        ("UA", ("UA", "any")),
        ("LV00C", ("LV00C", "LV00", "LV0", "LV", "EU", "any")),
        ("LV0054010", ("LV0054010", "LV0054000", "LV", "EU", "any")),
        ("LV0007000", ("LV0007000", "LV", "EU", "any")),
    ],
)
def test_territory_chain_runs_from_near_to_wide(code: str, chain: tuple[str, ...]) -> None:
    assert territory_chain(code) == chain


@pytest.mark.parametrize("code", ["ZZ", "XX00C", "QQ0054010"])
def test_territory_chain_refuses_a_country_that_does_not_exist(code: str) -> None:
    with pytest.raises(ValueError, match=f"there is no country {code[:2]}"):
        territory_chain(code)


@pytest.mark.parametrize("code", ["", "Latvia", "lv", "0250000", "LV 00C", "LV00C\n"])
def test_territory_chain_refuses_other_text(code: str) -> None:
    with pytest.raises(ValueError, match="is not 'any'"):
        territory_chain(code)


def test_rule_values_refuses_a_second_owner() -> None:
    class Other(RuleValues):
        age: Annotated[int, Label("Age", "Vecums")]

    with pytest.raises(ValueError, match="already has its values in"):
        rule_values("sample.limits")(Other)
    assert values_model("sample.limits") is Limits


def test_rule_values_refuses_a_field_without_label() -> None:
    class Bare(RuleValues):
        age: int

    with pytest.raises(TypeError, match=r"Bare\.age has no Label"):
        rule_values("sample.bare")(Bare)
    assert values_model("sample.bare") is None


def test_rule_values_refuses_a_name_without_app() -> None:
    with pytest.raises(ValueError, match="is not of the form"):
        rule_values("limits")
