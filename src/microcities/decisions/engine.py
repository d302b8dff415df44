"""The engine registry: every algorithm that decides or advises is found, described and run from here.

No Django and no database here, so that an auditor can repeat a decision on any machine with Python.
"""

from __future__ import annotations

import difflib
import functools
import importlib
import itertools
import json
import pkgutil
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from microcities.decisions.canonical import canonical_json, json_path, rounded, sha256_of_text

ROOT_PACKAGE = "microcities"


class EngineModel(BaseModel):
    """What engines take and give: frozen, no unknown fields, no silent conversion, no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class InputProblem(NamedTuple):
    """One wrong value: where it is (`donors[2].before[0]`, the whole input is `$`) and what is wrong
    with it.
    """

    path: str
    message: str


class EngineError(Exception):
    """Whatever stops an engine from answering."""


class EngineInputError(EngineError):
    """The input is wrong; `problems` says where and why."""

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = [InputProblem(path, message) for path, message in problems]
        super().__init__("; ".join(f"{path}: {message}" for path, message in self.problems))

    @classmethod
    def at(cls, message: str, *parts: str | int) -> EngineInputError:
        """A single problem at the place given by `parts`: `EngineInputError.at("is missing", "units", 3,
        "id")`.
        """
        return cls([(json_path(parts), message)])

    @classmethod
    def from_validation(cls, error: ValidationError) -> EngineInputError:
        """Pydantic's problems; a list that is called too short because its items are wrong is left out."""
        found = error.errors(include_url=False, include_input=False)
        places = [problem["loc"] for problem in found]
        return cls(
            (json_path(problem["loc"]), problem["msg"])
            for problem in found
            if not any(len(place) > len(problem["loc"]) == _shared(place, problem["loc"]) for place in places)
        )


class UnknownEngineError(EngineError):
    """No engine has this name; `near` holds the names that look like it."""

    def __init__(self, name: str, near: list[str]) -> None:
        self.name, self.near = name, near
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"there is no engine called {name!r}{hint}")


class EngineFailedError(EngineError):
    """The input is right but the calculation did not come to a proven answer."""


Function = TypeVar("Function", bound=Callable[..., EngineModel])


@dataclass(frozen=True)
class Engine:
    """A registered engine with everything an auditor wants to know about it."""

    name: str
    version: str
    summary: str
    source: str
    rulebooks: tuple[str, ...]
    function: Callable[..., EngineModel] = field(repr=False)
    input_model: type[EngineModel] = field(repr=False)
    output_model: type[EngineModel] = field(repr=False)

    def describe(self) -> dict[str, Any]:
        """Name, version, summary, source, rulebooks and the JSON Schemas of input and output."""
        return {
            "name": self.name,
            "version": self.version,
            "summary": self.summary,
            "source": self.source,
            "rulebooks": list(self.rulebooks),
            "input_schema": self.input_model.model_json_schema(mode="validation"),
            "output_schema": self.output_model.model_json_schema(mode="serialization"),
        }


@dataclass(frozen=True)
class RunResult:
    """One run: the checked input, the output (floats to ten digits), and the digests of both once somebody asks for them.

    Writing a year's records out and hashing them takes longer than the engine; a page that only shows the output does not pay.
    """

    engine: str
    version: str
    seed: int
    rulebooks: dict[str, str]
    checked: EngineModel = field(repr=False)
    output: dict[str, Any]

    @functools.cached_property
    def input(self) -> dict[str, Any]:
        """The input as JSON, defaults filled in."""
        return self.checked.model_dump(mode="json")

    @functools.cached_property
    def input_json(self) -> str:
        return canonical_json(self.input)

    @functools.cached_property
    def output_json(self) -> str:
        return canonical_json(self.output)

    @property
    def input_sha256(self) -> str:
        return sha256_of_text(self.input_json)

    @property
    def output_sha256(self) -> str:
        return sha256_of_text(self.output_json)


_registry: dict[str, Engine] = {}


