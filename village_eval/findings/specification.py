"""The specification curve.

The petitions' answer under every reasonable choice at once (trials.py). Before-after and plain
difference-in-differences are computed too, but marked ``misleads``: on lists of the worst their
error is known (data/certification.csv), so that they are shown apart and counted nowhere.

Another window, or another thing counted, is another estimand: the spread of answers is told of the
headline's own only. No share of specifications is told: they share their data, so that it measures
nothing (Simonsohn et al. set it against permuted data).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.panel_settings import Settings, unusable
from village_eval.expectation.setting import DEPTH
from village_eval.findings.trials import ALL, COUNTED, DESIGNS, WINDOWS, estimates, trials

MISLEADING = ("before_after", "did")
CHOICES = ("window", "outcome", "design", "rule", "depth", "quiet")
ESTIMAND = ("window", "outcome")
"""Choices of which every option asks another question."""
COLUMNS = (*CHOICES, "estimate", "se", "ci_low", "ci_high", "headline", "misleads")
"""``rule``: all, or the feature left out; ``depth``: years; ``quiet``: all, unusual, or the year
left out; empty where a design has no such choice. Estimates are log ratios with 95 % intervals."""


def specification_curve(
    panel: Panel, campaign: Campaign, settings: Settings | None = None
) -> pd.DataFrame:
    """One row a specification, COLUMNS, sorted by estimate; empty when nothing can be estimated."""
    if unusable(panel, campaign) is not None:
        return pd.DataFrame(columns=list(COLUMNS))
    settings = settings or Settings(panel, campaign)
    known = [trial for trial in trials(settings) if trial.known]
    if not known:
        return pd.DataFrame(columns=list(COLUMNS))
    frame = pd.DataFrame([trial.choices for trial in known], columns=list(CHOICES))
    value, se, half = estimates(known, settings.of("petitions"))
    frame = frame.assign(estimate=value, se=se, ci_low=value - half, ci_high=value + half)
    frame["misleads"] = frame["design"].isin(MISLEADING)
    frame["headline"] = _headline(frame)
    return frame[list(COLUMNS)].sort_values("estimate", kind="stable").reset_index(drop=True)


@dataclass(frozen=True)
class Summary:
    """How the reasonable specifications of the headline's estimand stand to the headline.

    n, rank
        how many there are, and the headline's place among their answers from low to high.
    headline, lowest, low, median, high, highest
        answers (log ratios); ``low`` and ``high`` are the 5 % and 95 % quantiles.
    apart, apart_median
        those known to mislead: how many, and their median answer (None without any).
    """

    n: int
    headline: float
    rank: int
    lowest: float
    low: float
    median: float
    high: float
    highest: float
    apart: int
    apart_median: float | None

    @property
    def answers(self) -> dict[str, float]:
        """The headline and the spread of all answers, by the names that words know."""
        return {
            "headline": self.headline,
            "lowest": self.lowest,
            "low": self.low,
            "median": self.median,
            "high": self.high,
            "highest": self.highest,
        }


def summary(curve: pd.DataFrame) -> Summary | None:
    """How a curve stands to its headline; None where there is no curve or no headline in it."""
    same = of_headline(curve)
    kept = same[~same["misleads"].astype(bool)]
    if kept.empty:
        return None
    headline, apart = (
        kept.loc[kept["headline"], "estimate"].iloc[0],
        same[same["misleads"].astype(bool)],
    )
    return Summary(
        n=len(kept),
        headline=float(headline),
        rank=int((kept["estimate"] < headline).sum()) + 1,
        lowest=float(kept["estimate"].min()),
        low=float(kept["estimate"].quantile(0.05)),
        median=float(kept["estimate"].median()),
        high=float(kept["estimate"].quantile(0.95)),
        highest=float(kept["estimate"].max()),
        apart=len(apart),
        apart_median=float(apart["estimate"].median()) if len(apart) else None,
    )


def of_headline(curve: pd.DataFrame, free: str | None = None) -> pd.DataFrame:
    """The specifications of the headline's estimand, all choices of a ``free`` one; or none."""
    if curve.empty or not curve["headline"].any():
        return curve.iloc[:0]
    own = curve[curve["headline"]].iloc[0]
    fixed = [c for c in ESTIMAND if c != free]
    return curve[(curve[fixed].to_numpy(object) == own[fixed].to_numpy(object)).all(axis=1)]


def by_choice(curve: pd.DataFrame) -> pd.DataFrame:
    """What each option does.

    Columns: choice, option, n, median, lowest, highest over the reasonable specifications of the
    headline's estimand that take it; of another window, or another thing counted, over those that
    differ from the headline's estimand in that alone.
    """
    rows = []
    for choice in CHOICES:
        same = of_headline(curve, choice)
        kept = same[~same["misleads"].astype(bool)]
        answers = kept.groupby(choice)["estimate"].agg(["size", "median", "min", "max"])
        rows += [(choice, *row) for row in answers.loc[options(kept, choice)].itertuples()]
    return pd.DataFrame(rows, columns=["choice", "option", "n", "median", "lowest", "highest"])


def options(curve: pd.DataFrame, choice: str) -> list[str]:
    """The options of a choice that reasonable specifications take.

    In the order of this file, years last, in their order.
    """
    known = {"window": WINDOWS, "outcome": COUNTED, "design": DESIGNS}.get(choice, (ALL, "unusual"))
    there = set(curve.loc[~curve["misleads"].astype(bool), choice]) - {""}
    return [k for k in known if k in there] + sorted(there - set(known))


def _headline(frame: pd.DataFrame) -> pd.Series:
    """The specification that the report's number is.

    Its choices, or without quiet years the expectation alone.
    """
    same = (
        (frame["window"] == "first_year")
        & (frame["outcome"] == "petitions")
        & (frame["depth"] == str(DEPTH))
    )
    with_quiet = (
        same & (frame["design"] == DESIGNS[0]) & (frame["rule"] == ALL) & (frame["quiet"] == ALL)
    )
    return with_quiet if with_quiet.any() else same & (frame["design"] == "expected_from_history")
