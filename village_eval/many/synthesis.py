"""Random-effects synthesis of one number over many counties.

y_c ~ N(x_c'β, v_c + τ²): τ² by restricted maximum likelihood, the error of β by Hartung & Knapp
(2001) and never below the plain one (Röver, Knapp & Friede 2015), with t of C − p degrees of
freedom; the prediction interval says where the next county's own effect may lie (Higgins, Thompson
& Spiegelhalter 2009). I² as Higgins & Thompson (2002) have it for τ². Egger et al. (1997) is the
regression on the standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import chdtrc, stdtrit

LARGEST = 4.0
"""No τ is looked for beyond so many standard deviations of the estimates."""


@dataclass(frozen=True, eq=False)
class Synthesis:
    """What C counties say together.

    ``beta`` [p] and ``covariance`` [p, p] (Hartung-Knapp), ``tau2``, ``i2`` (share of the variance
    between estimates that is heterogeneity), ``q`` and ``q_p`` (Cochran's test of τ² = 0), ``df``.
    """

    beta: np.ndarray
    covariance: np.ndarray
    tau2: float
    i2: float
    q: float
    q_p: float
    df: int

    @property
    def value(self) -> float:
        """The mean effect, or that of the first column."""
        return float(self.beta[0])

    @property
    def se(self) -> float:
        """Standard error of ``value``."""
        return float(np.sqrt(self.covariance[0, 0]))

    def prediction(self, se: float | None = None) -> tuple[float, float]:
        """Where 95 % of counties' own effects lie, the error of the mean allowed for.

        ``se`` stands in for that of ``value``.
        """
        spread = np.sqrt(self.tau2 + (self.se if se is None else se) ** 2)
        half = float(stdtrit(max(self.df, 1), 0.975) * spread)
        return self.value - half, self.value + half


def synthesis(y: np.ndarray, v: np.ndarray, x: np.ndarray | None = None) -> Synthesis:
    """Pool estimates ``y`` [C] with error variances ``v`` [C]; ``x`` [C, p], a constant if None.

    Raises ValueError with no more counties than columns.
    """
    x = np.ones((len(y), 1)) if x is None else x
    n, p = x.shape
    if n <= p:
        raise ValueError(f"{n} counties for {p} coefficients")
    tau2 = reml(y, v, x)
    beta, plain, squares = _fit(y, v + tau2, x)
    w = 1 / v
    _, _, q = _fit(y, v, x)
    inside = w - np.einsum("ci,ij,cj,c->c", x, np.linalg.inv((x.T * w) @ x), x, w**2)
    typical = (n - p) / inside.sum()
    covariance = plain * max(1.0, squares / (n - p))
    i2 = tau2 / (tau2 + typical)
    return Synthesis(beta, covariance, tau2, float(i2), q, float(chdtrc(n - p, q)), n - p)


def reml(y: np.ndarray, v: np.ndarray, x: np.ndarray) -> float:
    """τ² by restricted maximum likelihood, 0 where the likelihood falls from there."""
    top = LARGEST**2 * max(float(np.var(y)), 1e-12)

    def loss(tau2: float) -> float:
        w = 1 / (v + tau2)
        _, covariance, squares = _fit(y, v + tau2, x)
        return float(squares - np.log(w).sum() - np.linalg.slogdet(covariance)[1])

    # The likelihood may have its top at zero, where a search between bounds does not go.
    grid = np.concatenate([[0.0], np.geomspace(top * 1e-6, top, 40)])
    best = int(np.argmin([loss(t) for t in grid]))
    if best == 0:
        return 0.0
    low, high = grid[best - 1], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-12})
    return float(found.x)


def _fit(y: np.ndarray, total: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """β, (x'Wx)⁻¹ and the weighted sum of squares, W = 1 / total."""
    w = 1 / total
    covariance = np.linalg.inv((x.T * w) @ x)
    beta = covariance @ (x.T @ (w * y))
    rest = y - x @ beta
    return beta, covariance, float(rest @ (w * rest))


def small_counties(y: np.ndarray, v: np.ndarray) -> tuple[float, float] | None:
    """Egger's regression: slope on the standard error and its t (Hartung-Knapp); None below ten.

    Where small counties tell a larger effect than large ones, counties without one may be missing.
    """
    se = np.sqrt(v)
    if len(y) < 10 or np.ptp(se) < 1e-6:
        return None
    fit = synthesis(y, v, np.column_stack([se, np.ones(len(y))]))
    return fit.value, fit.value / fit.se
