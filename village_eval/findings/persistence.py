"""Does the effect last?

Its path by window after the campaign, what the year after says against the first year, a half-life
with an interval, and what cannot be known yet.

Fading, or growing, is told from the contrast after − first_year (contrast.py). “Holds” says that
more than half of the first year's effect b is left in the year after: the interval of after − b / 2
lies on the effect's side of zero, its error the jackknife's with half of what years differ by,
which cancels in the contrast and by half here.

On the windows after the campaign, y [K] with covariance V, a fade-out is fitted by generalised
least squares,

    y_w = b · f_w(h) + error,
    f_w(h) = mean over the window's months t = 1, 2, … after the end of 0.5^(t / h);

h = ∞ is an effect that stays. Standard errors are the headline's (within and between years); the
windows come from the same villages, so their errors are correlated. Twenty townships cannot tell
ten correlations apart: all are set to the mean of those that leaving one township out shows (the
target of Ledoit & Wolf 2004). The interval of h holds every half-life whose weighted sum of
squares, b fitted anew, is within the F quantile of the least: Q(h) − min Q ≤ F(1, townships − 1).
It is often open above (no fading is seen) or wide: one county's windows are noisy. Where no effect
is seen there is nothing to fade, and h is not told. What happened during the campaign is shown but
not fitted: whether an effect ends with the campaign is the check ``seasonality``.

Long-term mechanisms: villages that set one up against those that did not, the change of their
petitions from the first six months after the end to later ones. What history led to expect cancels;
who set one up was nobody's lottery.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import fdtri, stdtrit

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.outcomes import PETITIONS
from village_eval.expectation.refits import Refits
from village_eval.expectation.results import Estimate, Finding
from village_eval.findings.contrast import Contrast, contrast
from village_eval.findings.display import persistence_card
from village_eval.words.card import Card, Shown
from village_eval.words.vocabulary import keys

PIECES = ("after_1_3", "after_4_6", "after_7_12", "after_13_24")
"""Windows after the end that follow one another."""
WINDOWS = ("during", "after", "after_1_3", "after_4_6", "after_7_12", "after_13_24")
HALF_LIVES = np.r_[np.geomspace(0.5, 240, 400), np.inf]
"""Months."""
LEFT_AFTER = (6, 12)
HALF = 0.5
MOST_ALIKE = 0.9
"""The largest correlation that two windows' errors may have."""
EARLY = 6
"""Months after the end that later ones are compared with, and by which a mechanism must have
started."""
ENOUGH = 10
"""Villages and petitions on each side without which mechanisms are not compared."""


@dataclass(frozen=True)
class Fade:
    """Half-life in months (inf: stays) and its 95 % interval.

    ``low`` 0.5 and ``high`` inf are open ends. ``effect`` is b.
    """

    effect: float
    half_life: float
    low: float
    high: float

    def left(self, months: float) -> tuple[float, float, float]:
        """Share of the effect left so many months after the end, and its interval."""
        share = [float(HALF ** (months / h)) for h in (self.half_life, self.low, self.high)]
        return share[0], share[1], share[2]


@dataclass(frozen=True, eq=False, repr=False)
class Persistence(Shown):
    """What can be said of the time after the campaign.

    windows
        one row per window of WINDOWS: window, first and last (months after the end, 1 the first; 0
        during), estimate, ci_low, ci_high (None when unknown), needs (the month with which it is
        complete), known.
    verdict
        fading, growing (the contrast was found), holds (more than half of the first year's effect
        is left in the year after), open (neither), not_seen (no first year's effect to fade),
        later (a fall in the year after only), misleading, too_early (the year after is not
        observed), too_noisy (nothing can be told of it).
    horizon
        months after the end that the windows reach, at most 12.
    mechanisms
        one row per mechanism: mechanism, with_it, without_it (villages), difference, ci_low,
        ci_high (log; of the later change), minimum_detectable (log), reason (why there is no
        number).
    """

    windows: pd.DataFrame
    verdict: str
    fade: Fade | None
    horizon: int
    mechanisms: pd.DataFrame = field(default_factory=pd.DataFrame)
    contrast: Contrast | None = None

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return persistence_card(self, lang)


