"""Permutation with lists drawn from the learned rule.

What if the same rule, with other luck, had listed other villages?

Uniform permutation would compare the listed with villages that no rule lists, and call their return
to the mean an effect. Here lists of the same size are drawn by the rule's probabilities p
(systematic sampling: village i is on a list with probability p_i), each gets the campaign year's
contrast, and the actual list's contrast is ranked among them. The actual list's villages take part,
as in any permutation test: where the rule all but determines the list (``overlap`` near one), drawn
lists hold the treated villages themselves and the test can hardly see any effect. Read it with its
overlap.

Years that return to the mean otherwise need no correction here: drawn lists have the levels of the
actual one, in the same year.
"""

from __future__ import annotations

import numpy as np

from village_eval.expectation.headline import log_ratio
from village_eval.expectation.listing import ListingRule
from village_eval.expectation.results import Estimate, Permutation
from village_eval.expectation.setting import Setting

PER_ORDER = 20
"""Lists drawn from one random order of the villages, with different starts: sorting is what takes
time."""


def draw_lists(p: np.ndarray, draws: int, seed: int = 1) -> np.ndarray:
    """Lists drawn with inclusion probabilities ``p`` [V]: bool [draws, V].

    Their sizes are Σp rounded up or down (Madow 1949).
    """
    rng = np.random.default_rng(seed)
    lists = np.zeros((draws, len(p)), bool)
    for first in range(0, draws, PER_ORDER):
        order = rng.permutation(len(p))
        starts = rng.random((min(PER_ORDER, draws - first), 1))
        passed = np.floor(np.cumsum(p[order]) + starts)
        before = np.hstack([np.zeros_like(starts), passed[:, :-1]])
        lists[first : first + PER_ORDER, order] = passed > before
    return lists


def lists_of(rule: ListingRule, draws: int, seed: int = 1) -> np.ndarray:
    """Lists of the campaign year drawn by a rule: bool [draws, V]."""
    return draw_lists(_probability(rule), draws, seed)


def _probability(rule: ListingRule) -> np.ndarray:
    return np.asarray(rule.probabilities(rule.origin)[0])


def permutation(
    setting: Setting,
    estimate: Estimate,
    draws: int = 9999,
    seed: int = 1,
    lists: np.ndarray | None = None,
) -> Permutation:
    """Rank of the campaign year's log contrast among lists drawn from the rule.

    History as base. Totals only (ratio of sums).

    ``lists`` bool [draws, V] are the county's draws (``lists_of``) where they are made already.
    """
    window = estimate.window
    y, base = setting.series.observed(0, window), setting.expectation(0, window)[0]
    known = np.isfinite(y) & np.isfinite(base)
    y, base = np.where(known, y, 0.0), np.where(known, base, 0.0)
    lists = lists_of(setting.rule, draws, seed) if lists is None else lists

    def contrast(drawn: np.ndarray) -> np.ndarray:
        on = drawn.astype(np.float32) @ np.column_stack([y, base]).astype(np.float32)
        off = np.array([y.sum(), base.sum()]) - on
        return np.asarray(log_ratio(on[:, 0], on[:, 1]) - log_ratio(off[:, 0], off[:, 1]))

    reference = contrast(lists)
    reference = reference[np.isfinite(reference)]
    actual = contrast(setting.panel.listed[None, :])[0]
    centre = reference.mean()
    extreme = np.abs(reference - centre) >= abs(actual - centre)
    p_value = float((1 + extreme.sum()) / (len(reference) + 1))
    overlap = float(_probability(setting.rule)[setting.panel.listed].mean())
    return Permutation(p_value, float(centre), float(reference.std()), overlap)
