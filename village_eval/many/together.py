"""One headline of many counties together: one rule a county, the jackknife over counties.

Each county keeps its own rule, history and yardstick; only sums pass between counties. K counties,
Q quiet years; w the weights of the listed, u those of the unlisted, E what history leads to expect
(expectation/headline.py). Of county k in the year q

    m_kq = Σ w y,   e_kq = Σ w E · Σ u y / Σ u E:

what its listed showed, and what they would have shown had they kept step with its unlisted. Then

    τ_q = log(Σ_k m_kq / Σ_k e_kq),   effect = mean_q (τ_c − τ_q),

which for one county is its headline. A refit leaves one county out, so that nothing is fitted
again: the error costs a sum. Each year's reversion slope is the mean of the counties' slopes by the
petitions that they rest on, and is taken off as in one county (expectation/reversion.py). Where
all counties began in one year, what that year did to all of them is no part of the jackknife; the
between-year part, from quiet years that they share too, stands for it.

The effect is on petitions: a busy county counts as much as its petitions. How counties differ, and
what holds of a typical one, is what pooling asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.designs.quiet_year_did import REFERENCE, unlike_years
from village_eval.expectation import headline, reversion
from village_eval.expectation.between_years import COUNTS_SCALE, GRID
from village_eval.expectation.headline import log_ratio, weighted_sum
from village_eval.expectation.listing import learn_rule
from village_eval.expectation.panel_settings import setting, unusable
from village_eval.expectation.refits import Refits
from village_eval.expectation.results import Estimate, Reversion
from village_eval.expectation.setting import Setting

MOST = 0.5
"""A quiet year is used if more than this share of the counties has it."""


class Sums(NamedTuple):
    """What one county gives.

    ``blank``: its question, and how many are listed and not. ``years``: by quiet year, of the
    campaign's year and of that one [2], what refits add up [2, 5]: m, e, e with the year's own
    slope taken out, v β and v, the petitions that the slope rests on.
    """

    blank: Estimate
    years: dict[int, np.ndarray]
    unlike: bool


def sums(panel: Panel, campaign: Campaign, window: str = "first_year") -> Sums:
    """The sums of one county; ValueError with the reason where it has none."""
    why = unusable(panel, campaign)
    if why is not None:
        raise ValueError(why)
    given = setting(panel, campaign, "petitions", learn_rule(panel, campaign, refits=False))
    refused = given.refusal(window, "quiet_year_did")
    if refused is not None:
        raise ValueError(refused.reason)
    quiet = given.series.quiet[window]
    years = {
        q: np.array([_year(given, year, window, given.depth(q)) for year in (0, q)]) for q in quiet
    }
    years = {q: added for q, added in years.items() if np.isfinite(added).all()}
    if not years:
        raise ValueError("no_quiet_year")
    return Sums(
        given.blank(window, "quiet_year_did", reference=REFERENCE),
        years,
        unlike_years(given, quiet),
    )


def _year(given: Setting, q: int, window: str, depth: int) -> tuple[float, ...]:
    y = given.series.observed(q, window)
    known = np.isfinite(y)
    y = np.where(known, y, 0.0)
    w, u = given.treated(q)[0] * known, given.control(q)[0] * known
    E = np.stack([given.expectation(q, window, depth)[0], given.tilted(q, window, depth)[0]])
    due = weighted_sum(w, E) / weighted_sum(u, E) * (u @ y)
    v = given.rule.unlikely(q)[0] @ y
    return float(w @ y), *due.tolist(), float(v * given.slope(q, window, depth)[0]), float(v)


def together(
    counties: Iterable[tuple[Panel, Campaign]], window: str = "first_year"
) -> tuple[Estimate, dict[int, str]]:
    """The headline of all counties, and by number those that are left out with the reason.

    Of a county only its sums are kept: read counties one by one. ValueError with fewer than two
    that can be used.
    """
    kept: list[Sums] = []
    left_out: dict[int, str] = {}
    for k, (panel, campaign) in enumerate(counties):
        try:
            kept.append(sums(panel, campaign, window))
        except ValueError as why:
            left_out[k] = str(why)
    if len(kept) < 2:
        raise ValueError(f"two counties are needed, {len(kept)} can be used: {left_out}")
    return combined(kept), left_out


def combined(counties: Sequence[Sums]) -> Estimate:
    """The headline from the sums of K ≥ 2 counties."""
    K = len(counties)
    had = [q for c in counties for q in c.years]
    years = [q for q in sorted(set(had)) if had.count(q) > MOST * K]
    nothing = np.zeros((2, 5))
    each = np.array([[c.years.get(q, nothing) for q in years] for c in counties])  # [K, Q, 2, 5]
    total = each.sum(0)
    m, e, straight, slope, v = np.moveaxis(np.stack([total, *(total - each)], -1), -2, 0)
    tau, L, b = log_ratio(m, e), log_ratio(m, straight), slope / v  # [Q, 2, R]
    effect = partial(headline.quiet_year_did, tau[:, 0], scale=COUNTS_SCALE)
    plain = effect(tau[:, 1])
    unlike = bool(np.mean([c.unlike for c in counties]) > MOST)
    found = reversion.correct(plain.gaps.values, L[:, 0] - L[:, 1], b[:, 0] - b[:, 1], unlike)
    did = effect(tau[:, 1] + found.gaps, unseen=float(found.unseen))
    uncorrected = float(plain.value)
    return replace(
        counties[0].blank,
        value=float(did.value),
        error=did.error(K - 1),
        refits=Refits(did.gaps.values.mean(0)),
        reversion=Reversion(
            uncorrected,
            plain.error(K - 1).p_value(uncorrected),
            corrected=float((L[:, 0] - L[:, 1])[:, 0].mean()),
            weight=float(found.weight),
            delta=float(found.delta),
            se=float(found.se),
            df=K - 1,
            spread=float(found.spread),
            declared=unlike,
        ),
        within_se=float(did.within),
        within_df=K - 1,
        prior_scale=COUNTS_SCALE,
        between_sd=float(np.sqrt(did.weights @ GRID**2)),
        n_treated=sum(c.blank.n_treated for c in counties),
        n_control=sum(c.blank.n_control for c in counties),
        n_clusters=K,
    )
