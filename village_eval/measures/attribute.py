"""Attribution: which measures the changes of the listed villages went with.

History gives each listed village what it would have shown without a campaign; the doses it got are
set against how it differs from that, with type, level, the year of the listing and the first weeks
held fixed (officials do more where trouble flares up). Three levels: the overall dose, the four
groups, the seventeen measures, the last two partially pooled. A dose is no experiment: unless it
was drawn by lot, what is found “went with” it. The same doses put on earlier years are the placebo.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from village_eval.county.campaign import Campaign
from village_eval.county.panel import Panel
from village_eval.expectation.incomes import earned_of
from village_eval.expectation.listing import ListingRule
from village_eval.expectation.multiplicity import holm
from village_eval.expectation.panel_settings import Settings
from village_eval.expectation.setting import Setting
from village_eval.measures.display import attribution_card
from village_eval.measures.doses import GROUP, IN_GROUP, bundles, correlations, dose_matrix, varies
from village_eval.measures.kinds import by_kind, dose_response, matched_treatment
from village_eval.measures.listed import EARLY, held_fixed, outcome_of, surprise
from village_eval.measures.pooling import pool
from village_eval.measures.regression import Regression, regress
from village_eval.measures.scores import COLUMNS as SCORED
from village_eval.measures.scores import FEWEST_SCORED, ListedYear, dose_scores, quiet_years
from village_eval.measures.timing import started
from village_eval.words.card import Card, Shown
from village_eval.words.vocabulary import MEASURE_GROUPS, MEASURES

LEAST = 20
"""Listed villages without which nothing is said of doses."""
FOLLOWS, BEFORE = 0.05, 0.02
"""Levels at which doses are said to follow trouble (or shun it), and to have gone with petitions in
years before they were given."""
OUTCOMES = ("petitions", "earned_income", "own_income")
"""Own income stands in for earned income across the accounts of 2024 (expectation/incomes.py)."""
COLUMNS = [
    "level",
    "measure",
    "group",
    "outcome",
    "estimate",
    "ci_low",
    "ci_high",
    "p_value",
    "p_adjusted",
    "minimum_detectable",
    "pooled",
    "villages",
    "mean_dose",
    "inseparable_from",
]


@dataclass(frozen=True, eq=False, repr=False)
class Attribution(Shown):
    """What doses can say.

    rows
        DataFrame, COLUMNS: at level measure the log effect of a full dose, at levels group and
        overall the mean over listed villages of what the doses given contributed.
    doses, correlation
        [L, 17] and [17, 17].
    bundles
        keys of measures that cannot be told apart.
    placebo
        one row per outcome and earlier year: outcome, year, p_value (all groups together).
    follows
        correlation of the overall dose with the trouble before and in the first weeks, and its p
        value; None unknown.
    kinds
        by village type and cause: kind, key, villages, actual, expected, estimate, ci_low, ci_high
        (kinds.py).
    matched
        prescribed against other doses (kinds.py); timing: before and after measures began
        (timing.py); None unknown.
    response
        thirds of the listed villages by overall dose: villages, dose, actual, expected, ratio, of
        petitions in the first year.
    scores
        what pooling over counties needs (scores.py); also of counties too small for ``rows``.
    reason
        why there is nothing, else None.
    """

    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    doses: np.ndarray = field(default_factory=lambda: np.zeros((0, len(MEASURES))))
    correlation: np.ndarray = field(default_factory=lambda: np.zeros((len(MEASURES),) * 2))
    bundles: list[list[str]] = field(default_factory=list)
    placebo: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["outcome", "year", "p_value"])
    )
    follows: tuple[float, float] | None = None
    kinds: pd.DataFrame = field(default_factory=pd.DataFrame)
    matched: dict | None = None
    timing: dict | None = None
    response: pd.DataFrame = field(default_factory=pd.DataFrame)
    scores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SCORED))
    reason: str | None = None

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why relations may be no effect.

        follows, shuns: more was done where more trouble was seen, or less; earlier: doses went with
        petitions of years before the campaign.
        """
        found = []
        if self.follows is not None and self.follows[1] < FOLLOWS:
            found.append("follows" if self.follows[0] > 0 else "shuns")
        earlier = self.placebo.loc[self.placebo["outcome"] == "petitions", "p_value"]
        if len(earlier) and float(earlier.min() * len(earlier)) < BEFORE:
            found.append("earlier")
        return tuple(found)

    @property
    def doubtful(self) -> bool:
        """Whether there is any doubt."""
        return bool(self.doubts)

    def card(self, lang: str) -> Card:
        """What is shown of it in a language."""
        return attribution_card(self, lang)


