"""What the documents name exists: addresses, words on the screen, commands with their options, settings, files, links."""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve
from django.utils import translation

from microcities.cli import COMMANDS
from microcities.decisions.engine import all_engines
from microcities.demo.building import demo_accounts
from microcities.locale.catalogue import catalogue_paths, read
from tests.commands.cli_reference import PAGE, command_parser, page

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GUIDES = sorted((DOCS / "guides").glob("*.md"))
LATVIAN = sorted((DOCS / "guides" / "lv").glob("*.md"))
PAGES = [*GUIDES, *LATVIAN, DOCS / "README.md", DOCS / "reference" / "cli.md"]
DEPLOY = sorted(path for path in (DOCS / "deploy").iterdir() if path.is_file())
IDS = {"ids": lambda path: f"lv-{path.name}" if path.parent.name == "lv" else path.name}
CODE = re.compile(r"`([^`\n]+)`")
ADDRESS = re.compile(r"^/(?:en/|api/|accounts/)?[\w/.-]*$")
SETTING = re.compile(r"\b(?:MICROCITIES_[A-Z_]+|DATABASE_URL)\b")
PLACEHOLDERS = {
    "NUMBER": "1", "CODE": "summer-jobs", "REFERENCE": "447c6d96-784d-4cfd-9d1f-20c859bb938b", "/ID/": "/academy/",
    "NUMURS": "1", "KODS": "summer-jobs", "ATSAUCE": "447c6d96-784d-4cfd-9d1f-20c859bb938b",
}  # fmt: skip
VERBS = {"list", "describe", "run"}
OURS = ("/en/", "/api/", "/accounts/")
ACCOUNT = re.compile(r"[\w-]+@demo\.example")


