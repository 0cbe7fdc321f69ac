"""What many counties' doses say together: measures, groups and the overall dose.

The same three levels as in one county: at level measure the log effect of a full dose, at levels
group and overall the mean over listed villages of what the doses given contributed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from village_eval.expectation.between_years import GRID, Mixture
from village_eval.expectation.multiplicity import holm
from village_eval.expectation.refits import Refits
from village_eval.many import dose_algebra as algebra
from village_eval.measures.doses import GROUP, IN_GROUP
from village_eval.words.vocabulary import MEASURE_GROUPS, MEASURES

CELLS = 10
"""From so many years of provinces on each is left out as a whole, with fewer single counties."""
FEWEST = 5
"""Counties without which nothing is pooled."""
CONTRASTS = (
    [("overall", None, None)]
    + [("group", None, g) for g in MEASURE_GROUPS]
    + [("measure", m, MEASURE_GROUPS[GROUP[k]]) for k, m in enumerate(MEASURES)]
)
"""Level, measure and group of each row, in order."""


NUMBERS = ("estimate", "se", "ci_low", "ci_high", "p_value", "p_adjusted")
WIDEST = 1.0
"""A standard error (log) from which on a number says nothing: −86 to +610 % and wider."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Dose scores of C counties, one outcome and one kind of year.

    ``precision`` [C, 17, 17], ``score`` [C, 17], mean doses ``dose`` [C, 17], ``villages`` [C],
    ``year`` and ``cell`` [C] numbered from 0 (calendar years; years of provinces), and ``county``
    [C], numbers of the counties: several rows may be of one.
    """

    precision: np.ndarray
    score: np.ndarray
    dose: np.ndarray
    villages: np.ndarray
    year: np.ndarray
    cell: np.ndarray
    county: np.ndarray

    @property
    def unit(self) -> np.ndarray:
        """What is left out at a time: years of provinces where there are enough, else counties."""
        return self.cell if self.cell.max() + 1 >= CELLS else self.county

    @property
    def contrasts(self) -> np.ndarray:
        """Weights [22, 17] of the rows of CONTRASTS."""
        mean = self.villages @ self.dose / self.villages.sum()
        return np.vstack([mean, mean * IN_GROUP.T, np.eye(len(MEASURES))])


@dataclass(frozen=True, eq=False)
class Pooled:
    """Estimates of CONTRASTS [22] with their errors; ``shock`` [K] are weights on GRID."""

    values: np.ndarray
    errors: list[Mixture]
    effective: np.ndarray
    shock: np.ndarray

    @property
    def se(self) -> np.ndarray:
        """Root mean squared errors [22]."""
        return np.array([e.sd for e in self.errors])

    @property
    def p_values(self) -> np.ndarray:
        """Two-sided [22]."""
        pairs = zip(self.values, self.errors, strict=True)
        return np.array([e.p_value(v) if e.sd > 0 else 1.0 for v, e in pairs])


def pool_doses(scores: Scores, shocks: bool = True) -> Pooled:
    """Pool; with ``shocks`` the error has its part for a shock common to a measure and a year."""
    contrasts, unit = scores.contrasts, scores.unit
    jackknife = Refits(contrasts @ algebra.refits(scores.precision, scores.score, unit))
    total = algebra.ridged(scores.precision.sum(0))
    model = np.einsum("ik,kl,il->i", contrasts, np.linalg.inv(total), contrasts)
    given = np.diag(scores.precision.sum(0)) > 0
    ratio = (jackknife.se**2 / np.maximum(model, 1e-300))[-len(MEASURES) :][given]
    inflation = float(np.mean(ratio)) if given.any() else 1.0
    shock, share = np.eye(1, len(GRID))[0], np.zeros(len(contrasts))
    if shocks:
        shock = algebra.shock_posterior(scores.precision, scores.score, scores.year, inflation)
        share = algebra.shock_share(scores.precision, scores.year, contrasts)
    effective = np.array([algebra.effective(scores.precision, unit, w) for w in contrasts])
    errors = [
        Mixture(np.sqrt(se**2 + k * GRID**2), shock, max(round(n) - 1, 1))
        for se, k, n in zip(jackknife.se, share, effective, strict=True)
    ]
    return Pooled(jackknife.value, errors, effective, shock)


def table(scores: Scores, found: Pooled, outcome: str) -> pd.DataFrame:
    """One row for each of CONTRASTS, p values by Holm within a level.

    Without numbers where it was never given, or where their error is WIDEST or more.
    """
    rows: list[dict[str, object]] = []
    given = scores.contrasts @ np.diag(scores.precision.sum(0)) > 0
    given &= np.array([error.sd < WIDEST for error in found.errors])
    p_values = found.p_values
    levels = [level for level, _, _ in CONTRASTS]
    adjusted: dict[int, float] = {}
    for level in dict.fromkeys(levels):
        at = [i for i, one in enumerate(levels) if one == level and given[i]]
        adjusted |= holm({i: float(p_values[i]) for i in at})
    dose, n = scores.dose, len(np.unique(scores.county))
    for i, (level, measure, group) in enumerate(CONTRASTS):
        members = _members(level, measure, group)
        counties = len(np.unique(scores.county[(dose[:, members] > 0).any(1)]))
        about = {"level": level, "measure": measure, "group": group, "outcome": outcome}
        about |= {"counties": counties, "counties_in_all": n, **dict.fromkeys(NUMBERS, np.nan)}
        if given[i]:
            half = found.errors[i].half
            value = float(found.values[i])
            about |= {"estimate": value, "se": float(found.errors[i].sd)}
            about |= {"ci_low": value - half, "ci_high": value + half}
            about |= {"p_value": float(p_values[i]), "p_adjusted": adjusted[i]}
        rows.append(about)
    return pd.DataFrame(rows)


def _members(level: str, measure: str | None, group: str | None) -> np.ndarray:
    if level == "overall":
        return np.arange(len(MEASURES))
    if level == "group":
        return np.flatnonzero(np.array(MEASURE_GROUPS)[GROUP] == group)
    return np.flatnonzero(np.array(MEASURES) == measure)