def attribute(
    panel: Panel,
    campaign: Campaign,
    measures: pd.DataFrame | None,
    rule: ListingRule | None,
    doses: np.ndarray | None = None,
    settings: Settings | None = None,
) -> Attribution:
    """Everything on measures that one county can say.

    ``doses`` [L, 17] stand in for the table, in simulations; ``settings`` are those of the panel,
    where they are made already.

    A county without measures, a rule or enough listed villages, or whose first year is not over,
    gets its ``reason``.
    """
    doses = dose_matrix(measures, panel) if doses is None else doses
    if not doses.any():
        return Attribution(reason="no_measures")
    together = [[MEASURES[m] for m in b] for b in bundles(doses)]
    found = Attribution(doses=doses, correlation=correlations(doses), bundles=together)
    if rule is None or panel.listed.sum() < FEWEST_SCORED:
        return replace(found, reason="too_few_listed")
    settings = settings or Settings(panel, campaign, rule)
    asked = [settings.of("petitions")]
    if panel.income is not None:
        asked.append(settings.of(earned_of(panel, campaign).name))
    asked = [s for s in asked if s.refusal("first_year", "") is None]
    if asked:
        scores = [dose_scores(s, doses) for s in asked]
        found = replace(found, scores=pd.concat(scores, ignore_index=True))
    if panel.listed.sum() < LEAST:
        return replace(found, reason="too_few_listed")
    rows, placebo = [], []
    for s in asked:
        rows.append(levels(s, doses))
        placebo += [
            (s.series.name, (campaign.start_month - 12 * q).year, p)
            for q, p in earlier_years(s, doses)
        ]
    if not rows:
        return replace(found, reason="window_not_observed")
    found = replace(
        found,
        rows=pd.concat(rows, ignore_index=True)[COLUMNS],
        placebo=pd.DataFrame(placebo, columns=["outcome", "year", "p_value"]),
    )
    petitions = settings.of("petitions")
    if petitions.refusal("first_year", "") is not None:
        return found
    return replace(
        found,
        follows=follows_trouble(petitions, doses),
        kinds=by_kind(petitions),
        matched=matched_treatment(petitions, doses),
        timing=None if measures is None else started(petitions, measures),
        response=dose_response(petitions, doses),
    )


def levels(s: Setting, doses: np.ndarray) -> pd.DataFrame:
    """The three levels of one outcome: COLUMNS."""
    y, expected, keep = outcome_of(s)
    controls = held_fixed(s)
    counts = s.series.counts
    total, by_group = doses.sum(1, keepdims=True), doses @ IN_GROUP
    overall, groups = (regress(y, expected, d, controls, keep, counts) for d in (total, by_group))
    name = s.series.name
    rows = [_overall(overall, total, doses)]
    rows += _groups(groups, by_group, doses)
    rows += _measures(y, expected, doses, controls, keep, overall, counts)
    return pd.DataFrame(rows).assign(outcome=name)


def earlier_years(s: Setting, doses: np.ndarray) -> list[tuple[int, float]]:
    """The doses put on quiet years: (q, p value of all groups together), latest first."""
    found = []
    for q, y in quiet_years(s):
        fit = regress(y.y, y.expected, doses @ IN_GROUP, y.controls, y.keep, y.counts)
        found.append((q, fit.joint_p()))
    return found


def follows_trouble(s: Setting, doses: np.ndarray) -> tuple[float, float] | None:
    """Rank correlation of the overall dose with petitions beyond expectation.

    Petitions from three months before the start to EARLY months after it.
    """
    listed, start = s.panel.listed, s.series.start
    base = s.expectation(0, "first_year")[0][listed]
    seen = surprise(s.series.values[listed, max(start - 3, 0) : start + EARLY].sum(1), base)
    total = doses.sum(1)
    if np.ptp(total) == 0 or np.ptp(seen) == 0:
        return None
    from scipy.stats import spearmanr

    r, p = spearmanr(total, seen)
    return float(r), float(p)


