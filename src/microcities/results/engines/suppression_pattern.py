"""The integer programme behind suppression: what to hide so that other tables look just as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, NamedTuple

from microcities.decisions.engine import EngineFailedError
from microcities.results.engines.published_figures import NODE_LIMIT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# Up to this many unknown deviations all small cells are protected in one programme, else one after the other.
TOGETHER = 400
# How far, in widths, another table may depart from the true one in any cell.
ROOM = 10


class Pattern(NamedTuple):
    """The cells to hide, and whether no cheaper set exists."""

    hidden: frozenset[str]
    proven: bool


class _Table(NamedTuple):
    values: Mapping[str, int]
    relations: Sequence[Mapping[str, int]]
    kept_open: AbstractSet[str]
    width: int


def cheapest_pattern(
    *,
    values: Mapping[str, int],
    relations: Sequence[Mapping[str, int]],
    primary: Sequence[str],
    kept_open: AbstractSet[str],
    width: int,
) -> Pattern:
    """Hide `primary` and the cells with the smallest sum of counts that leave each primary a range of
    `width`.

    EngineFailedError when even hiding everything that may be hidden is not enough.
    """
    table = _Table(values, relations, kept_open, width)
    together = 2 * len(primary) * len(values) <= TOGETHER
    batches = [list(primary)] if together else [[cell_id] for cell_id in primary]
    hidden, proven = frozenset(primary), together
    for batch in batches:
        added, solved = _extend(table, hidden, batch)
        hidden, proven = hidden | added, proven and solved
    return Pattern(hidden, proven)


def _extend(table: _Table, hidden: frozenset[str], batch: Sequence[str]) -> tuple[frozenset[str], bool]:
    """The cheapest further cells that protect every cell of the batch, given what is hidden already.

    Unknowns: for each cell, hidden or not; for each protected cell two other tables (a lower, a higher one)
    as deviations that keep every relation, touch hidden cells only and lie `width` apart in the protected
    cell.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    names = list(table.values)
    copies = 2 * len(batch)
    low, high = _deviation_limits(table, names)
    fixed = np.array([name in hidden for name in names], dtype=float)
    allowed = np.array([name not in table.kept_open for name in names], dtype=float)
    cost = np.array([0 if name in hidden else max(table.values[name], 1) for name in names], dtype=float)
    solution = milp(
        np.concatenate([cost, np.zeros(copies * len(names))]),
        integrality=np.ones((1 + copies) * len(names)),
        bounds=Bounds(
            np.concatenate([fixed, np.tile(low, copies)]), np.concatenate([allowed, np.tile(high, copies)])
        ),
        constraints=[
            LinearConstraint(matrix, least, most)
            for matrix, least, most in _constraints(table, names, batch, low, high)
        ],
        options={"mip_rel_gap": 0.0, "node_limit": NODE_LIMIT},
    )
    if solution.x is None:
        raise EngineFailedError(f"no set of cells protects {', '.join(batch)}: too much has to stay open")
    chosen = (name for name, share in zip(names, solution.x, strict=False) if share > 0.5)
    return frozenset(chosen), solution.status == 0


def _deviation_limits(table: _Table, names: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Counts stay 0 or more; ten widths are room for detours that are longer than those of a plain table."""
    import numpy as np

    room = ROOM * table.width
    low = np.array([-min(room, table.values[name]) for name in names], dtype=float)
    return low, np.full(len(names), float(room))


def _constraints(
    table: _Table,
    names: Sequence[str],
    batch: Sequence[str],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> list[tuple[csr_array, float, float]]:
    """Rows over (hidden or not, first deviation, second deviation, ...), each with its smallest and largest
    value.
    """
    import numpy as np
    from scipy import sparse

    count, copies = len(names), 2 * len(batch)
    position = {name: index for index, name in enumerate(names)}
    everywhere = sparse.eye_array(copies, format="csr")

    def below_hiding(limit: NDArray[np.float64]) -> csr_array:
        """Deviation minus limit x hidden, for every copy and cell."""
        hiding = sparse.kron(np.ones((copies, 1)), sparse.diags_array(-limit))
        return sparse.hstack([hiding, sparse.eye_array(copies * count)], format="csr")

    blocks = [(below_hiding(high), -np.inf, 0.0), (below_hiding(low), 0.0, np.inf)]
    if table.relations:
        relations = sparse.lil_array((len(table.relations), count))
        for row, relation in enumerate(table.relations):
            for name, coefficient in relation.items():
                relations[row, position[name]] = coefficient
        kept = sparse.kron(everywhere, relations.tocsr())
        nothing = sparse.csr_array((kept.shape[0], count))
        blocks.append((sparse.hstack([nothing, kept], format="csr"), 0.0, 0.0))
    apart = sparse.lil_array((len(batch), count * (1 + copies)))
    for row, name in enumerate(batch):
        apart[row, count * (1 + 2 * row) + position[name]] = -1
        apart[row, count * (2 + 2 * row) + position[name]] = 1
    blocks.append((apart.tocsr(), float(table.width), np.inf))
    return blocks
