"""What a county keeps of its dose regressions: precision P and score S, a few kilobytes.

With the controls projected out and over-dispersion allowed for, the working likelihood of the
effects b of seventeen full doses is exp(S'b − b'P b / 2). Sums over counties of P and S are all
that pooling needs, and no single county's effects need be estimable. The same doses put on quiet
years, when nobody had given any, are kept beside them as placebos.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from village_eval.expectation.setting import Setting
from village_eval.measures.listed import EARLY, held_fixed, outcome_of, surprise
from village_eval.measures.regression import DISPERSION, fitted_rate, log_change
from village_eval.words.vocabulary import MEASURES

KEYS = ["outcome", "years_before", "severity", "measure"]
ABOUT = [
    "year",
    "province",
    "assigned",
    "villages",
    "mean_dose",
    "follows",
    "follows_precision",
    "score",
]
FEWEST_SCORED = 12
"""Listed villages without which a county keeps nothing: controls alone are seven columns."""
COLUMNS = [*KEYS, *ABOUT, *MEASURES]


@dataclass(frozen=True, eq=False)
class ListedYear:
    """The listed villages in one year.

    Outcome ``y`` [L], expectation [R, L], controls [L, C], membership in refits [R, L], and whether
    the outcome counts.
    """

    y: np.ndarray
    expected: np.ndarray
    controls: np.ndarray
    keep: np.ndarray
    counts: bool

    @cached_property
    def without_doses(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
        """The regression on the controls alone.

        Roots of the weights [L], residuals times them [L], an orthonormal basis of the weighted
        controls [L, 1 + C] and the dispersion.
        """
        y, plain = self.y, np.column_stack([np.ones(len(self.y)), self.controls])
        if self.counts:
            mu = fitted_rate(y, self.expected[0], plain)
            weight, z = mu / (1 + DISPERSION * mu), (y - mu) / mu
        else:
            change, earns = log_change(y, self.expected)
            weight = earns[0].astype(float)
            fit = np.linalg.lstsq(plain * weight[:, None], change[0] * weight, rcond=None)[0]
            z = (change[0] - plain @ fit) * weight
        root = np.sqrt(weight)
        q, _ = np.linalg.qr(plain * root[:, None])
        r = z * root
        r = r - q @ (q.T @ r)
        df = max(len(y) - plain.shape[1] - 1, 1)
        dispersion = float(r @ r) / df
        return root, r, q, max(dispersion, 1.0) if self.counts else max(dispersion, 1e-6)

    def likelihood(self, doses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Precision [K, K] and score [K] of the effects of ``doses`` [L, K].

        Controls are projected out, over-dispersion is allowed for.
        """
        root, r, q, dispersion = self.without_doses
        d = doses * root[:, None]
        d = d - q @ (q.T @ d)
        return d.T @ d / dispersion, d.T @ r / dispersion


def campaign_year(s: Setting) -> ListedYear:
    """The listed villages in the campaign's year."""
    y, expected, keep = outcome_of(s)
    return ListedYear(y, expected, held_fixed(s), keep, s.series.counts)


def quiet_years(s: Setting) -> Iterator[tuple[int, ListedYear]]:
    """The same villages in each quiet year q years before, latest first; unobserved ones not."""
    listed = s.panel.listed
    home = np.r_[0, 1 + np.unique(s.panel.township[listed])]
    for q in s.series.quiet["first_year"]:
        base, y = s.base(q, "first_year", "history"), s.series.target(q, "first_year")
        if base is None or y is None or not s.series.past(q).blocks.shape[1]:
            continue
        expected, y = base[home][:, listed], y[listed]
        if np.nansum(y) > 0:
            expected = expected * (np.nansum(y) / np.nansum(expected[0]))
            keep = s.rule.keep[home][:, listed]
            yield q, ListedYear(y, expected, held_fixed(s, q), keep, s.series.counts)


def dose_scores(s: Setting, doses: np.ndarray) -> pd.DataFrame:
    """What is kept of one outcome: COLUMNS, a row for each year and measure.

    Of the campaign's year twice, with the first weeks' severity held fixed and without: how far
    that moves an effect is what an unseen trouble is measured by.

    ``follows`` is the score, and ``follows_precision`` its precision, of the overall dose on the
    trouble that officials saw (``follows_trouble``); ``assigned`` says whether a lot gave the dose.
    """
    codes = s.panel.villages["village_code"].astype(str)
    seen = follows_trouble(s, doses) if s.series.counts else (0.0, 0.0)
    now = campaign_year(s)
    years = [(0, True, now), *((q, True, year) for q, year in quiet_years(s))]
    if s.series.counts:
        years.insert(1, (0, False, replace(now, controls=now.controls[:, :-1])))
    frames = []
    for q, severity, year in years:
        precision, score = year.likelihood(doses)
        kept = pd.DataFrame(precision, columns=MEASURES)
        kept = kept.assign(outcome=s.series.name, years_before=q, severity=severity)
        kept = kept.assign(measure=MEASURES, score=score)
        frames.append(kept)
    about = {
        "year": s.campaign.start_month.year,
        "province": codes.iloc[0][:2],
        "assigned": False,
        "villages": len(doses),
        "mean_dose": np.tile(doses.mean(0), len(frames)),
        "follows": seen[0],
        "follows_precision": seen[1],
    }
    kept = pd.concat(frames, ignore_index=True).assign(**about)[COLUMNS]
    # Seven digits are more than enough, and a nation's files are half as large.
    return kept.astype({c: np.float32 for c in ("score", "mean_dose", *MEASURES)})


def follows_trouble(s: Setting, doses: np.ndarray) -> tuple[float, float]:
    """Score and precision of the overall dose on the trouble seen while doses were decided on.

    Trouble: petitions beyond expectation, from three months before the start to EARLY months after
    it; type, level and the year before held fixed. Their ratio is the rise of the overall dose, in
    standard deviations, with a standard deviation of trouble.
    """
    listed, start = s.panel.listed, s.series.start
    base = s.expectation(0, "first_year")[0][listed]
    seen = surprise(s.series.values[listed, max(start - 3, 0) : start + EARLY].sum(1), base)
    return of_trouble(doses, seen, held_fixed(s)[:, :-1])


def of_trouble(doses: np.ndarray, seen: np.ndarray, controls: np.ndarray) -> tuple[float, float]:
    """``follows_trouble`` from arrays: doses [L, K], trouble seen [L], controls [L, C]."""
    total = doses.sum(1)
    if np.ptp(total) == 0 or np.ptp(seen) == 0:
        return 0.0, 0.0
    q, _ = np.linalg.qr(np.column_stack([np.ones(len(total)), controls]))
    x, d = (v / v.std() for v in (seen, total))
    x, d = x - q @ (q.T @ x), d - q @ (q.T @ d)
    df = max(len(total) - q.shape[1] - 1, 1)
    rest = d - x * (x @ d) / max(float(x @ x), 1e-12)
    variance = max(float(rest @ rest) / df, 1e-12)
    return float(x @ d) / variance, float(x @ x) / variance
