"""A type of page: what it is named, who looks at it and where it stands."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import translation


@dataclass(frozen=True)
class PageType:
    """A page: its name, the name of its address, who looks at it, and what it answers.

    arguments: of the address; a function of them asks the demo. query: what stands after the question mark.
    """

    name: str
    address: str
    role: str = ""
    status: int = 200
    arguments: Callable[[], Any] | tuple[str, ...] = field(default=())
    query: str = ""

    def in_language(self, code: str) -> str:
        """The path in a language: English under /en, Latvian at the root."""
        found = self.arguments() if callable(self.arguments) else self.arguments
        with translation.override(code):
            if isinstance(found, dict):
                path = reverse(self.address, kwargs=found)
            else:
                path = reverse(self.address, args=found if isinstance(found, tuple) else (found,))
        return path + (f"?{self.query}" if self.query else "")
