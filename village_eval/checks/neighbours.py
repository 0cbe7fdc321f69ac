"""How unlisted villages moved by how much trouble was listed around them.

The common ground of displacement and spillover.

Nearly every township has listed villages, so near against far is blind to whole townships. Several
doses are therefore asked:

- *township*: Y_g = c (U_g + b L_g) over townships g, where Y_g and U_g are the actual and expected
  petitions of unlisted villages and L_g those expected of the listed ones, by weighted least
  squares;
- *moved* (with lon and lat): the same over villages within townships, where each listed village's
  expected petitions are spread over its NEAREST neighbours: trouble that moves comes in proportion
  to the trouble there was;
- *gained*: within townships by how many listed villages have a village among their nearest: what
  neighbours gain comes in proportion to their own petitions.

b is petitions that turned up (b > 0) or went missing (b < 0) among the unlisted for each petition
expected of the listed. In quiet years the probability of being listed takes the place of the list,
and their mean is subtracted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from village_eval.county.panel import Panel
from village_eval.expectation.beyond import Beyond, beyond_quiet_years
from village_eval.expectation.results import Estimate
from village_eval.expectation.setting import Setting

NEAREST = 6
"""Neighbours that a listed village's trouble would move to."""
LEAST_TOWNSHIPS = 6


@dataclass(frozen=True)
class Neighbours:
    """The slope b by township and by nearness.

    The latter, where places are known, within townships by what is listed nearby.
    """

    township: Beyond | None
    moved: Beyond | None
    gained: Beyond | None


def neighbours(setting: Setting, estimate: Estimate) -> Neighbours:
    """The slopes of one petition finding beyond its quiet years.

    None where they cannot be computed.
    """
    quiet = estimate.years
    member = np.eye(setting.panel.township.max() + 1)[setting.panel.township]  # [V, G]
    if member.shape[1] < LEAST_TOWNSHIPS or not quiet:
        return Neighbours(None, None, None)
    near = nearest(setting.panel)
    years = {q: _slopes(setting, q, estimate.window, member, near) for q in [0, *quiet]}
    return Neighbours(
        *(
            beyond_quiet_years(years[0][k], [years[q][k] for q in quiet], setting.df)
            for k in range(3)
        )
    )


def _slopes(
    setting: Setting, q: int, window: str, member: np.ndarray, near: np.ndarray | None
) -> tuple[np.ndarray, ...]:
    """b by township, by trouble nearby and by listed villages nearby in the year q, each [R]."""
    nothing = np.full(len(setting.rule.keep), np.nan)
    y, expected = setting.series.target(q, window), setting.base(q, window, "history")
    if y is None or expected is None:
        return nothing, nothing, nothing
    treated, control = setting.treated(q), setting.control(q)
    expected = expected * ((control @ y) / (control * expected).sum(1))[:, None]
    listed, unlisted, actual = (
        (treated * expected) @ member,
        (control * expected) @ member,
        (control * y) @ member,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        there = unlisted > 0
        dose, ratio = np.where(there, listed / unlisted, 0), np.where(there, actual / unlisted, 0)
        centred = dose - ((unlisted * dose).sum(1) / unlisted.sum(1))[:, None]
        slope = (unlisted * centred * ratio).sum(1) / (unlisted * centred * dose).sum(1)
        intercept = (unlisted * (ratio - slope[:, None] * dose)).sum(1) / unlisted.sum(1)
        if near is None:
            return slope / intercept, nothing, nothing
        weight = control * expected

        def within(dose: np.ndarray) -> np.ndarray:
            level = (weight * dose) @ member / np.where(there, unlisted, 1)
            centred = dose - level @ member.T
            return np.asarray((control * centred * y).sum(1) / (weight * centred * dose).sum(1))

        count = treated @ near
        per_petition = (weight * count).sum(1) / (treated * expected).sum(1)
        return (
            slope / intercept,
            within((treated * expected) @ near / expected),
            within(count) * per_petition,
        )


def nearest(panel: Panel) -> np.ndarray | None:
    """[V, V]: row j spreads the village j evenly over its nearest neighbours.

    None unless most villages have a place.
    """
    if not {"lon", "lat"} <= set(panel.villages):
        return None
    lon, lat = (
        pd.to_numeric(panel.villages[c], errors="coerce").to_numpy(float) for c in ("lon", "lat")
    )
    known = np.isfinite(lon) & np.isfinite(lat)
    if known.mean() < 0.8 or known.sum() <= NEAREST:
        return None
    from scipy.spatial import KDTree

    rows = np.flatnonzero(known)
    places = np.column_stack([lon * np.cos(np.radians(np.nanmean(lat))), lat])[rows]
    near = KDTree(places).query(places, NEAREST + 1)[1]
    # The village itself is among them, first unless others lie at the same place.
    itself = near == np.arange(len(rows))[:, None]
    itself[~itself.any(1), -1] = True
    spread = np.zeros((len(known), len(known)))
    spread[rows[:, None], rows[near[~itself].reshape(-1, NEAREST)]] = 1 / NEAREST
    return spread