def _interval(value: float, se: float, df: int) -> dict:
    half = stdtrit(df, 0.975) * se
    detectable = (stdtrit(df, 0.975) + stdtrit(df, 0.8)) * se
    return {
        "estimate": value,
        "ci_low": value - half,
        "ci_high": value + half,
        "minimum_detectable": float(detectable),
    }


def _overall(fit: Regression, total: np.ndarray, doses: np.ndarray) -> dict:
    mean = total.mean(0)
    value, se, p = fit.combined(mean)
    return {
        "level": "overall",
        "measure": None,
        "group": None,
        "pooled": False,
        "villages": int((doses.sum(1) > 0).sum()),
        "mean_dose": float(mean[0]),
        "inseparable_from": [],
        "p_value": p,
        "p_adjusted": p,
        **_interval(value, se, fit.df),
    }


def _groups(fit: Regression, by_group: np.ndarray, doses: np.ndarray) -> list[dict]:
    """Contributions of the four groups, their effects pooled.

    P values are those before pooling, corrected by Holm.
    """
    vary = by_group.std(0) > 1e-9
    k = [int(j) for j in np.flatnonzero(vary)]
    covariance = fit.covariance[np.ix_(k, k)]
    precision = np.linalg.pinv(covariance)
    pooled = pool(precision, precision @ fit.value[k])
    mean, rows = by_group.mean(0), []
    alone = {g: fit.combined(np.eye(len(vary))[g])[2] for g in k}
    adjusted = holm(alone)
    for g, key in enumerate(MEASURE_GROUPS):
        about: dict[str, object] = {
            "level": "group",
            "measure": None,
            "group": key,
            "pooled": True,
            "mean_dose": float(mean[g]),
            "villages": int((by_group[:, g] > 0).sum()),
            "inseparable_from": [],
        }
        if vary[g]:
            value, se = pooled.of(np.where(np.array(k) == g, mean[g], 0.0))
            about |= {
                "p_value": alone[g],
                "p_adjusted": adjusted[g],
                **_interval(value, se, fit.df),
            }
        rows.append(about)
    return rows


def _measures(y, expected, doses, controls, keep, overall: Regression, counts: bool) -> list[dict]:
    """Effects of a full dose of each measure, pooled within groups.

    As uncertain as the jackknife says the overall dose is.
    """
    precision, score = ListedYear(y, expected, controls, keep, counts).likelihood(doses)
    vary = [int(m) for m in np.flatnonzero(varies(doses))]
    rows, own = [], bundles(doses)
    found: dict[int, tuple[float, float]] = {}
    alone: np.ndarray = np.zeros((0, 0))
    if vary:
        some = precision[np.ix_(vary, vary)]
        effects = pool(some, score[vary], GROUP[vary])
        found = {m: effects.of(np.eye(len(vary))[j]) for j, m in enumerate(vary)}
        alone = np.linalg.pinv(some + 1e-6 * np.eye(len(vary)))
    # The working model knows no townships: its errors are raised to the jackknife's where that is
    # larger.
    weights = np.ones(len(MEASURES))
    model = 1 / np.sqrt(max(float(weights @ precision @ weights), 1e-12))
    raised = max(1.0, float(np.sqrt(overall.covariance[0, 0])) / model)
    p = {
        m: float(2 * stdtr(overall.df, -abs(value) / (se * raised)))
        for m, (value, se) in found.items()
    }
    adjusted = holm(p)
    for m, key in enumerate(MEASURES):
        bundle = next((b for b in own if m in b), [])
        about: dict[str, object] = {
            "level": "measure",
            "measure": key,
            "group": MEASURE_GROUPS[GROUP[m]],
            "pooled": True,
            "villages": int((doses[:, m] > 0).sum()),
            "mean_dose": float(doses[:, m].mean()),
            "inseparable_from": [MEASURES[other] for other in bundle if other != m],
        }
        if m in p:
            j, (value, se) = vary.index(m), found[m]
            about |= {
                "p_value": p[m],
                "p_adjusted": adjusted[m],
                **_interval(value, se * raised, overall.df),
            }
            unpooled = float(np.sqrt(alone[j, j])) * raised
            about["minimum_detectable"] = float(
                (stdtrit(overall.df, 0.975) + stdtrit(overall.df, 0.8)) * unpooled
            )
        rows.append(about)
    return rows