def engine(
    name: str, *, version: str, summary: str, source: str, rulebooks: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Register `f(inp: InputModel, *, seed: int) -> OutputModel` under `name`; the function itself stays as
    it was.

    `source` names the paper, law or manual the algorithm comes from; `rulebooks` the rulebooks whose values
    its input holds.
    """

    def register(function: Function) -> Function:
        known = _registry.get(name)
        if known is not None and _origin(known.function) != _origin(function):
            raise RuntimeError(
                f"two engines are called {name!r}: {_origin(known.function)}, {_origin(function)}"
            )
        input_model, output_model = _models_of(function)
        _registry[name] = Engine(
            name, version, summary, source, rulebooks, function, input_model, output_model
        )
        return function

    return register


def all_engines() -> list[Engine]:
    """Every engine of every app, sorted by name."""
    _discover()
    return [_registry[name] for name in sorted(_registry)]


def get_engine(name: str) -> Engine:
    """The engine called `name`; UnknownEngineError with the near names otherwise."""
    _discover()
    if name not in _registry:
        raise UnknownEngineError(name, difflib.get_close_matches(name, sorted(_registry), n=3, cutoff=0.5))
    return _registry[name]


def run_engine(
    name: str, raw_json: Mapping[str, Any], seed: int = 0, *, rulebooks: Mapping[str, str] | None = None
) -> RunResult:
    """Check `raw_json`, run the engine and return input, output and digests.

    `rulebooks` maps the rulebooks behind the input to the versions in force; it is recorded, not read.
    Raises EngineInputError, UnknownEngineError or EngineFailedError.
    """
    found = get_engine(name)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise EngineInputError.at("the seed is a whole number, 0 or more", "seed")
    checked = _checked_input(found, raw_json)
    try:
        answer = found.function(checked, seed=seed)
    except (ValidationError, ArithmeticError) as error:
        raise EngineFailedError(f"{name} came to numbers that cannot be written: {error}") from error
    if type(answer) is not found.output_model:
        raise EngineFailedError(
            f"{name} returned {type(answer).__name__} instead of {found.output_model.__name__}"
        )
    return RunResult(name, found.version, seed, dict(rulebooks or {}), checked, rounded(answer.model_dump(mode="json")))


def _checked_input(found: Engine, raw_json: Mapping[str, Any]) -> EngineModel:
    if not isinstance(raw_json, Mapping):
        raise EngineInputError.at("the input is a JSON object")
    try:
        # Through JSON text, so that the strict rules for JSON hold (arrays are tuples, text is never a
        # number).
        return found.input_model.model_validate_json(json.dumps(dict(raw_json), ensure_ascii=False).encode())
    except ValidationError as error:
        raise EngineInputError.from_validation(error) from None
    except UnicodeEncodeError:
        message = "half a character (a lone surrogate), which is no text"
        raise EngineInputError.at(message, *_half_character(raw_json)) from None
    except (TypeError, ValueError) as error:
        raise EngineInputError.at(str(error)) from None


def _half_character(value: Any, at: tuple[str | int, ...] = ()) -> tuple[str | int, ...]:
    """The place of the first text that UTF-8 cannot hold, or of the object whose key it is."""
    if isinstance(value, Mapping):
        parts = [found for key, item in value.items() if (found := _half_character(item, (*at, str(key))))]
        return parts[0] if parts else at
    if isinstance(value, list | tuple):
        return next((found for i, item in enumerate(value) if (found := _half_character(item, (*at, i)))), ())
    return at if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value) else ()


@functools.cache
def _discover() -> None:
    """Import the modules of every `microcities.<app>.engines` package, and nothing else of the app."""
    root = importlib.import_module(ROOT_PACKAGE)
    for app in pkgutil.iter_modules(root.__path__):
        folders = [str(Path(path) / app.name) for path in root.__path__]
        if any(part.name == "engines" and part.ispkg for part in pkgutil.iter_modules(folders)):
            package = importlib.import_module(f"{ROOT_PACKAGE}.{app.name}.engines")
            for module in pkgutil.iter_modules(package.__path__):
                importlib.import_module(f"{package.__name__}.{module.name}")


def _models_of(function: Callable[..., EngineModel]) -> tuple[type[EngineModel], type[EngineModel]]:
    hints = typing.get_type_hints(function)
    models = (hints.get("inp"), hints.get("return"))
    for model in models:
        if not (isinstance(model, type) and issubclass(model, EngineModel)):
            raise TypeError(
                f"{_origin(function)} must be typed (inp: EngineModel, *, seed: int) -> EngineModel"
            )
    return typing.cast("tuple[type[EngineModel], type[EngineModel]]", models)


def _shared(one: Sequence[int | str], other: Sequence[int | str]) -> int:
    """How many leading parts two paths have in common."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _origin(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
