"""Quiet years re-used as trials of a list.

What a list of n villages would have shown in a year in which nothing was done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logit

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.headline import probabilities
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
        """Of being listed that year [V], of the whole county."""
        return self.refits[0]


class QuietYears:
    """The quiet years of one panel, made once for every window and size of list."""

    def __init__(self, panel: Panel, campaign: Campaign, rule: ListingRule) -> None:
        self.panel, self.campaign, self.rule = panel, campaign, rule
        self._shares = expectation(panel, campaign)
        self._made: dict[tuple[int, int], list[QuietYear]] = {}

    def of(self, months: int, n: int) -> list[QuietYear]:
        """Those that observe ``months`` months from the campaign's calendar month, latest first.

        For lists of n villages.
        """
        if (months, n) not in self._made:
            origins = quiet_origins(self.panel, self.campaign, (0, months))
            years = [self._year(origin, months, n) for origin in origins]
            self._made[months, n] = [year for year in years if year is not None]
        return self._made[months, n]

    def _year(self, origin: int, months: int, n: int) -> QuietYear | None:
        y = self.panel.petitions[:, origin : origin + months].sum(1).astype(float)
        expected = self._shares(origin)
        if expected is None or y.sum() == 0:
            return None
        # Moved by one constant on the logit scale, in each refit.
        p = self.rule.probabilities(origin)
        score = logit(np.clip(p, 1e-12, 1 - 1e-12))
        size = n * p.sum(1) / self.panel.listed.sum()
        refits = probabilities(score, self.rule.keep, size)
        return QuietYear((self.panel.months[0] + origin).year, y, expected * y.sum(), refits)


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
