"""The weights behind a synthetic control: the mixture of donors that lies nearest to a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from microcities.decisions.engine import EngineFailedError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Among weights that fit equally well the most even ones are taken; the push is too weak to be seen in the
# fit.
EVENNESS = 1e-6
# Nine decimals, so that the last digits of another machine's arithmetic do not reach the answer.
DECIMALS = 9


class Fit(NamedTuple):
    """Weights (each >= 0, sum 1), whether no other weights fit as well, and the RMS distance that counts as
    exact.
    """

    weights: NDArray[np.float64]
    unique: bool
    exact_below: float


def fit_weights(target: NDArray[np.float64], donors: NDArray[np.float64]) -> Fit:
    """Minimise |donors @ w - target| over w >= 0, sum(w) = 1; `target` has shape (T,), `donors` (T, J).

    Solved exactly as one non-negative least squares problem: the minimiser u of |P u|^2 + (sum(u) - 1)^2,
    where the columns of P are donors minus target, is a multiple of the wanted w (Lawson and Hanson 1974,
    chapter 23). The optimality is then checked by the duality gap. EngineFailedError when it does not hold.
    """
    import numpy as np
    from scipy.optimize import nnls

    shifted = donors - target[:, None]
    distances = np.linalg.norm(shifted, axis=0)
    count = donors.shape[1]
    if not distances.any():
        return Fit(np.full(count, 1 / count), unique=count == 1, exact_below=0.0)
    nearest = float(distances[distances > 0].min())
    scaled = shifted / nearest
    rows = np.vstack([scaled, EVENNESS * np.eye(count), np.ones(count)])
    goal = np.zeros(len(rows))
    goal[-1] = 1.0
    try:
        found, _ = nnls(rows, goal, maxiter=100 * count)
    except RuntimeError as error:
        raise EngineFailedError(f"the weights did not settle: {error}") from error
    weights = np.round(found / found.sum(), DECIMALS)
    weights = weights / weights.sum()
    _check_optimal(scaled, weights)
    exact_below = (1e-6 * nearest + 10**-DECIMALS * np.linalg.norm(shifted)) / np.sqrt(len(target))
    return Fit(weights, _is_unique(scaled, weights), float(exact_below))


def _check_optimal(scaled: NDArray[np.float64], weights: NDArray[np.float64]) -> None:
    """The duality gap bounds how much any other weights could improve half the squared distance."""
    gradient = scaled.T @ (scaled @ weights)
    gap = float(weights @ gradient - gradient.min())
    if gap > 1e-7 * (1 + float((scaled**2).sum(axis=0).max())):
        raise EngineFailedError(f"the weights are not proven best (gap {gap:.3g})")


def _is_unique(scaled: NDArray[np.float64], weights: NDArray[np.float64]) -> bool:
    """Full column rank of the donors that could carry weight proves it; false may also mean: not proven."""
    import numpy as np

    gradient = scaled.T @ (scaled @ weights)
    size = 1 + (scaled**2).sum(axis=0)
    could_carry = gradient - weights @ gradient <= 1e-7 * size
    columns = np.vstack([scaled, np.ones(scaled.shape[1])])[:, could_carry]
    columns = columns / np.linalg.norm(columns, axis=0)
    return bool(np.linalg.matrix_rank(columns, tol=1e-7) == columns.shape[1])
