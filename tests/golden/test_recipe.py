"""A second implementation of the headline, from the section "The whole recipe" of docs/designs.md
alone: it agrees with the package to 1e-6.

Of the package it uses a panel's arrays and a campaign's dates, nothing else.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special, stats

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.designs import quiet_year_did
from village_eval.expectation.panel_settings import setting

SMALL = {"n_villages": 240, "n_townships": 9, "n_listed": 26}


def recipe(panel, campaign, window, income=None, typical=False):
    """{value, within, se, low, high} of petitions in a window [a, b), or of yearly ``income``."""
    villages, months = panel.villages, panel.petitions.shape[1]
    listed, town = villages["listed"].to_numpy() == 1, villages["township_code"]
    n = pd.to_numeric(villages["population"], errors="coerce").where(lambda p: p > 0)  # 1
    n = n.fillna(n.groupby(town).transform("median")).fillna(n.median()).fillna(1.0).to_numpy()
    c = (pd.Period(campaign.start, "M") - panel.months[0]).n
    f, stop = ((m - pd.Period(campaign.start, "M")).n for m in campaign.listing_window)
    stop += 1
    quiet = [
        q for q in range(1, months // 12 + 1) if c - 12 * q + f >= 0 and window[1] <= 12 * q
    ]  # 2
    years, yuan = panel.annual_income

    def earned(s):
        at = np.flatnonzero(years == (panel.months[0] + s).year - 1)
        e = yuan[:, at[0], 0] + yuan[:, at[0], 1] if len(at) else np.full(len(n), np.nan)
        return e if np.isfinite(e).mean() > 0.5 else np.full(len(n), np.nan)

    def seen(s):  # 3
        w = panel.petitions[:, s + f : s + stop].sum(1)
        before = panel.petitions[:, max(s + f - 12, 0) : s + f]
        before = before if before.shape[1] >= 6 else panel.petitions[:, :12]
        x = [np.sqrt(w), np.sqrt(1000 * w / n), np.log(n), np.log1p(np.maximum(earned(s), 0))]
        x += [np.sqrt(panel.petitions[:, max(s + stop - 3, 0) : s + stop].sum(1))]
        x += [np.sqrt(12 / before.shape[1] * before.sum(1))]
        x += [pd.Series(w).groupby(town).rank(pct=True).to_numpy()]
        if not np.isfinite(earned(c)).any():
            del x[3]
        x = np.ma.masked_invalid(np.column_stack(x))
        return ((x - x.mean(0)) / np.where(x.std(0).filled(0) > 0, x.std(0).filled(1), 1)).filled(0)

    keep = [np.ones(len(n), bool)] + [(town != t).to_numpy() for t in sorted(set(town))]
    design, rules = np.column_stack([np.ones(len(n)), seen(c)]), []
    penalty = np.r_[1e-6, np.ones(design.shape[1] - 1)]
    for k in keep:  # 4
        x, y = design[k], listed[k]
        fit = optimize.minimize(
            lambda b, x=x, y=y: (np.logaddexp(0, x @ b) - y * (x @ b)).sum() + penalty @ b**2 / 2,
            np.zeros(len(penalty)),
            jac=lambda b, x=x, y=y: x.T @ (special.expit(x @ b) - y) + penalty * b,
            hess=lambda b, x=x: (
                (x.T * special.expit(x @ b) * special.expit(-x @ b)) @ x + np.diag(penalty)
            ),
            method="trust-exact",
            options={"gtol": 1e-9},
        )
        rules.append(fit.x)

    def chance(q, r):
        score, wanted = seen(c - 12 * q) @ rules[r][1:], (listed & keep[r]).sum()
        shift = optimize.brentq(
            lambda z: special.expit(score + z)[keep[r]].sum() - wanted, -60, 60, xtol=1e-13
        )
        return special.expit(score + shift)

    def weights(q, r):
        p = chance(q, r) if q else listed * 1.0
        return p * keep[r], (1 - p) * keep[r]

    if income is None:
        values, per, start, lag = panel.petitions.astype(float), 12, c, 0
    else:
        values, per, lag = income, 1, int(campaign.start.month > 6)
        start, window = campaign.start.year + lag - int(years[0]), (0, 1)
        quiet = [
            q for q in quiet if start - q - lag >= 1 and years[0] + start - q < campaign.start.year
        ]

    def unusual(s):
        at = panel.months[0].ordinal + s + np.arange(12)
        return (
            np.mean([any(a.ordinal <= m <= b.ordinal for a, b in campaign.unusual) for m in at])
            > 0.5
        )

    def target(q, a=window[0], b=window[1]):
        return values[:, start - per * q + a : start - per * q + b].sum(1)

    def blocks(q, depth=10**6):
        end = start - per * (q + lag)
        ends = [e for e in range(end, 0, -per) if e > end - depth]
        return np.column_stack([values[:, max(e - per, end - depth, 0) : e].sum(1) for e in ends])

    scale = 1.0 if income is None else np.nanmean([target(q) for q in quiet])

    def loss(z):  # 5
        a, d, w = np.exp(z[0]), special.expit(z[1]), n ** z[2]
        total = ((z - [np.log(2), 1.4, 0.5]) ** 2 / np.array([2, 1.5, 0.5]) ** 2).sum() / 2
        first = (0, 12) if income is None else (0, 1)
        for q in quiet_first:
            past, y = blocks(q) / scale, target(q, *first) / scale
            if income is not None:
                past, y = np.maximum(past, 0), np.maximum(y, 0)
            k, known = d ** np.arange(past.shape[1]), np.isfinite(past)
            past, here = np.where(known, past, 0), np.isfinite(y)
            s, b = a + past @ k, a + w * (known @ (k * past.sum(0) / (w @ known)))
            s, b, y = s[here], b[here], y[here]
            e = w[here] * y.sum() / (w[here] * s / b).sum()
            if income is None:
                total -= (
                    special.gammaln(s + y)
                    - special.gammaln(s)
                    - s * np.log1p(e / b)
                    + y * np.log(e / (b + e))
                ).sum()
            else:
                total += (special.xlogy(y, y / (e * s / b)) - y + e * s / b).sum()
        return total

    quiet_first = (
        [q for q in range(1, months // 12 + 1) if c - 12 * q + f >= 0] if income is None else quiet
    )
    bounds, fine = [(-4, 6), (-3, 6), (-0.5, 1.5)], {"xatol": 1e-8, "fatol": 1e-11, "maxiter": 2000}
    best = optimize.minimize(loss, [np.log(2), 1.4, 0.5], method="L-BFGS-B", bounds=bounds)
    best = optimize.minimize(loss, best.x, method="Nelder-Mead", bounds=bounds, options=fine)
    a, d, g = np.exp(best.x[0]) * scale, special.expit(best.x[1]), best.x[2]

    def expectation(q, depth, r):  # 6
        past, w = blocks(q, depth), n**g
        k, known = d ** np.arange(past.shape[1]), np.isfinite(past)
        past = np.where(known, past, 0)
        rate = keep[r] @ past / (keep[r] @ (w[:, None] * known))
        return w * (a + np.maximum(past @ k, 0)) / (a + w * (known @ (k * rate)))

    def tau(q, depth, r):  # 7
        y, e, (on, off) = target(q), expectation(q, depth, r), weights(q, r)
        if not typical:
            y, e = np.nan_to_num(y), np.where(np.isfinite(y), e, 0)
            return np.log(on @ y / (on @ e)) - np.log(off @ y / (off @ e))
        earns = (y > 0) & (e > 0) & (blocks(q)[:, 0] > 0)
        whole = np.median(np.log(y / expectation(q, depth, 0))[earns])
        change = np.where(
            earns,
            np.clip(np.log(np.where(earns, y / e, 1)), whole - np.log(5), whole + np.log(5)),
            0,
        )
        return on @ change / (on @ earns) - off @ change / (off @ earns)

    def straight(q, depth, r):
        y, e, (on, off) = target(q), expectation(q, depth, r), weights(q, r)
        z = np.log(e / n**g)
        z = (z - z[keep[r]].mean()) / z[keep[r]].std()
        far = off * (1 - chance(q, r))
        wanted = (far * z) @ y / (far @ y)
        beta = optimize.brentq(
            lambda b: (far * z) @ (e * np.exp(b * z)) / (far @ (e * np.exp(b * z))) - wanted,
            -5,
            5,
            xtol=1e-14,
        )
        tilted = e * np.exp(beta * z)
        return beta, np.log(on @ y / (on @ tilted)) - np.log(off @ y / (off @ tilted))

    depth = {q: min(3 * per, start - per * (q + lag)) for q in quiet}
    refits, townships, count = range(len(keep)), len(keep) - 1, len(quiet)

    def covariance(x):
        away = x[:, 1:] - x[:, :1]
        return (townships - 1) / townships * away @ away.T

    tau_q = np.array([[tau(q, depth[q], r) for r in refits] for q in quiet])
    v = np.array([[tau(0, depth[q], r) for r in refits] for q in quiet]) - tau_q
    grid = np.r_[np.arange(61) * 0.005, 0.31 + 0.01 * np.arange(70)]  # 9
    widths = np.r_[grid[1], grid[2:] - grid[:-2], 0.01] / 2
    more, moderation = 0.0, 1.0

    def psi(q, depth):
        y, e = target(q), expectation(q, depth, 0)
        parts = [w * (y - w @ y / (w @ e) * e) / (w @ y) for w in weights(q, 0)]
        return parts[0] - parts[1]

    if income is None:
        there = np.array([psi(q, depth[q]) for q in quiet])  # 8
        apart = np.array([psi(0, depth[q]) for q in quiet]) - there
        shared = np.trace(covariance(tau_q)) / (there**2).sum()
        moderation = (apart.mean(0) @ apart.mean(0) * shared / covariance(v).mean()) ** (
            count / (1 + count)
        )
        pairs = np.array(
            [
                [np.subtract(straight(0, depth[q], r), straight(q, depth[q], r)) for r in refits]
                for q in quiet
            ]
        )
        b, c_q = pairs[..., 0], v - pairs[..., 1]
        cov = covariance(b)
        delta, variance = b[:, 0].mean(), cov.mean()
        log_likelihood = [
            stats.multivariate_normal.logpdf(
                b[:, 0], None, cov + (phi**2 + 1e-10) * (np.eye(count) + 1), allow_singular=True
            )
            for phi in grid
        ]
        posterior = stats.t.pdf(grid / 0.02, 3) * widths
        posterior *= np.exp(log_likelihood - np.max(log_likelihood))
        posterior /= posterior.sum()
        share = grid**2 * (1 + 1 / count)
        share /= share + variance
        w = posterior @ share
        doubt = posterior @ share**2 - w**2
        odd = [unusual(c - 12 * q) for q in quiet]
        sure = abs(delta) > np.sqrt(variance) * stats.t.ppf(0.925, townships - 1)
        if sure or unusual(c) or np.mean(odd) > 0.5:
            w, doubt = 1.0, 0.0
        mean_c = c_q.mean(0, keepdims=True)
        more = (w - w**2) * covariance(mean_c)[0, 0] + doubt * mean_c[0, 0] ** 2
        v = v - w * c_q
    s = covariance(v) * moderation
    prior = 0.02 if income is not None else 0.025 if count > 1 else 0.03
    weight = stats.t.pdf(grid / prior, 3) * widths
    one, v = np.ones(count), v[:, 0]
    log_likelihood = np.zeros(len(grid))
    for j, sigma in enumerate(grid if count > 1 else ()):
        inverse = np.linalg.inv(whole := s + (sigma**2 + 1e-10) * np.eye(count))
        off = v - (one @ inverse @ v) / (one @ inverse @ one)
        log_likelihood[j] = (
            -(np.linalg.slogdet(whole)[1] + np.log(one @ inverse @ one) + off @ inverse @ off) / 2
        )
    weight = weight * np.exp(log_likelihood - log_likelihood.max())
    weight = weight / weight.sum()
    within = max(np.sqrt(s.mean() + more), 0.0 if income is None else 0.015)
    scales = np.sqrt(within**2 + (1 + 1 / count) * grid**2)  # 10
    df = town[listed].nunique() - 1
    df = df if income is not None else int(df * (1 + count / 4))
    half = optimize.brentq(lambda x: weight @ stats.t.cdf(x / scales, df) - 0.975, 0, 60)
    value = v.mean()
    return {
        "value": value,
        "within_se": within,
        "se": np.sqrt(weight @ scales**2),
        "ci_low": value - half,
        "ci_high": value + half,
    }


def missing(made, population=False, income=False):
    """The county without every ninth population, or every fourth village's income of a year."""
    panel, at = made.panel, np.arange(len(made.panel.villages))
    if population:
        blank = panel.villages["population"].where(at % 9 != 0)
        panel = replace(panel, villages=panel.villages.assign(population=blank))
    if income:
        values = panel.income.copy()
        values[at % 4 == 0, -3] = np.nan
        panel = replace(panel, income=values)
    return replace(made, panel=panel)


