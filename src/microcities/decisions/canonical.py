"""One way to write JSON, so that equal content always gives equal bytes and an equal SHA-256 digest."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

# Ten significant digits survive a different CPU or mathematical library; the last digits of a double do not.
SIGNIFICANT_DIGITS = 10
RELATIVE_TOLERANCE = 1e-9


class Difference(NamedTuple):
    """One place where two JSON documents disagree; `path` is written like `donors[2].before[0]`."""

    path: str
    recorded: Any
    computed: Any


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces, -0.0 written as 0.0; ValueError for NaN and infinities."""
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def sha256_of(value: Any) -> str:
    """Hexadecimal SHA-256 of the canonical JSON of `value`."""
    return sha256_of_text(canonical_json(value))


def sha256_of_text(text: str) -> str:
    """Hexadecimal SHA-256 of canonical JSON that is written already."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def rounded(value: Any) -> Any:
    """The same JSON tree with every float cut to ten significant digits."""
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}") + 0.0
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value


def json_path(parts: Sequence[str | int]) -> str:
    """`("donors", 2, "before", 0)` as `donors[2].before[0]`; the whole document is `$`."""
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part.isidentifier():
            path += f".{part}" if path else part
        else:
            path += f"[{json.dumps(part, ensure_ascii=False)}]"
    return path or "$"


def differences(recorded: Any, computed: Any, at: tuple[str | int, ...] = ()) -> list[Difference]:
    """Every place where `computed` departs from `recorded`; floats may differ by one part in 1e9."""
    if isinstance(recorded, dict) and isinstance(computed, dict):
        keys = sorted(recorded.keys() | computed.keys())
        return [d for key in keys for d in differences(recorded.get(key), computed.get(key), (*at, key))]
    if isinstance(recorded, list) and isinstance(computed, list) and len(recorded) == len(computed):
        pairs = enumerate(zip(recorded, computed, strict=True))
        return [d for index, (old, new) in pairs for d in differences(old, new, (*at, index))]
    return [] if _same_leaf(recorded, computed) else [Difference(json_path(at), recorded, computed)]


def _same_leaf(recorded: Any, computed: Any) -> bool:
    if isinstance(recorded, bool) or isinstance(computed, bool):
        return recorded is computed
    if isinstance(recorded, int | float) and isinstance(computed, int | float):
        return math.isclose(recorded, computed, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-12)
    return bool(recorded == computed)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value + 0.0
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
