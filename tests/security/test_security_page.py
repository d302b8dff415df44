"""docs/security.md speaks of every chapter, calls nothing met without a proof, and names only tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
STATES = {"met", "partly", "not met", "n/a", "operator"}
# Met by what the page itself says, or by what no test of ours can show.
WITHOUT_PROOF = {
    "5.1.1", "6.1.1 to 6.1.3", "6.4.2", "7.1.1 to 7.1.3", "8.1.1, 8.1.2", "11.6.1", "13.1.1", "15.1.2", "15.3.5",
    "16.1.1",
}


def rows() -> list[tuple[str, str, str, str]]:
    """requirements, state, how, proof of every row of the mapping."""
    mapping = PAGE.partition("## ASVS 5.0.0, level 2")[2]
    found = [tuple(cell.strip() for cell in line.strip("|\n").split("|")) for line in mapping.splitlines()
             if line.startswith("|") and not line.startswith(("| requirements", "|---"))]
    assert {len(row) for row in found} == {4}
    return found


def test_every_chapter_has_its_table() -> None:
    assert re.findall(r"^### V(\d+) ", PAGE, re.MULTILINE) == [str(number) for number in range(1, 18)]
    assert {row[1] for row in rows()} == STATES


def test_what_is_met_has_a_proof() -> None:
    bare = {requirements for requirements, state, _how, proof in rows() if state == "met" and not proof}
    assert bare == WITHOUT_PROOF


def test_what_is_missing_is_said() -> None:
    assert [row[0] for row in rows() if row[1] in {"partly", "not met", "n/a"} and not row[2]] == []


def test_every_test_named_exists() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE))
    assert len(named) > 60
    missing = []
    for path, function in named:
        file = ROOT / path
        if not file.exists() or (function and f"def {function}(" not in file.read_text()):
            missing.append(f"{path}::{function}")
    assert missing == []
