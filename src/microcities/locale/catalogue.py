"""Collects marked strings, compiles catalogues and finds what is missing, in Python alone: no gettext tools are needed.

A further language is one catalogue file `<language>/LC_MESSAGES/django.po` beside the Latvian one.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LOCALE = Path(__file__).parent
PACKAGE = LOCALE.parent
# Latvian: 0 for numbers that end in 1 but not in 11, 1 for all others but zero, 2 for zero.
PLURALS = {"lv": "nplurals=3; plural=(n % 10 == 1 && n % 100 != 11 ? 0 : n != 0 ? 1 : 2);"}
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|%[sd]|\{\w*\}")
TEMPLATE_CALL = re.compile(r"\b(?:_|gettext|ngettext|pgettext|npgettext)\(")


@dataclass(frozen=True)
class Marked:
    """A string marked for translation: context (or None), singular, plural (or None), and where it stands."""

    context: str | None
    singular: str
    plural: str | None
    where: str

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.singular


def marked_strings() -> list[Marked]:
    """Every marked string of the package's Python files and templates, each once."""
    found: dict[tuple[str | None, str], Marked] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for marked in _in_python(path.read_text(), str(path.relative_to(PACKAGE))):
            _add(found, marked)
    for path in sorted(PACKAGE.rglob("templates/**/*")):
        if path.suffix in {".html", ".txt", ".svg", ".typ"}:
            for marked in _in_template(path.read_text(), str(path.relative_to(PACKAGE))):
                _add(found, marked)
    return list(found.values())


def _add(found: dict[tuple[str | None, str], Marked], marked: Marked) -> None:
    before = found.get(marked.key)
    if before is None or (before.plural is None and marked.plural is not None):
        found[marked.key] = marked


def _in_python(text: str, where: str) -> Iterator[Marked]:
    tree = ast.parse(text)
    # `from django.utils.translation import gettext as _now`: the names under which a module calls them.
    aliases = {
        name.asname: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (marked := _from_call(node, where, aliases)):
            yield marked


def _from_call(node: ast.Call, where: str, aliases: Mapping[str, str] = MappingProxyType({})) -> Marked | None:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    name = aliases.get(name, name)
    words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name in SINGULAR and words:
        return Marked(None, words[0], None, where)
    if name in PLURAL and len(words) >= 2:
        return Marked(None, words[0], words[1], where)
    if name in CONTEXT and len(words) >= 2:
        return Marked(words[0], words[1], None, where)
    return None


def _in_template(text: str, where: str) -> Iterator[Marked]:
    code = templatize(text, origin=where)
    for match in TEMPLATE_CALL.finditer(code):
        if (call := _call_at(code, match.start())) and (marked := _from_call(call, where)):
            yield marked


def _call_at(code: str, start: int) -> ast.Call | None:
    """The call that begins at `start`: the shortest text up to a closing bracket that is one."""
    end = start
    while (end := code.find(")", end) + 1) > 0:
        try:
            tree = ast.parse(code[start:end].strip(), mode="eval")
        except SyntaxError:
            continue
        return tree.body if isinstance(tree.body, ast.Call) else None
    return None


def catalogue_paths() -> list[Path]:
    """The catalogue file of each language."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """A catalogue with its language's plural rule."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def compile_all() -> list[Path]:
    """Write the .mo beside every .po; returns the files written."""
    written = []
    for path in catalogue_paths():
        target = path.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, read(path))
        written.append(target)
    return written


def collect(path: Path) -> tuple[int, int]:
    """Bring a catalogue to the strings of the code: new ones empty, unused ones gone. Returns (added, removed)."""
    known = {(message.context, _singular(message)): message for message in read(path) if message.id}
    language = path.parent.parent.name
    fresh = Catalog(locale=language, project="microcities", charset="utf-8", fuzzy=False)
    added = 0
    for marked in sorted(marked_strings(), key=lambda each: (each.singular, each.context or "")):
        before = known.pop(marked.key, None)
        added += before is None
        identity = (marked.singular, marked.plural) if marked.plural else marked.singular
        text = before.string if before is not None and _fits(before, marked) else _empty(marked, fresh)
        fresh.add(identity, text, context=marked.context, locations=[(marked.where, 0)])
    with path.open("wb") as file:
        write_po(file, fresh, width=110, omit_header=False, sort_output=False, include_lineno=False)
    return added, len(known)


def _empty(marked: Marked, catalog: Catalog) -> str | tuple[str, ...]:
    return ("",) * catalog.num_plurals if marked.plural else ""


def _fits(message: Message, marked: Marked) -> bool:
    return isinstance(message.string, (tuple, list)) == bool(marked.plural)


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (tuple, list)) else message.id


def faults(path: Path) -> list[str]:
    """What is wrong with a catalogue: missing, fuzzy, too few plural forms, other placeholders than the original."""
    catalog = read(path)
    known = {(message.context, _singular(message)): message for message in catalog if message.id}
    found = []
    for marked in marked_strings():
        message = known.get(marked.key)
        if message is None:
            found.append(f"{marked.where}: no translation of {marked.singular!r}")
        else:
            found += [f"{marked.where}: {words} {marked.singular!r}" for words in _faults_of(message, marked, catalog)]
    return found


def _faults_of(message: Message, marked: Marked, catalog: Catalog) -> Iterator[str]:
    forms = list(message.string) if isinstance(message.string, (tuple, list)) else [message.string or ""]
    if message.fuzzy:
        yield "fuzzy translation of"
    if marked.plural and len(forms) != catalog.num_plurals:
        yield f"{len(forms)} of {catalog.num_plurals} plural forms of"
    elif not all(forms):
        yield "empty translation of"
    allowed = set(PLACEHOLDER.findall(marked.singular)) | set(PLACEHOLDER.findall(marked.plural or ""))
    for form in forms:
        if form and (strange := set(PLACEHOLDER.findall(form)) - allowed):
            yield f"unknown placeholder {sorted(strange)} in the translation of"
        elif form and not marked.plural and allowed - set(PLACEHOLDER.findall(form)):
            yield "a placeholder is missing in the translation of"
