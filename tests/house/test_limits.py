"""The house's limits, held for every file under src: lengths, branches, docstrings, names, imports, templates."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "microcities"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(path for path in SOURCE.rglob("*.html") if "templates" in path.parts)
MODULE_LINES, FUNCTION_LINES, VIEW_LINES, TEMPLATE_LINES, BRANCHES = 400, 40, 25, 150, 10
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "mixins", "services"}
FIRST_PARTY = "microcities"
# The command line starts engines without Django, so it loads Django only when a command needs it.
MAY_IMPORT_LATE = {"cli.py"}
# Statements that part the way; a conditional expression or a comprehension inside a line is a value, not a way.
BRANCHING = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|<[a-z][^>]*\sstyle\s*=|<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions_of(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length_of(function: Function) -> int:
    """Lines from `def` to the end; decorators are not counted, as ruff's and most people's counting has it."""
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def branches_of(function: Function) -> int:
    """How often the way parts, without functions inside."""
    count, waiting = 0, list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function | ast.Lambda | ast.ClassDef):
            continue
        count += isinstance(node, BRANCHING)
        waiting += ast.iter_child_nodes(node)
    return count


def is_view(path: Path, function: Function) -> bool:
    in_views = path.name == "views.py" or path.name.endswith("_views.py") or path.parent.name == "views"
    arguments = [argument.arg for argument in function.args.args]
    return in_views and arguments[:1] == ["request"] and not function.name.startswith("_")


def test_there_is_something_to_measure() -> None:
    assert len(MODULES) > 200
    assert len(TEMPLATES) > 40


def test_modules_are_at_most_400_lines() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > MODULE_LINES} == {}


def test_every_module_says_why_it_exists() -> None:
    silent = [name_of(path) for path in MODULES if tree_of(path).body and not ast.get_docstring(tree_of(path))]
    assert silent == []


def test_functions_are_at_most_40_lines() -> None:
    found = {
        f"{name_of(path)}:{function.name}": length_of(function)
        for path in MODULES
        for function in functions_of(tree_of(path))
    }
    assert {name: length for name, length in found.items() if length > FUNCTION_LINES} == {}


def test_views_are_at_most_25_lines() -> None:
    found = {
        f"{name_of(path)}:{function.name}": length_of(function)
        for path in MODULES
        for function in functions_of(tree_of(path))
        if is_view(path, function)
    }
    assert len(found) > 20
    assert {name: length for name, length in found.items() if length > VIEW_LINES} == {}


def test_functions_branch_at_most_ten_times() -> None:
    found = {
        f"{name_of(path)}:{function.name}": branches_of(function)
        for path in MODULES
        for function in functions_of(tree_of(path))
    }
    assert {name: count for name, count in found.items() if count > BRANCHES} == {}


def test_views_are_functions() -> None:
    """No class-based view of our own: a rule stands visibly above a function."""
    bases = {"View", "TemplateView", "ListView", "DetailView", "FormView", "CreateView", "UpdateView", "DeleteView"}
    found = [
        f"{name_of(path)}:{node.name}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
        and bases & {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    ]
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [name_of(path) for path in SOURCE.rglob("*.py") if path.stem in FORBIDDEN_NAMES]
    folders = [name_of(path) for path in SOURCE.rglob("*") if path.is_dir() and path.name in FORBIDDEN_NAMES]
    assert named + folders == []


def test_no_first_party_import_inside_a_function() -> None:
    late = []
    for path in MODULES:
        if name_of(path) in MAY_IMPORT_LATE:
            continue
        for function in functions_of(tree_of(path)):
            for node in ast.walk(function):
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                modules += [node.module or FIRST_PARTY] if isinstance(node, ast.ImportFrom) else []
                ours = [module for module in modules if module.partition(".")[0] == FIRST_PARTY]
                late += [f"{name_of(path)}:{node.lineno} {module}" for module in ours]
    assert late == []


def test_imports_are_absolute() -> None:
    relative = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_queries_are_query_sets_and_not_managers() -> None:
    """One manager is Django's own demand: a user model needs `create_user`."""
    managers = [
        f"{name_of(path)}:{node.name}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and any("Manager" in ast.unparse(base) for base in node.bases)
        and not any("ContextManager" in ast.unparse(base) for base in node.bases)
    ]
    assert managers == ["people/models/accounts.py:AccountManager"]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_is_short_and_holds_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= TEMPLATE_LINES
    if "mail" not in path.parts:
        assert INLINE.findall(text) == []


def test_actions_write_nothing_outside_a_change() -> None:
    """Every public verb of an actions module opens `change(...)`, or calls a verb that does: a trail line stands."""
    verbs = {
        (path, function.name): function
        for path in MODULES
        if path.stem == "actions" or path.parent.name == "actions"
        for function in tree_of(path).body
        if isinstance(function, ast.FunctionDef)
    }
    names = {name for _path, name in verbs}

    def leaves_a_line(function: ast.FunctionDef, seen: frozenset[str] = frozenset()) -> bool:
        called = {
            ast.unparse(node.func).rpartition(".")[2] for node in ast.walk(function) if isinstance(node, ast.Call)
        }
        if "change" in called:
            return True
        inner = (called & names) - seen
        return any(leaves_a_line(each, seen | inner) for (_p, name), each in verbs.items() if name in inner)

    silent = [
        f"{name_of(path)}:{name}"
        for (path, name), function in verbs.items()
        if not name.startswith("_")
        and "actor" in {argument.arg for argument in function.args.kwonlyargs}
        and not leaves_a_line(function)
    ]
    assert silent == []
