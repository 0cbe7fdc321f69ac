"""Quiet years re-used: what a list of n villages would have shown in a year in which nothing was
done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.history import fit_history
from village_eval.expectation.listing import ListingRule, quiet_origins
from village_eval.expectation.series import petition_series
from village_eval.expectation.setting import DEPTH


@dataclass(frozen=True)
class QuietYear:
    """Petitions ``y`` of a window and what history led to ``expected`` (same total): [V] each.

    ``refits`` [1 + G, V]: the probability of being listed by the rule, and by the rule learned
    without each township (0 there).
    """

    year: int
    y: np.ndarray
    expected: np.ndarray
    refits: np.ndarray

    @property
    def probability(self) -> np.ndarray:
        return self.refits[0]


def quiet_years(
    panel: Panel, campaign: Campaign, rule: ListingRule, months: int, n: int
) -> list[QuietYear]:
    """The quiet years that observe ``months`` months from the campaign's calendar month, latest
    first, for lists of n villages."""
    made, shares = [], expectation(panel, campaign)
    for origin in quiet_origins(panel, campaign, (0, months)):
        y = panel.petitions[:, origin : origin + months].sum(1).astype(float)
        expected = shares(origin)
        if expected is None or y.sum() == 0:
            continue
        listed, rules = panel.listed.sum(), rule.probabilities(origin)
        refits = np.array(
            [inclusion(p, n * p.sum() / listed, k) for p, k in zip(rules, rule.keep, strict=True)]
        )
        made.append(QuietYear((panel.months[0] + origin).year, y, expected * y.sum(), refits))
    return made


def expectation(panel: Panel, campaign: Campaign) -> Callable[[int], np.ndarray | None]:
    """The history of petitions as every design fits it, on quiet years.

    Called with a column, it gives each village's expected share [V] of the petitions from there on,
    by at most DEPTH years before it; None when there is nothing before.
    """
    outcome = petition_series(panel, campaign)
    history = fit_history(
        [outcome.past(q, "first_year") for q in outcome.quiet["first_year"]], panel.population
    )

    def shares(origin: int) -> np.ndarray | None:
        past = replace(outcome, start=origin).past(0, length=min(origin, DEPTH * outcome.per_year))
        if not past.blocks.sum():
            return None
        expected = history.shares(past, panel.population)
        return expected / expected.sum()

    return shares


def inclusion(p: np.ndarray, n: float, keep: np.ndarray | None = None) -> np.ndarray:
    """Probabilities [V] moved by one constant on the logit scale so that they sum to n; 0 where not
    kept (bool [V])."""
    from scipy.optimize import brentq

    keep = np.ones(len(p), bool) if keep is None else keep
    score = logit(np.clip(p[keep], 1e-12, 1 - 1e-12))
    moved = np.zeros(len(p))
    moved[keep] = expit(score + brentq(lambda c: expit(score + c).sum() - n, -60, 60))
    return moved