def persistence(
    findings: list[Finding],
    panel: Panel,
    campaign: Campaign,
    mechanisms: pd.DataFrame | None = None,
) -> Persistence:
    """Does the effect on petitions last, from the findings of an assessment."""
    grown = contrast(findings)
    by_window = {f.estimate.window: f for f in findings if f.question.outcome == PETITIONS}
    windows = _windows(by_window, panel, campaign)
    compared = compare_mechanisms(mechanisms, panel, campaign)
    path = [
        by_window[w].estimate
        for w in PIECES
        if w in by_window and by_window[w].estimate.refits is not None
    ]
    horizon = (
        min(campaign.windows()[path[-1].window][1] - campaign.months_touched, 12) if path else 0
    )
    verdict = _verdict(by_window.get("first_year"), by_window.get("after"), grown, windows)
    told = verdict in ("fading", "growing", "holds", "open") and len(path) > 1
    fade = fit_fade(path, campaign) if told else None
    return Persistence(windows, verdict, fade, horizon, compared, grown)


def _verdict(
    first: Finding | None, after: Finding | None, grown: Contrast | None, windows: pd.DataFrame
) -> str:
    """Persistence.verdict."""
    if any(f is not None and f.grade == "X" for f in (first, after)):
        return "misleading"
    if not windows["known"][windows["window"] == "after"].all():
        return "too_early"
    if first is None or first.conclusion not in ("fell", "rose"):
        later = after is not None and after.conclusion in ("fell", "rose")
        return "later" if later else "not_seen"
    if after is None or grown is None:
        return "too_noisy"
    if grown.conclusion in ("faded", "grew"):
        return "fading" if grown.conclusion == "faded" else "growing"
    return "holds" if half_is_left(first.estimate, after.estimate) else "open"


def half_is_left(first: Estimate, after: Estimate) -> bool:
    """Whether the year after surely keeps more than half of the first year's effect."""
    if first.refits is None or after.refits is None or first.df is None:
        return False
    rest = Refits(after.refits.values - HALF * first.refits.values)
    between = (first.between_sd or 0.0) * HALF * np.sqrt(1 + 1 / max(len(after.years), 1))
    bound = float(stdtrit(first.df, 0.975)) * float(np.hypot(rest.se, between))
    return bool(np.sign(first.answer) * float(rest.value) > bound)


def fit_fade(path: list[Estimate], campaign: Campaign) -> Fade:
    """Fit effect and half-life to the estimates of windows that follow one another after the end.

    There must be at least two.
    """
    y, covariance, df = joint(path)
    precision = np.linalg.inv(covariance)
    f = np.stack([shape(campaign, e.window, HALF_LIVES) for e in path], 1)  # [H, K]
    b = (f @ precision @ y) / np.einsum("hk,kl,hl->h", f, precision, f)
    rest = y - b[:, None] * f
    q = np.einsum("hk,kl,hl->h", rest, precision, rest)
    inside = HALF_LIVES[q - q.min() <= fdtri(1, df, 0.95)]
    best = int(np.argmin(q))
    return Fade(float(b[best]), float(HALF_LIVES[best]), float(inside.min()), float(inside.max()))


def joint(path: list[Estimate]) -> tuple[np.ndarray, np.ndarray, float]:
    """Estimates [K] of several windows, their covariance, and its degrees of freedom.

    The covariance [K, K] has one common correlation.
    """
    refits = Refits.of([np.r_[e.value, e.refits.without] for e in path if e.refits is not None])
    within = refits.covariance
    k, sd = len(path), np.sqrt(np.diag(within))
    common = ((within / np.outer(sd, sd)).sum() - k) / (k * (k - 1))
    correlation = np.where(np.eye(k) == 1, 1.0, np.clip(common, 0, MOST_ALIKE))
    se = np.array([e.se for e in path])
    return refits.value, correlation * np.outer(se, se), min(e.df for e in path if e.df is not None)


def shape(campaign: Campaign, window: str, half_life: np.ndarray | float) -> np.ndarray:
    """Mean share of the effect at the campaign's end that is left in a window after it.

    [...] for half-lives [...], in months.
    """
    first, last = (month - campaign.months_touched + 1 for month in campaign.windows()[window])
    months = np.arange(first, last) / np.asarray(half_life)[..., None]
    return np.asarray(np.mean(HALF**months, -1))


