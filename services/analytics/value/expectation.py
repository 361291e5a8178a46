"""How many visits a customer who still comes makes in a time to come, in closed form.

→ docs/algorithms/value.md, "Visits"
"""

import numpy as np

from services.analytics.columns import Floats
from services.analytics.special import beta_quantile, gauss_series

# Around a = 1 the closed form is 0 / 0: this near to it the value is drawn as a line between the
# two sides. The error of that is below 1e-7 of the value, that of subtracting equal numbers 1e-11.
NEAR_ONE = 1e-4
# At a + b = 1 it is 0 · ∞, and the same on both sides: a value this near to it is right to as much.
POLE = 1e-9
# Beyond these the hypergeometric series loses its digits; then the dropout chance is integrated.
LARGE = 200.0
NODES = 48


def visits_if_alive(*, a: float, b: Floats, shape: Floats, share: Floats) -> Floats:
    """Mean of (1 - exp(-lambda p t)) / p over what is known of a customer who still comes.

    Args:
        a: first parameter of the dropout chance p, Beta(a, b).
        b: its second, of each customer: b + x, and one more in MBG/NBD.
        shape: of each customer's rate lambda: r + x.
        share: t / (alpha + T + t), from 0 up to but not including 1.
    """
    if a > LARGE or (b > 10 * LARGE).any() or (shape > 10 * LARGE).any():
        return _integrated(a=a, b=b, shape=shape, share=share)
    if abs(a - 1) >= NEAR_ONE:
        exact = _closed(a=a, b=b, shape=shape, share=share)
    else:
        low = _closed(a=1 - NEAR_ONE, b=b, shape=shape, share=share)
        high = _closed(a=1 + NEAR_ONE, b=b, shape=shape, share=share)
        exact = low + (high - low) * ((a - 1 + NEAR_ONE) / (2 * NEAR_ONE))
    wrong = ~np.isfinite(exact)
    if wrong.any():
        exact[wrong] = _integrated(a=a, b=b[wrong], shape=shape[wrong], share=share[wrong])
    return exact


def _closed(*, a: float, b: Floats, shape: Floats, share: Floats) -> Floats:
    """(a + b - 1) / (a - 1) · [1 - (1 - z)^(a - 1) · 2F1(a + b - 1 - shape, a - 1; a + b - 1; z)].

    Euler's transformation of the form in the papers: there both upper parameters of 2F1 grow with
    the visits, and 2F1 overflows while the power before it underflows. Here neither does.
    """
    below = a + b - 1
    below = np.where(np.abs(below) < POLE, POLE, below)
    series = gauss_series(below - shape, a - 1, below, share)
    return below / (a - 1) * (1 - (1 - share) ** (a - 1) * series)


def _integrated(*, a: float, b: Floats, shape: Floats, share: Floats) -> Floats:
    """The same by Gauss-Legendre over the quantiles of p."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    total = np.zeros_like(share)
    ratio = share / (1 - share)
    for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        chance = np.maximum(beta_quantile(a, b, node), 1e-12)
        total += weight * -np.expm1(-shape * np.log1p(chance * ratio)) / chance
    return total
