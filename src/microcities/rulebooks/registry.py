"""Answers which rule was in force on a date and at a place, for every rulebook of the installed packages."""

from __future__ import annotations

import importlib
import importlib.util
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, overload

from microcities.rulebooks.reading import AnyRule, Problem, Rule, RuleUse, read_rulebook
from microcities.rulebooks.schema import Text, Values, declared_topics, territory_chain, topic_of

PACKAGE = "microcities"
Territory = str | Sequence[str]


class RulebookError(Exception):
    """At least one rulebook cannot be trusted; `problems` says which, where and why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownTopicError(LookupError):
    """No rulebook has this topic."""


class UnknownVersionError(LookupError):
    """The topic has no version with this id."""


class NoRuleInForceError(LookupError):
    """The topic called `title` exists but no version covers the date at the place; the message says what is covered."""

    def __init__(self, message: str, title: Text) -> None:
        self.title = title
        super().__init__(message)


class Topic(NamedTuple):
    """One topic with all its versions, oldest first, then by territory."""

    name: str
    title: Text
    file: str
    versions: tuple[AnyRule, ...]


class Registry:
    """All topics of a set of rulebook files; immutable, so that threads may share it."""

    def __init__(self, rules: Iterable[AnyRule], problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        by_topic: dict[str, list[AnyRule]] = {}
        for rule in rules:
            by_topic.setdefault(rule.topic, []).append(rule)
        self.topics = {
            name: Topic(
                name,
                versions[0].topic_title,
                versions[0].file,
                tuple(sorted(versions, key=lambda rule: (rule.valid_from, rule.territory))),
            )
            for name, versions in sorted(by_topic.items())
        }

    def topic(self, name: str) -> Topic:
        """The topic of that name; UnknownTopicError lists what there is."""
        if name not in self.topics:
            raise UnknownTopicError(
                f"no rulebook for {name!r}; there are: {', '.join(self.topics) or 'none'}"
            )
        return self.topics[name]

    def find(self, name: str, on: date, chain: Sequence[str]) -> AnyRule:
        """The version in force on the date in the nearest territory of the chain, or NoRuleInForceError."""
        topic = self.topic(name)
        for territory in chain:
            for rule in topic.versions:
                if rule.territory == territory and rule.in_force(on):
                    return rule
        covered = [f"{rule.territory} {rule.dates()}" for rule in topic.versions if rule.territory in chain]
        places = ", ".join(sorted({rule.territory for rule in topic.versions}))
        known = "; ".join(covered) if covered else f"only {places}, and {chain[0]} lies in none of them"
        raise NoRuleInForceError(f"no rule on {name} is in force on {on} in {chain[0]}; covered: {known}", topic.title)


def load(roots: Sequence[tuple[str, Path]] | None = None) -> Registry:
    """Read every rulebook; `roots` are (app, its rulebook folder), by default those of the installed package.

    Never raises for a broken file: errors and warnings are in `problems`.
    """
    if roots is None:
        roots = rulebook_folders()
        for app, folder in roots:
            for module in sorted(folder.glob("[a-z]*.py")):
                importlib.import_module(f"{PACKAGE}.{app}.{folder.name}.{module.stem}")
    rules: list[AnyRule] = []
    problems: list[Problem] = []
    owners: dict[str, str] = {}
    for app, folder in roots:
        for path in sorted(folder.glob("*.toml")):
            reading = read_rulebook(path, app)
            problems += reading.problems
            topic = reading.rules[0].topic if reading.rules else ""
            name = reading.rules[0].file if reading.rules else ""
            if topic in owners and topic:
                problems.append(
                    Problem("error", name, None, "topic", f"{topic} is already in {owners[topic]}")
                )
                continue
            owners[topic] = name
            rules += reading.rules
    return Registry(rules, [*problems, *_without_a_file(roots, owners, problems)])


def _without_a_file(
    roots: Sequence[tuple[str, Path]], owners: Mapping[str, str], problems: Sequence[Problem]
) -> Iterator[Problem]:
    """A topic that programs ask for and no file answers; an app whose files are broken has its errors already."""
    broken = {problem.file.partition("/")[0] for problem in problems if problem.level == "error"}
    for app, folder in roots:
        for topic in declared_topics():
            if topic.partition(".")[0] == app and topic not in owners and app not in broken:
                yield Problem("error", f"{app}/{folder.name}", None, "topic", f"no file holds the topic {topic}")


def rulebook_folders() -> list[tuple[str, Path]]:
    """(app, folder) for each app of the package that has a rulebook folder, by name."""
    spec = importlib.util.find_spec(PACKAGE)
    places = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    return sorted((path.parent.name, path) for place in places for path in place.glob("*/rulebook"))


_lock = threading.Lock()
_loaded: Registry | None = None
_recorders: ContextVar[tuple[list[RuleUse], ...]] = ContextVar("rule_recorders", default=())


def registry() -> Registry:
    """The rulebooks of this installation, read once; RulebookError if any of them has an error."""
    global _loaded
    with _lock:
        if _loaded is None:
            _loaded = load()
    errors = [problem for problem in _loaded.problems if problem.level == "error"]
    if errors:
        raise RulebookError(errors)
    return _loaded


def reload() -> None:
    """Forget what was read, so that the next question reads the files again (long-lived shells, tests)."""
    global _loaded
    with _lock:
        _loaded = None


@overload
def rule(topic: type[Values], *, on: date, territory: Territory) -> Rule[Values]: ...
@overload
def rule(topic: str, *, on: date, territory: Territory) -> Rule[Any]: ...
def rule(topic: str | type[Any], *, on: date, territory: Territory) -> AnyRule:
    """The rule in force on a date at a place; give the values model instead of the name to have it typed.

    `territory` is one code (its wider territories follow by themselves) or a sequence from near to wide; the
    nearest version wins. Raises UnknownTopicError, NoRuleInForceError, RulebookError, and ValueError for what
    is not a territory code.
    """
    name = topic if isinstance(topic, str) else topic_of(topic)
    chain = territory_chain(territory) if isinstance(territory, str) else tuple(territory)
    if not chain:
        raise ValueError("territory is empty")
    found = registry().find(name, on, chain)
    for recorder in _recorders.get():
        if found.use() not in recorder:
            recorder.append(found.use())
    return found


def rule_version(topic: str, version: str) -> AnyRule:
    """One named version whatever its dates, for a rerun of an old decision.

    Raises UnknownTopicError, UnknownVersionError.
    """
    for candidate in registry().topic(topic).versions:
        if candidate.version == version:
            return candidate
    raise UnknownVersionError(f"topic {topic} has no version {version!r}")


def is_unchanged(use: RuleUse) -> bool:
    """True if the recorded version still exists with the same content."""
    try:
        return rule_version(use.topic, use.version).digest == use.digest
    except LookupError:
        return False


@contextmanager
def versions_used() -> Iterator[list[RuleUse]]:
    """Collects every rule asked for inside the block, once each, in the order first used.

    Follows the current thread or task only. Blocks may be nested: the outer sees what the inner one used.
    """
    used: list[RuleUse] = []
    token = _recorders.set((*_recorders.get(), used))
    try:
        yield used
    finally:
        _recorders.reset(token)


def rules_in_force(on: date, territory: Territory | None = None) -> tuple[AnyRule, ...]:
    """All rules in force on a date, by topic: every territory's, or for one place the one that wins there."""
    topics = registry().topics.values()
    if territory is None:
        return tuple(found for topic in topics for found in topic.versions if found.in_force(on))
    chain = territory_chain(territory) if isinstance(territory, str) else tuple(territory)
    winners = []
    for topic in topics:
        there = [found for found in topic.versions if found.in_force(on) and found.territory in chain]
        if there:
            winners.append(min(there, key=lambda found: chain.index(found.territory)))
    return tuple(winners)
