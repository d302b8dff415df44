"""What a reader can work out from published figures: the values of every cell that agree with all of them.

Cells are whole non-negative numbers (people, firms, events). A statement is a published linear sum of cells;
rounded figures become intervals. The smallest and largest value of a cell come from two integer programmes
(HiGHS through scipy.optimize.milp), as in Fischetti and Salazar-Gonzalez, Mathematical Programming 84 (1999)
283-312.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import Field

from microcities.decisions.engine import EngineFailedError, EngineModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.optimize import OptimizeResult
    from scipy.sparse import csr_array

LARGEST = 10**9
LARGEST_COEFFICIENT = 1000
# A limit on the search tree, not on time, so that every machine gives up at the same place.
NODE_LIMIT = 50_000


Rounding = Literal["none", "nearest", "down", "up", "random"]


def rounding_interval(value: int, rounding: Rounding, base: int) -> tuple[int, int]:
    """The smallest and largest true count that would have been published as `value`."""
    if rounding == "none" or base == 1:
        return value, value
    if rounding == "nearest":
        # A tie may have gone either way, so half the base belongs to both neighbours.
        return value - base // 2, value + base // 2
    below = 0 if rounding == "down" else base - 1
    above = 0 if rounding == "up" else base - 1
    return value - below, value + above


class DisclosureRule(EngineModel):
    """Counts from 1 to threshold - 1 may not be known; a hidden cell needs high - low >= minimum_width."""

    threshold: int = Field(default=5, ge=1, le=1000)
    minimum_width: int = Field(default=3, ge=1, le=10**6)


class Cell(EngineModel):
    """One count. `lower` and `upper` are what every reader knows anyway; `value` the true count, if it is to
    be checked.
    """

    id: str = Field(min_length=1)
    hidden: bool = False
    lower: int = Field(default=0, ge=-LARGEST, le=LARGEST)
    upper: int | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    value: int | None = Field(default=None, ge=-LARGEST, le=LARGEST)


class Statement(EngineModel):
    """A published sum: `terms` maps cell ids to coefficients. `structural` sums hold by definition and
    publish nothing.

    Rounding to `rounding_base`: to the nearest multiple, down, up, or at random to one of the two neighbours.
    """

    id: str = Field(min_length=1)
    terms: dict[str, int] = Field(min_length=1)
    value: int = Field(ge=-LARGEST, le=LARGEST)
    rounding: Rounding = "none"
    rounding_base: int = Field(default=1, ge=1, le=10**6)
    structural: bool = False
    publication: str = ""

    def interval(self) -> tuple[int, int]:
        """The smallest and largest true sum that would have been published as `value`."""
        return rounding_interval(self.value, self.rounding, self.rounding_base)


class Range(NamedTuple):
    """Smallest and largest consistent value; `high` is None when nothing limits it."""

    low: int | None
    high: int | None

    @property
    def width(self) -> float:
        return float("inf") if self.low is None or self.high is None else self.high - self.low


class Island:
    """Cells tied together by statements, directly or through others; islands do not influence one another."""

    def __init__(self, cells: Sequence[Cell], statements: Sequence[Statement]) -> None:
        self.cells, self.statements = list(cells), list(statements)
        self.position = {cell.id: index for index, cell in enumerate(self.cells)}

    def consistent(self) -> bool:
        """Whether any values agree with all the statements."""
        return self._solve({}, sign=1).status != 2

    def range_of(self, terms: Mapping[str, int]) -> Range:
        """Smallest and largest value of a sum of cells of this island; the statements have to be
        consistent.
        """
        return Range(self._extreme(terms, sign=1), self._extreme(terms, sign=-1))

    def reaches(self, terms: Mapping[str, int], width: int, inside: Range) -> bool:
        """Whether the range of a sum is that wide, given that it holds the range `inside`."""
        high = self._extreme(terms, sign=-1)
        if high is None or inside.low is None or high - inside.low >= width:
            return True
        low = self._extreme(terms, sign=1)
        return low is None or high - low >= width

    def without(self, statements: Sequence[Statement]) -> Island:
        """The same cells with only these statements."""
        return Island(self.cells, statements)

    def _extreme(self, terms: Mapping[str, int], *, sign: int) -> int | None:
        result = self._solve(terms, sign=sign)
        if result.status != 0:
            if self._unlimited(terms, sign=sign):
                return None
            raise EngineFailedError(f"no proven bound for {', '.join(terms)}: {result.message}")
        return self._exact(result.x, terms)

    def _solve(self, terms: Mapping[str, int], *, sign: int) -> OptimizeResult:
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix, low, high = self._rows
        upper = [np.inf if cell.upper is None else cell.upper for cell in self.cells]
        return milp(
            sign * self._vector(terms),
            integrality=np.ones(len(self.cells)),
            bounds=Bounds([cell.lower for cell in self.cells], upper),
            constraints=LinearConstraint(matrix, low, high),
            options={"mip_rel_gap": 0.0, "node_limit": NODE_LIMIT},
        )

    def _unlimited(self, terms: Mapping[str, int], *, sign: int) -> bool:
        """Whether some direction improves the sum for ever (Meyer 1974: then the integer programme is
        unbounded too).
        """
        import numpy as np
        from scipy.optimize import linprog

        matrix, _, _ = self._rows
        limits = [(0, 1 if cell.upper is None else 0) for cell in self.cells]
        goal = sign * self._vector(terms)
        ray = linprog(goal, A_eq=matrix, b_eq=np.zeros(len(self.statements)), bounds=limits, method="highs")
        return ray.status == 0 and ray.fun < -1e-7

    def _exact(self, found: NDArray[np.float64], terms: Mapping[str, int]) -> int:
        """The value of the sum at the solution, after checking in whole numbers that the solution is one."""
        values = {cell.id: round(float(x)) for cell, x in zip(self.cells, found, strict=True)}
        for statement in self.statements:
            low, high = statement.interval()
            if not low <= total(statement.terms, values) <= high:
                raise EngineFailedError(
                    f"the solver broke the statement {statement.id}; the numbers are too large"
                )
        return total(terms, values)

    @functools.cached_property
    def _rows(self) -> tuple[csr_array, NDArray[np.float64], NDArray[np.float64]]:
        import numpy as np
        from scipy.sparse import csr_array

        entries = [
            (row, self.position[cell_id], coefficient)
            for row, statement in enumerate(self.statements)
            for cell_id, coefficient in statement.terms.items()
        ]
        rows, columns, coefficients = zip(*entries, strict=True) if entries else ((), (), ())
        shape = (len(self.statements), len(self.cells))
        matrix = csr_array((np.array(coefficients, dtype=float), (rows, columns)), shape=shape)
        limits = np.array([statement.interval() for statement in self.statements], dtype=float).reshape(-1, 2)
        return matrix, limits[:, 0], limits[:, 1]

    def _vector(self, terms: Mapping[str, int]) -> NDArray[np.float64]:
        import numpy as np

        vector = np.zeros(len(self.cells))
        for cell_id, coefficient in terms.items():
            vector[self.position[cell_id]] = coefficient
        return vector


def total(terms: Mapping[str, int], values: Mapping[str, int]) -> int:
    """The sum of coefficient times value."""
    return sum(coefficient * values[cell_id] for cell_id, coefficient in terms.items())


def islands(
    cells: Sequence[Cell], statements: Sequence[Statement], ties: Iterable[Mapping[str, int]] = ()
) -> list[Island]:
    """Split into islands; `ties` are further sums whose cells have to stay on one island."""
    leader = {cell.id: cell.id for cell in cells}

    def root(cell_id: str) -> str:
        while leader[cell_id] != cell_id:
            leader[cell_id] = leader[leader[cell_id]]
            cell_id = leader[cell_id]
        return cell_id

    for terms in [*(statement.terms for statement in statements), *ties]:
        first = root(next(iter(terms)))
        for cell_id in terms:
            leader[root(cell_id)] = first
    members: dict[str, tuple[list[Cell], list[Statement]]] = {}
    for cell in cells:
        members.setdefault(root(cell.id), ([], []))[0].append(cell)
    for statement in statements:
        members[root(next(iter(statement.terms)))][1].append(statement)
    return [Island(*content) for content in members.values()]


def smallest_reason(
    statements: Sequence[Statement], gives_away: Callable[[Sequence[Statement]], bool]
) -> list[Statement]:
    """Statements that together give something away while no part of them does (QuickXplain, Junker, AAAI
    2004).

    `gives_away(statements)` has to be true for the whole list and stay true when statements are added.
    """
    if gives_away(()):
        return []
    return _explain((), False, tuple(statements), gives_away)


def _explain(
    background: tuple[Statement, ...],
    grown: bool,
    candidates: tuple[Statement, ...],
    gives_away: Callable[[Sequence[Statement]], bool],
) -> list[Statement]:
    if grown and gives_away(background):
        return []
    if len(candidates) == 1:
        return list(candidates)
    half = len(candidates) // 2
    first, second = candidates[:half], candidates[half:]
    from_second = _explain(background + first, bool(first), second, gives_away)
    from_first = _explain(background + tuple(from_second), bool(from_second), first, gives_away)
    return from_first + from_second
