"""What is taken from scipy, with types: scipy brings none."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import optimize, special  # pyright: ignore[reportMissingTypeStubs]

from services.analytics.columns import Floats

_functions: Any = special
_optimize: Any = optimize


def log_gamma(values: Floats | float) -> Any:  # noqa: ANN401 - what came in, a number or an array
    """Logarithm of the gamma function."""
    return _functions.gammaln(values)


def digamma(values: Floats | float) -> Any:  # noqa: ANN401 - see above
    """Its derivative."""
    return _functions.psi(values)


def logistic(values: Floats) -> Floats:
    """1 / (1 + exp(-v)) without overflow."""
    return _functions.expit(values)


def gauss_series(a: Floats, b: float, c: Floats, z: Floats) -> Floats:
    """Gauss's hypergeometric function 2F1(a, b; c; z); no number where it cannot be computed."""
    # The caller looks for what is no number.
    with np.errstate(all="ignore"):
        return np.asarray(_functions.hyp2f1(a, b, c, z))


def beta_quantile(a: float, b: Floats, share: float) -> Floats:
    """The value below which a share of a Beta(a, b) distribution lies."""
    return np.asarray(_functions.betaincinv(a, b, share))


def lowest(
    function: Callable[[Floats], tuple[float, Floats]], start: Floats, *, bound: float
) -> Floats:
    """Where a function of several numbers, given with its gradient, is lowest: L-BFGS-B.

    Args:
        function: the value and its derivatives.
        start: where to begin.
        bound: no number goes beyond plus or minus this.
    """
    found = _optimize.minimize(
        function,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-bound, bound)] * len(start),
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8, "maxcor": 20},
    )
    return np.asarray(found.x)