def compare_mechanisms(
    table: pd.DataFrame | None, panel: Panel, campaign: Campaign
) -> pd.DataFrame:
    """Whether petitions came back less where there is a long-term mechanism, a row each.

    log(later / early petitions) of listed villages with it less that of those without it.
    """
    columns = [
        "mechanism",
        "with_it",
        "without_it",
        "difference",
        "ci_low",
        "ci_high",
        "minimum_detectable",
        "reason",
    ]
    if table is None or table.empty:
        return pd.DataFrame(columns=columns)
    start = panel.month_index(campaign.start_month) + campaign.months_touched
    early, late = (
        panel.petitions[:, start : start + EARLY].sum(1),
        panel.petitions[:, start + EARLY : start + 24].sum(1),
    )
    by_then = table[
        table["start_date"] < (campaign.start_month + campaign.months_touched + EARLY).start_time
    ]
    compared = [m for m in keys("mechanism") if (table["mechanism"] == m).any()]
    rows = []
    for mechanism in compared:
        codes = by_then.loc[by_then["mechanism"] == mechanism, "village_code"]
        with_it = panel.listed & panel.villages["village_code"].isin(codes).to_numpy()
        without = panel.listed & ~with_it
        about = {
            "mechanism": mechanism,
            "with_it": int(with_it.sum()),
            "without_it": int(without.sum()),
        }
        few = min(with_it.sum(), without.sum()) < ENOUGH
        counts = [y[group].sum() for y in (early, late) for group in (with_it, without)]
        if panel.petitions.shape[1] < start + 2 * EARLY:
            rows.append(about | {"reason": "window_not_observed"})
        elif few or min(counts) < ENOUGH:
            rows.append(about | {"reason": "too_few_villages"})
        else:
            rows.append(
                about
                | _difference(
                    early, late, with_it, without, panel.township, level=1 - 0.05 / len(compared)
                )
            )
    return pd.DataFrame(rows).reindex(columns=columns)


def _difference(
    early: np.ndarray,
    late: np.ndarray,
    with_it: np.ndarray,
    without: np.ndarray,
    township: np.ndarray,
    level: float,
) -> dict[str, object]:
    """Log ratio of ratios with an interval by leaving one township out.

    At a ``level`` that knows how many are compared.
    """
    own = np.unique(township[with_it | without])
    keep = np.vstack([np.ones(len(township), bool), own[:, None] != township[None, :]])
    sums = {
        (name, on): (keep & group) @ y
        for name, y in (("early", early), ("late", late))
        for on, group in ((True, with_it), (False, without))
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        change = {on: np.log(sums["late", on] / sums["early", on]) for on in (True, False)}
    values = change[True] - change[False]
    df, se = len(own) - 1, float(Refits(values).se)
    critical = float(stdtrit(df, (1 + level) / 2))
    if not np.isfinite(se):
        return {"reason": "too_few_villages"}
    value = float(values[0])
    detectable = (critical + float(stdtrit(df, 0.8))) * se
    ends = {"ci_low": value - critical * se, "ci_high": value + critical * se}
    return {"difference": value, **ends, "minimum_detectable": detectable}


def _windows(by_window: dict[str, Finding], panel: Panel, campaign: Campaign) -> pd.DataFrame:
    rows = []
    for window in WINDOWS:
        first, last = campaign.windows()[window]
        estimate = by_window[window].estimate if window in by_window else None
        value, low, high = (
            (None, None, None)
            if estimate is None
            else (estimate.value, estimate.ci_low, estimate.ci_high)
        )
        needs = campaign.start_month + last - 1
        ends = max(first - campaign.months_touched + 1, 0), last - campaign.months_touched
        rows.append((window, *ends, value, low, high, needs, needs <= panel.months[-1]))
    frame = pd.DataFrame(
        rows, columns=["window", "first", "last", "estimate", "ci_low", "ci_high", "needs", "known"]
    )
    return frame.astype({"estimate": object, "ci_low": object, "ci_high": object})
