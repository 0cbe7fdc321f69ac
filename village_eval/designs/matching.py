"""Matching on the past.

Each listed village against the unlisted villages whose past looked most like its own.

The K nearest unlisted villages by what the list was drawn from and by the years before
(standardised, Euclidean). Levels after the start are compared, nothing is differenced: ATT = log
(Σ_L y / n_L) − log (Σ w y / Σ w), w how often a village was a match. Assumes that nothing but this
past sent a village onto the list. Where an assessment did, matches were listed for less and come
back less, so that its error goes the other way than DiD's (Ding & Li 2019); few villages of 1,000
are as bad as the worst 68.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs.declared import DeclaredDesign, described
from village_eval.expectation.listing import features
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.results import Estimate
from village_eval.expectation.series import Series
from village_eval.expectation.setting import Setting

REFERENCE = "Abadie & Imbens 2006; Ding & Li 2019"
NEIGHBOURS = 5
PAST_YEARS = 3


@described
def matching(
    panel: Panel,
    campaign: Campaign,
    *,
    outcome: str | Series | pd.DataFrame = "petitions",
    window: str = "first_year",
    given: Setting | None = None,
) -> Estimate:
    """Log ratio of means of listed and matched villages after the start.

    Jackknife with the matching redone.
    """
    s = given or setting(panel, campaign, outcome)
    refused = s.refusal(window, "matching") or _refusal(s, window, "matching")
    if refused:
        return refused
    known = comparable(s, window)
    y, listed, weights = (
        np.where(known, s.series.observed(0, window), 0),
        s.treated(0) * known,
        match_weights(s, known),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(listed @ y / listed.sum(1)) - np.log(weights @ y / weights.sum(1))
    return s.from_refits(values, window, "matching", REFERENCE)


def comparable(s: Setting, window: str) -> np.ndarray:
    """Villages that are known in the window and in the years matched on: bool [V].

    The others match nothing and are no match.
    """
    past = s.series.past(0, raw=True).blocks[:, :PAST_YEARS]
    return np.asarray(np.isfinite(s.series.observed(0, window)) & np.isfinite(past).all(1))


def match_weights(s: Setting, known: np.ndarray, neighbours: int = NEIGHBOURS) -> np.ndarray:
    """How often each unlisted ``known`` village is a match, over ``neighbours``: [R, V].

    In the full sample and in every refit.
    """
    listed, keep = s.panel.listed, s.rule.keep
    now = features(s.panel, s.campaign, s.rule.origin, s.rule.features)
    blocks = np.sqrt(
        np.maximum(np.nan_to_num(s.series.past(0, raw=True).blocks[:, :PAST_YEARS]), 0)
    )
    x = np.column_stack([now, (blocks - blocks.mean(0)) / np.maximum(blocks.std(0), 1e-12)])
    on, off = np.flatnonzero(listed & known), np.flatnonzero(~listed & known)
    distance = (x[on] ** 2).sum(1)[:, None] + (x[off] ** 2).sum(1) - 2 * x[on] @ x[off].T
    weights = np.zeros(keep.shape)
    for r, kept in enumerate(keep):
        mine, theirs = kept[on], off[kept[off]]
        nearest = np.argpartition(distance[mine][:, kept[off]], neighbours - 1, axis=1)[
            :, :neighbours
        ]
        weights[r] = np.bincount(theirs[nearest.ravel()], minlength=len(listed)) / neighbours
    return weights


def _refusal(s: Setting, window: str, design: str) -> Estimate | None:
    """Totals only, with enough unlisted villages in every refit to choose from."""
    if s.series.statistic != "total":
        return s.blank(window, design, reason="totals_only")
    known = comparable(s, window)
    fewest, listed = (
        (s.rule.keep & known & on).sum(1).min() for on in (~s.panel.listed, s.panel.listed)
    )
    return (
        s.blank(window, design, reason="too_few_unlisted")
        if fewest < 2 * NEIGHBOURS or not listed
        else None
    )


MATCHING = DeclaredDesign("matching", matching, ("matched",), beside="primary")
