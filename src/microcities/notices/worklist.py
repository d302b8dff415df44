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
_providers: dict[str, Provider] = {}


def waits_for(key: str) -> Callable[[Provider], Provider]:
    """Register a provider `f(account) -> tasks` under a stable key; a service does so in its `worklist.py`."""

    def register(provider: Provider) -> Provider:
        if key in _providers:
            raise ValueError(f"worklist provider {key!r} is registered twice")
        _providers[key] = provider
        return provider

    return register


def tasks_for(account: Any) -> list[Task]:
    """All tasks of an account, the dated ones first, the earliest on top."""
    tasks = [task for _, provider in sorted(_providers.items()) for task in provider(account)]
    return sorted(tasks, key=lambda task: (task.due_on is None, task.due_on or date.max, str(task.title)))
