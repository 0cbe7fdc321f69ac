"""How unlisted villages moved by how much trouble was listed around them: the common ground of displacement and spillover.

Nearly every township has listed villages, so near against far is blind to whole townships. Two doses are therefore asked:

- *township*: Y_g = c (U_g + b L_g) over townships g, where Y_g and U_g are the actual and expected petitions of unlisted
  villages and L_g those expected of the listed ones, by weighted least squares;
- *near* (with lon and lat): the same within townships, over villages, where each listed village's expected petitions are spread
  over its NEAREST neighbours.

b is petitions that turned up (b > 0) or went missing (b < 0) among the unlisted for each petition expected of the listed. In
quiet years the probability of being listed takes the place of the list, and their mean is subtracted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from village_eval.checks.beyond import Beyond, beyond_quiet_years
from village_eval.effects.setting import Setting
from village_eval.panel import Panel
from village_eval.results import Estimate

NEAREST = 6
"""Neighbours that a listed village's trouble would move to."""
LEAST_TOWNSHIPS = 6


@dataclass(frozen=True)
class Neighbours:
    """The slope b by township and, where places are known, within townships by nearness."""

    township: Beyond | None
    near: Beyond | None


def neighbours(s: Setting, estimate: Estimate) -> Neighbours:
    """Both slopes of one petition finding beyond its quiet years; None where they cannot be computed."""
    quiet = estimate.extra.get("q", []) if estimate.value is not None else []
    member = np.eye(s.panel.township.max() + 1)[s.panel.township]  # [V, G]
    if member.shape[1] < LEAST_TOWNSHIPS or not quiet:
        return Neighbours(None, None)
    near = nearest(s.panel)
    years = {q: _slopes(s, q, estimate.window, member, near) for q in [0, *quiet]}
    by_township, by_nearness = (beyond_quiet_years(years[0][k], [years[q][k] for q in quiet]) for k in (0, 1))
    return Neighbours(by_township, by_nearness)


def _slopes(s: Setting, q: int, window: str, member: np.ndarray, near: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """b by township and b by nearness in the year q, each [R]."""
    nothing = np.full(len(s.rule.keep), np.nan)
    y, expected = s.outcome.target(q, window), s.base(q, window, "history")
    if y is None or expected is None:
        return nothing, nothing
    treated = s.treated(q)
    control = s.rule.keep * 1.0 - treated
    expected = expected * ((control @ y) / (control * expected).sum(1))[:, None]
    listed, unlisted, actual = (treated * expected) @ member, (control * expected) @ member, (control * y) @ member
    with np.errstate(divide="ignore", invalid="ignore"):
        there = unlisted > 0
        dose, ratio = np.where(there, listed / unlisted, 0), np.where(there, actual / unlisted, 0)
        centred = dose - ((unlisted * dose).sum(1) / unlisted.sum(1))[:, None]
        slope = (unlisted * centred * ratio).sum(1) / (unlisted * centred * dose).sum(1)
        intercept = (unlisted * (ratio - slope[:, None] * dose)).sum(1) / unlisted.sum(1)
        township = slope / intercept
        if near is None:
            return township, nothing
        around = (treated * expected) @ near / expected  # [R, V]: what is listed nearby for each petition expected of oneself
        weight = control * expected
        level = (weight * around) @ member / np.where(there, unlisted, 1)
        centred = around - level @ member.T
        return township, (control * centred * y).sum(1) / (weight * centred * around).sum(1)


def nearest(panel: Panel) -> np.ndarray | None:
    """[V, V]: row j spreads the village j evenly over its nearest neighbours; None unless most villages have a place."""
    if not {"lon", "lat"} <= set(panel.villages):
        return None
    lon, lat = (pd.to_numeric(panel.villages[c], errors="coerce").to_numpy(float) for c in ("lon", "lat"))
    known = np.isfinite(lon) & np.isfinite(lat)
    if known.mean() < 0.8 or known.sum() <= NEAREST:
        return None
    x, y = lon * np.cos(np.radians(np.nanmean(lat))), lat
    distance = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
    distance[~known] = distance[:, ~known] = np.inf
    np.fill_diagonal(distance, np.inf)
    spread = np.zeros(distance.shape)
    rows = np.flatnonzero(known)
    spread[rows[:, None], np.argpartition(distance[rows], NEAREST, axis=1)[:, :NEAREST]] = 1 / NEAREST
    return spread
