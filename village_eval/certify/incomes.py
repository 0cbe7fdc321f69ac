"""Income of a simulated county's villages by source, with and without the campaign."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.certify.rates import autoregression
from village_eval.certify.scenarios import Scenario
from village_eval.county import accounts


class Income:
    """Yearly income by source [V, Y, 5] without the campaign.

    ``with_campaign`` adds what it does. ``years`` draws what years are like for the bottom, apart
    from ``rng``, so that a county with such years has the petitions of one without.
    """

    def __init__(self, s: Scenario, rng, years, months, township):
        self.s, self.rng, self.years = s, rng, years
        last = months[-1].year if months[-1].month == 12 else months[-1].year - 1
        self.periods = pd.period_range(str(months[0].year), str(last), freq="Y-DEC")
        n, k = s.n_villages, len(self.periods)
        level = 10.3 + rng.normal(0, s.income_sd, n) + rng.normal(0, 0.15, s.n_townships)[township]
        if s.concentrated:
            level = level + np.log(20) * (rng.random(n) < s.concentrated)
        growth = np.cumsum(rng.normal(0.04, 0.03, k))
        year = autoregression(rng, n, k, s.income_year_sd, s.income_year_memory)
        operating = np.exp(level[:, None] + growth + year + rng.normal(0, 0.08, (n, k)))
        contracting = np.exp(
            level[:, None]
            - 0.3
            + 0.5 * growth
            + rng.normal(0, 0.6, n)[:, None]
            + 0.5 * year
            + rng.normal(0, 0.05, (n, k))
        )
        earns = np.repeat((rng.random(n) >= s.never_earn)[:, None], k, 1)
        for t in range(1, k):
            moves = rng.random(n) < s.zeros_move * np.where(earns[:, t - 1], 0.2, 1.0)
            earns[:, t] = np.where(moves, ~earns[:, t - 1], earns[:, t - 1])
        leases = (rng.random(n) >= 0.2)[:, None] & earns
        contracting = contracting * leases
        if s.one_off:
            contracting += (rng.random((n, k)) < s.one_off) * 1e6 * rng.lognormal(0, 0.8, (n, k))
        investment = np.exp(rng.normal(8.5, 1.0, (n, k))) * (rng.random((n, k)) < 0.25)
        subsidy = np.exp(rng.normal(9.1, 0.8, (n, k)))
        other = np.exp(rng.normal(7.5, 1.0, (n, k))) * (rng.random((n, k)) < 0.35)
        self.array = np.stack(
            [operating * earns, contracting, investment, subsidy, other], 2
        ).round()

    def earned_before(self, month: pd.Period) -> np.ndarray:
        """Operating plus contracting in the calendar year before a month's [V].

        The earliest year where that is not known.
        """
        year = month.year - 1 - self.periods[0].year
        return self.array[:, int(np.clip(year, 0, len(self.periods) - 1)), :2].sum(1)

    def year_at_the_bottom(self, bottom, origin: pd.Period) -> None:
        """A good or bad year, and the drift, of the villages that are worst at ``origin``.

        By their weights ``bottom`` [V]. The drift stays, the year passes. The year is the one in
        which a campaign that began then would be looked for.
        """
        s, year = self.s, origin.year + (origin.month > 6) - self.periods[0].year
        if not (s.income_bottom_sd or s.income_drift) or year >= len(self.periods):
            return
        self.array[:, year, :2] *= np.exp(self.years.normal(0, s.income_bottom_sd) * bottom)[
            :, None
        ]
        self.array[:, year:, :2] *= np.exp(s.income_drift * bottom)[:, None, None]
        self.array = self.array.round()

    def _as_kept(self, income: np.ndarray) -> np.ndarray:
        """Income as the accounts of its year have it (county/accounts.py)."""
        if self.s.new_accounts is None:
            return income
        income, new = income.copy(), np.array([p.year >= accounts.FIRST for p in self.periods])
        moved = income[:, new, 1]
        income[:, new, 0] += (1 - self.s.new_accounts) * moved
        income[:, new, 2] += self.s.new_accounts * moved
        income[:, new, 1] = 0.0
        return income.round()

    def with_campaign(self, listed, start) -> tuple[np.ndarray, dict[str, float]]:
        """Income with the campaign's effect on earnings and its subsidies, and the truth.

        The truth is log effects on the totals.
        """
        s = self.s
        self.array[listed, :, 1] = (self.array[listed, :, 1] * s.listed_lease).round()
        income = self.array.copy()
        year = start.year + (start.month > 6) - self.periods[0].year
        if year >= len(self.periods):
            return self._as_kept(income), {}
        income[listed, year:, :2] *= np.exp(s.income_effect)
        if (
            start.month > 6
        ):  # the year of the start has a part of it, and is not the year that is looked at
            income[listed, year - 1, :2] *= np.exp(s.income_effect * (13 - start.month) / 12)
        income[listed, year, 3] += s.subsidy
        income, before = self._as_kept(income.round()), self._as_kept(self.array)
        truth = {}
        parts = {
            "operating_income": [0],
            "earned_income": [0, 1],
            "total_income": [0, 1, 2, 3, 4],
        }
        if s.new_accounts is not None:
            parts["own_income"] = [0, 1, 2]
        for name, sources in parts.items():
            with_it, without = (a[listed][:, year, sources].sum() for a in (income, before))
            truth[f"{name}.first_year"] = float(np.log(with_it / without))
        truth["earned_income.first_year.typical"] = s.income_effect
        truth["earned_income.first_year.share_earning"] = 0.0
        return income, truth