COUNTIES = {
    "plain": lambda: simulate(replace(SCENARIOS["plain"], **SMALL), 11, parts=False),
    "covid_up": lambda: simulate(replace(SCENARIOS["covid_up"], **SMALL), 16, parts=False),
    "declared": lambda: simulate(replace(SCENARIOS["null_declared"], **SMALL), 17, parts=False),
    "rare": lambda: simulate(replace(SCENARIOS["rare"], **SMALL), 12, parts=False),
    "quotas": lambda: simulate(replace(SCENARIOS["quotas"], **SMALL), 13, parts=False),
    "autumn": lambda: simulate(replace(SCENARIOS["autumn"], **SMALL), 14, parts=False),
    "missing": lambda: missing(
        simulate(replace(SCENARIOS["years"], **SMALL), 15, parts=False),
        population=True,
        income=True,
    ),
}
EARNED = slice(0, 2)


@pytest.mark.parametrize("name", COUNTIES)
def test_a_second_implementation_from_the_page_agrees(name: str) -> None:
    made = COUNTIES[name]()
    panel, campaign = made.panel, made.campaign
    k = (pd.Period(campaign.end, "M") - pd.Period(campaign.start, "M")).n + 1
    income = panel.annual_income[1][:, :, EARNED].sum(2)
    asked = [
        ("petitions", "first_year", recipe(panel, campaign, (0, 12))),
        ("earned_income", "first_year", recipe(panel, campaign, (0, 12), income)),
    ]
    if name == "plain":
        asked += [("petitions", "after", recipe(panel, campaign, (k, k + 12)))]
    if name == "missing":
        asked += [
            ("earned_income:typical", "first_year", recipe(panel, campaign, (0, 12), income, True))
        ]
    for outcome, window, rebuilt in asked:
        given = setting(panel, campaign, outcome)
        ours = quiet_year_did(panel, campaign, window=window, given=given)
        for key, value in rebuilt.items():
            assert getattr(ours, key) == pytest.approx(value, abs=1e-6), (outcome, window, key)