@cache
def sources() -> str:
    """All templates and modules as one text, in which the words on the screen must stand."""
    files = [*(ROOT / "src").rglob("*.html"), *(ROOT / "src").rglob("*.py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@cache
def settings_read() -> set[str]:
    """The environment variables that the software reads."""
    return set(SETTING.findall(sources()))


@cache
def latvian() -> dict[str, str]:
    """What the Latvian screen says, by what the English one says."""
    [path] = [each for each in catalogue_paths() if each.parent.parent.name == "lv"]
    messages = (each for each in read(path) if isinstance(each.id, str) and each.string and not each.fuzzy)
    return {str(each.id): str(each.string) for each in messages}


def labels(path: Path) -> list[str]:
    """Words in bold: names of pages, buttons and fields."""
    return [" ".join(words.split()) for words in re.findall(r"\*\*([^*]+)\*\*", path.read_text(encoding="utf-8"))]


def english(path: Path) -> Path:
    """The guide of which a Latvian one is the translation."""
    return DOCS / "guides" / path.name


def addresses(path: Path) -> list[str]:
    """The site's addresses in a document, with placeholders filled in. In a Latvian guide every path is one."""
    starts: str | tuple[str, ...] = "/" if path in LATVIAN else OURS
    found = [text for text in CODE.findall(path.read_text(encoding="utf-8")) if text.startswith(starts)]
    assert all(ADDRESS.match(text) for text in found)
    for word, value in PLACEHOLDERS.items():
        found = [text.replace(word, value) for text in found]
    return found


def command_lines(path: Path) -> list[str]:
    """`microcities ...` in code spans and code blocks."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^    (microcities .+)$", text, re.MULTILINE)
    return [*blocks, *(code for code in CODE.findall(text) if code.startswith("microcities "))]


@pytest.mark.parametrize("path", PAGES, **IDS)
def test_addresses_exist(path: Path) -> None:
    unknown = []
    for address in addresses(path):
        with translation.override("en" if address.startswith("/en/") else "lv"):
            try:
                resolve(address)
            except Resolver404:
                unknown.append(address)
    assert unknown == []


@pytest.mark.parametrize("path", GUIDES, **IDS)
def test_words_in_bold_stand_on_the_screen(path: Path) -> None:
    not_labels = {"Two secrets are not in the backup"}
    assert [words for words in labels(path) if words not in not_labels and words not in sources()] == []


def test_every_guide_but_the_operators_is_in_latvian() -> None:
    assert [path.name for path in GUIDES if path.name not in {each.name for each in LATVIAN}] == ["operator.md"]


@pytest.mark.parametrize("path", LATVIAN, **IDS)
def test_latvian_guide_names_the_same_pages_and_buttons_as_the_latvian_screen_does(path: Path) -> None:
    expected = {latvian().get(words, f"not in the catalogue: {words}") for words in labels(english(path))}
    assert sorted(set(labels(path)) ^ expected) == []


@pytest.mark.parametrize("path", LATVIAN, **IDS)
def test_words_quoted_in_a_latvian_guide_stand_on_the_latvian_screen(path: Path) -> None:
    quoted = re.findall("„([^”]+)”", path.read_text(encoding="utf-8"))
    assert [words for words in quoted if " ".join(words.split()) not in latvian().values()] == []


@pytest.mark.parametrize("path", LATVIAN, **IDS)
def test_latvian_guide_leads_to_the_same_addresses_without_the_prefix(path: Path) -> None:
    theirs = {address.removeprefix("/en") for address in addresses(english(path))}
    assert sorted(set(addresses(path)) ^ theirs) == []


@pytest.mark.parametrize("path", LATVIAN, **IDS)
def test_latvian_guide_gives_the_same_commands_and_accounts(path: Path) -> None:
    ours, theirs = ([_skeleton(line) for line in command_lines(each)] for each in (path, english(path)))
    assert ours == theirs
    accounts, same = (set(ACCOUNT.findall(each.read_text(encoding="utf-8"))) for each in (path, english(path)))
    assert accounts == same


def _skeleton(line: str) -> list[str]:
    """The words of a command that no language changes: its name and options."""
    words = shlex.split(line)
    return [words[1], *sorted(_options(words))]


@pytest.mark.parametrize("path", [*GUIDES, *LATVIAN], **IDS)
def test_demo_accounts_exist(path: Path) -> None:
    known = {entry["email"] for entry in demo_accounts()}
    assert sorted(set(ACCOUNT.findall(path.read_text(encoding="utf-8"))) - known) == []


@pytest.mark.parametrize("path", PAGES, **IDS)
def test_commands_and_their_options_exist(path: Path) -> None:
    wrong = []
    for line in command_lines(path):
        words = shlex.split(re.split(r" [<>] ", line, maxsplit=1)[0])[1:]
        if words[0] == "engine":
            known = len(words) == 1 or words[1] in VERBS
            names = [word for word in words[2:3] if "." in word]
            if not known or not set(names) <= {each.name for each in all_engines()}:
                wrong.append(line)
            continue
        name = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in COMMANDS), None)
        if words[0].startswith("--") or words[0] == "COMMAND":
            continue
        if name is None or not _options(words) <= _known_options(name):
            wrong.append(line)
    assert wrong == []


def _options(words: list[str]) -> set[str]:
    return {word for word in words if word.startswith("--")}


def _known_options(name: str) -> set[str]:
    parsers, known = [command_parser(name)], set()
    for parser in parsers:
        for action in parser._actions:
            known |= set(action.option_strings)
            if hasattr(action, "_name_parser_map"):
                parsers += action._name_parser_map.values()
    return known


@pytest.mark.parametrize("path", [*PAGES, *DEPLOY], **IDS)
def test_settings_exist(path: Path) -> None:
    named = {name.removesuffix("_FILE") for name in SETTING.findall(path.read_text(encoding="utf-8"))}
    assert sorted(named - settings_read()) == []


def test_operators_guide_tells_of_every_setting() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", (DOCS / "guides" / "operator.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(settings_read())


@pytest.mark.parametrize("path", PAGES, **IDS)
def test_files_and_links_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []
    named = re.findall(r"\b(?:docs|src)/[\w/.-]*\w", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DEPLOY, **IDS)
def test_commands_in_service_files_exist(path: Path) -> None:
    lines = re.findall(r"^ExecStart=.*?/bin/microcities ([^'\n]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    for line in lines:
        words = line.split()
        assert words[0] in COMMANDS
        assert _options(words) <= _known_options(words[0])


def test_guides_tell_of_every_command() -> None:
    lines = [line for path in [*GUIDES, ROOT / "README.md"] for line in command_lines(path)]
    told = "\n".join([*lines, *(path.read_text(encoding="utf-8") for path in DEPLOY)])
    assert [name for name in COMMANDS if f"microcities {name}" not in told] == []


def test_page_of_commands_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.commands.cli_reference"


def test_licence_is_the_full_eupl() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert re.findall(r"^(\d+)\. ", text, re.MULTILINE) == [str(number) for number in range(1, 16)]
    assert text.rstrip().endswith("require the production of a new EUPL version.")
