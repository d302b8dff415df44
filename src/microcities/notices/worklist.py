"""My work: every service registers what waits for whom, and the page asks them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Task:
    """One thing that waits: a sentence, where to do it, and by when."""

    title: "str | Promise"
    url: str
    due_on: date | None = None
    count: int = 1
    more: bool = False  # than `count`, which is as far as they were counted
    detail: "str | Promise" = ""


Provider = Callable[[Any], Iterable[Task]]
Condition = Callable[[Any], Any]
_providers: dict[str, tuple[Provider, Condition | None]] = {}


def waits_for(key: str, *, only: Condition | None = None) -> Callable[[Provider], Provider]:
    """Register a provider `f(account) -> tasks` under a stable key; a service does so in its `worklist.py`.

    Where nothing can wait unless `only(account)` is true, the page asks that once for all providers that name it.
    """

    def register(provider: Provider) -> Provider:
        if key in _providers:
            raise ValueError(f"worklist provider {key!r} is registered twice")
        _providers[key] = provider, only
        return provider

    return register


def tasks_for(account: Any) -> list[Task]:
    """All tasks of an account, the dated ones first, the earliest on top."""
    conditions = {only for _provider, only in _providers.values() if only is not None}
    met = {None, *(only for only in conditions if only(account))}
    tasks = [task for _, (provider, only) in sorted(_providers.items()) if only in met for task in provider(account)]
    return sorted(tasks, key=lambda task: (task.due_on is None, task.due_on or date.max, str(task.title)))
