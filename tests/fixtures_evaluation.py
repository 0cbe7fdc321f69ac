"""Three invented evaluations (a clear fall, nothing seen, records that mislead) for tests of what
people see.

They are built from the dataclasses by hand, so that sentences, figures and reports are tested
without estimating anything.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.county import County
from village_eval.county.panel import build_panel
from village_eval.designs import EventStudy
from village_eval.expectation.between_years import t_error
from village_eval.expectation.numbers import Number
from village_eval.expectation.outcomes import (
    EARNED_INCOME,
    OWN_INCOME,
    PETITIONS,
    Question,
    question,
)
from village_eval.expectation.outcomes import outcome as named
from village_eval.expectation.results import (
    Amounts,
    Check,
    Estimate,
    Finding,
    QuietYears,
    Reversion,
)
from village_eval.findings.evaluation import Evaluation
from village_eval.findings.grading import precision_of
from village_eval.findings.villages import Turnaround
from village_eval.measures import Attribution, dose_matrix
from village_eval.measures.attribute import COLUMNS
from village_eval.measures.doses import correlations
from village_eval.words.vocabulary import GROUP_OF_MEASURE, MEASURE_GROUPS, MEASURES, keys

QUIET_YEARS = (2019, 2020, 2021, 2022)
TOWNSHIPS = ("城关镇", "东河乡", "西山乡", "南坪镇", "北岭乡", "中和镇")


def county(n: int = 60, seed: int = 1) -> County:
    """60 villages in 6 townships, a fifth of them listed, with petitions, income and measures drawn
    at random."""
    rng = np.random.default_rng(seed)
    code = [f"371324{101 + i % 6:03d}{201 + i // 6:03d}" for i in range(n)]
    listed = (np.arange(n) % 5 == 0).astype(int)
    villages = pd.DataFrame(
        {
            "village_code": code,
            "village_name": [
                f"{'张王李赵刘陈杨黄周吴'[i // 6]}家{'庄村店'[i % 3]}" for i in range(n)
            ],
            "township_code": [c[:9] for c in code],
            "township_name": [TOWNSHIPS[i % 6] for i in range(n)],
            "population": rng.integers(400, 3000, n),
            "lon": 115 + 0.02 * (np.arange(n) % 8),
            "lat": 34 + 0.02 * (np.arange(n) // 8),
            "listed": listed,
            "village_type": np.where(listed == 1, rng.choice(keys("village_type"), n), ""),
            "causes": np.where(listed == 1, rng.choice(keys("cause"), n), ""),
        }
    )
    months = pd.period_range("2018-01", "2024-06", freq="M")
    counts = rng.poisson(0.3 + 0.4 * listed[:, None], (n, len(months)))
    long = pd.MultiIndex.from_product([code, months], names=["village_code", "month"]).to_frame(
        index=False
    )
    petitions = long.assign(petitions=counts.ravel())
    years = range(2018, 2025)
    income = pd.DataFrame([(c, str(y), *rng.gamma(1, 20000, 5)) for c in code for y in years])
    income.columns = ["village_code", "period", *keys("income_source")]
    start = pd.Timestamp("2023-03-01")
    measures = pd.DataFrame(
        [
            (
                c,
                m,
                start + pd.Timedelta(days=int(rng.integers(0, 40))),
                start + pd.Timedelta(days=int(rng.integers(50, 99))),
            )
            for c in np.array(code)[listed == 1]
            for m in rng.choice(MEASURES, 7, replace=False)
        ],
        columns=["village_code", "measure", "start_date", "end_date"],
    )
    k = len(measures)
    measures = measures.assign(
        dose=rng.uniform(0.2, 1, k),
        funds=rng.integers(0, 20, k) * 5000.0,
        completed=rng.integers(0, 2, k),
    )
    measures["department"] = rng.choice(keys("department"), k)
    campaign = Campaign(
        county="示范县",
        start=dt.date(2023, 3, 1),
        listing_window=(pd.Period("2022-03", "M"), pd.Period("2023-02", "M")),
        observed=(months[0], months[-1]),
        synthetic=True,
    )
    return County(campaign, villages, petitions, income, measures)


def estimate(
    outcome="petitions",
    window="first_year",
    value=-0.2,
    se=0.07,
    absolute=-46.0,
    statistic="total",
    design="quiet_year_did",
    actual=212.0,
    **more,
) -> Estimate:
    """A quiet-year estimate with four quiet years whose mean is +3 %."""
    quiet_values = 0.03 + np.array([-0.05, 0.04, -0.01, 0.02])
    quiet = pd.DataFrame(
        {
            "year": QUIET_YEARS,
            "estimate": quiet_values,
            "se": 0.06,
            "unusual": [False, True, True, True],
        }
    )
    quiet = quiet.assign(ci_low=quiet_values - 0.12, ci_high=quiet_values + 0.12)
    fields = dict(
        error=t_error(se),
        absolute=absolute,
        n_treated=12,
        n_control=48,
        n_clusters=6,
        within_se=se * 0.9,
        between_sd=se * 0.3,
        quiet_years=QuietYears((4, 3, 2, 1), quiet, 0.03, np.eye(4)),
        amounts=Amounts(actual, actual / np.exp(value), -0.46, -0.27),
        reversion=Reversion(value - 0.03, 0.01, value, 1.0, -0.02, 0.04, 5, 0.02, declared=True)
        if outcome == "petitions"
        else None,
    )
    asked = Question(named(outcome), window, statistic)
    return Estimate(asked, design, value, **(fields | more))


def path(value: float) -> EventStudy:
    """An event study that falls by ``value`` at the start."""
    rng, months = np.random.default_rng(5), np.arange(-24, 16)
    level = (
        np.where(months >= 0, value, 0.0)
        + rng.normal(0, 0.05, len(months))
        + 0.25 * ((months >= -12) & (months < 0))
    )
    by_month = pd.DataFrame(
        {
            "month": months,
            "estimate": level,
            "ci_low": level - 0.25,
            "ci_high": level + 0.25,
            "quiet": level + 0.1,
        }
    )
    by_month = by_month.assign(
        in_listing_window=(months >= -12) & (months < 0), in_campaign=(months >= 0) & (months < 4)
    )
    return EventStudy(Question(PETITIONS), by_month)


def finding(
    est: Estimate,
    grade="B",
    conclusion="fell",
    checks=(),
    p_adjusted=0.01,
    quiet_years=4,
    mde=-20.4,
    reason=None,
    capped=(),
) -> Finding:
    shut = {"gate": "petitions.first_year", "gate_reason": "not_found"}
    return Finding(
        est,
        tuple(checks),
        grade,
        conclusion,
        p_adjusted,
        quiet_years,
        mde,
        1.4,
        reason,
        capped,
        precision=None if mde is None or est.scale == "share" else precision_of(mde),
        **(shut if conclusion == "not_asked" else {}),
    )


UNITS = {
    "breakdown": "ratio",
    "quiet_years": "count",
    "township": "name",
    "skip_level_ratio": "ratio",
    "earned_percent": "percent",
    "total_percent": "percent",
    "subsidy_share": "share",
    "subsidy_yuan": "yuan",
    "p_value": "p_value",
}


def check(name, verdict="pass", finding="petitions.first_year", misleads=False, **numbers) -> Check:
    """A check with these numbers; changes on the log scale where ``UNITS`` says nothing else."""
    with_units = {k: Number(v, UNITS.get(k, "log_ratio")) for k, v in numbers.items()}
    return Check(name, question(finding), verdict, with_units, misleads)


def nothing(outcome, window, reason) -> Finding:
    """A finding that could not be estimated."""
    return Finding(
        Estimate(Question(named(outcome), window), "quiet_year_did", reason=reason),
        (),
        "D",
        None,
        None,
        0,
        None,
        None,
        reason,
    )


def _assemble(petitions: list[Finding], income: list[Finding], checks: list[Check]) -> Evaluation:
    made = county()
    panel = build_panel(made)
    listed = made.villages[made.villages["listed"] == 1]
    rng = np.random.default_rng(3)
    expected, actual = rng.uniform(2, 12, len(listed)), rng.poisson(5, len(listed))
    villages = pd.DataFrame(
        {"village_code": listed["village_code"], "expected": expected, "actual": actual}
    )
    villages = villages.assign(
        ratio=(actual + 3) / (expected + 3), probability_improved=rng.uniform(0, 1, len(listed))
    )
    villages = villages.assign(
        ratio_low=villages["ratio"] * 0.6, ratio_high=villages["ratio"] * 1.5
    )
    quiet = pd.DataFrame(
        {"year": QUIET_YEARS[::-1], "improved": [4.1, 5.2, 3.9, 4.6], "sure": [0.6, 1.1, 0.4, 0.9]}
    )
    many = Turnaround(len(listed), 6.3, 4, 9, 2, 8, quiet)
    head = petitions[0].estimate
    others = [
        ("expected_from_history", -0.17),
        ("before_after", -0.46),
        ("did", -0.5),
        ("did_without_listing_year", 0.05),
    ]
    sensitivity = [
        Estimate(Question(PETITIONS), d, v, t_error(0.08), n_treated=12) for d, v in others
    ]
    calibration = pd.DataFrame(
        {
            "p_mean": [0.05, 0.2, 0.5, 0.8],
            "listed_share": [0.04, 0.22, 0.47, 0.85],
            "n": [30, 12, 10, 8],
        }
    )
    coefficients = pd.DataFrame(
        {
            "feature": ["petitions", "petition_rate", "log_population"],
            "coefficient": [1.2, 0.8, -0.1],
        }
    )
    listing = {"coefficients": coefficients, "found": 0.62, "auc": 0.91, "calibration": calibration}
    assert head.question.outcome == PETITIONS
    options = {"draws": 9999, "seed": 1, "as_of": None}
    curve = specifications(head.value)
    return Evaluation(
        made,
        panel,
        petitions + income,
        sensitivity,
        checks,
        path(head.value),
        listing,
        villages,
        options,
        attributed(panel, made.measures),
        many,
        curve,
        next_rounds(),
    )


def attributed(panel, measures: pd.DataFrame) -> Attribution:
    """Invented effects at all levels, one bundle, two types of village."""
    doses, rng = dose_matrix(measures, panel), np.random.default_rng(8)
    rows = []
    for outcome in ("petitions", "earned_income"):
        levels = [("overall", None, None), *(("group", None, g) for g in MEASURE_GROUPS)]
        levels += [("measure", m, GROUP_OF_MEASURE[m]) for m in MEASURES]
        for level, measure, group in levels:
            value, p = rng.normal(-0.05, 0.05), rng.uniform(0.1, 1)
            rows.append(
                (
                    level,
                    measure,
                    group,
                    outcome,
                    value,
                    value - 0.2,
                    value + 0.2,
                    p,
                    1.0,
                    0.3,
                    level != "overall",
                    9,
                    0.4,
                    [],
                )
            )
    rows = pd.DataFrame(rows, columns=COLUMNS)
    together = ["dispute_mediation", "affairs_disclosure"]
    rows["inseparable_from"] = [
        [m for m in together if m != x] if x in together else [] for x in rows["measure"]
    ]
    kinds = pd.DataFrame(
        [
            ("village_type", "petitions", 18, 150.0, 180.0, -0.18, -0.4, 0.04),
            ("village_type", "disunity", 5, 40.0, 44.0, *[np.nan] * 3),
        ],
        columns=["kind", "key", "villages", "actual", "expected", "estimate", "ci_low", "ci_high"],
    )
    placebo = pd.DataFrame(
        [("petitions", 2022, 0.4), ("petitions", 2021, 0.7)], columns=["outcome", "year", "p_value"]
    )
    matched = {"share": 0.6, "difference": -0.05, "ci_low": -0.3, "ci_high": 0.2, "p_value": 0.6}
    timing = {
        "effect": -0.2,
        "ci_low": -0.6,
        "ci_high": 0.2,
        "p_value": 0.3,
        "before": 0.0,
        "before_p_value": 0.9,
    }
    return Attribution(
        rows, doses, correlations(doses), [together], placebo, (0.1, 0.5), kinds, matched, timing
    )


def next_rounds() -> list[dict]:
    """Invented promises of the next round."""
    curve = pd.DataFrame(
        {
            "effect": [0.0, -0.3, -0.6, -1.0],
            "power": [0.05, 0.4, 0.8, 0.97],
            "mc": 0.02,
            "runs": 100,
        }
    )
    designs = [
        ("phased", 6, -45.0),
        ("phased", 12, -39.0),
        ("measures", 12, -44.0),
        ("repeat", 12, -33.0),
    ]
    return [
        {
            "design": d,
            "villages": 12,
            "months": m,
            "quiet_years": 4,
            "detectable_percent": p,
            "curve": curve,
        }
        for d, m, p in designs
    ]


def specifications(value: float) -> pd.DataFrame:
    """A curve of 36 specifications around the headline, and two that mislead."""
    rows = [
        (w, "petitions", "quiet_year_did", r, d, q)
        for w in ("first_year", "after")
        for r in ("all", "petition_rate")
        for d in "123"
        for q in ("all", "2020", "2021")
    ]
    rows += [("first_year", "petitions", d, "", "", "") for d in ("before_after", "did")]
    curve = pd.DataFrame(rows, columns=["window", "outcome", "design", "rule", "depth", "quiet"])
    curve["estimate"] = value + np.r_[0.01 * (np.arange(36) - 6), -0.25, -0.3]
    curve = curve.assign(se=0.08, ci_low=curve["estimate"] - 0.16, ci_high=curve["estimate"] + 0.16)
    curve["headline"] = (
        curve[["window", "rule", "depth", "quiet"]] == ["first_year", "all", "3", "all"]
    ).all(axis=1)
    curve["misleads"] = curve["design"].isin(["before_after", "did"])
    return curve.sort_values("estimate").reset_index(drop=True)


def worked() -> Evaluation:
    """Story A of the target: petitions fell, the gain in income is subsidy."""
    good = [
        check(
            "quiet_year_stability",
            breakdown=1.6,
            quiet_years=4,
            largest_deviation=0.05,
            p_value=0.5,
        ),
        check("pre_trend", p_value=0.4),
        check("leave_one_township_out", "weak", min=-0.25, max=-0.14, township="城关镇"),
        check("suppression", skip_level_ratio=1.05),
    ]
    subsidy = check(
        "subsidy",
        "fail",
        "total_income.first_year",
        True,
        earned_percent=2.6,
        total_percent=12.3,
        subsidy_share=0.8,
    )
    rise = estimate("total_income", value=0.116, se=0.03, absolute=31200.0)
    earned = estimate("earned_income", value=0.026, se=0.03, absolute=900.0)
    petitions = [
        finding(estimate(), "B", "fell", good),
        finding(
            estimate(window="during", value=-0.18, se=0.08, absolute=-14.0), "B", "fell", good[:2]
        ),
        finding(
            estimate(window="after", value=-0.21, se=0.09, absolute=-42.0), "B", "fell", good[:2]
        ),
    ]
    income = [
        finding(rise, "X", "misleading", [subsidy], mde=9.0),
        finding(earned, "B", "none_seen", mde=10.2, p_adjusted=0.4),
        finding(
            estimate("operating_income", value=0.02, se=0.05, absolute=400.0),
            "B",
            "none_seen",
            mde=15.0,
            p_adjusted=0.6,
        ),
        finding(
            estimate("earned_income", "first_year", 0.01, 0.04, None, "typical"),
            "B",
            "none_seen",
            mde=12.0,
            p_adjusted=0.8,
        ),
        finding(
            estimate("earned_income", "first_year", 0.013, 0.02, None, "share_earning"),
            "B",
            "none_seen",
            mde=5.5,
            p_adjusted=0.5,
        ),
    ]
    return _assemble(petitions, income, [*good, subsidy])


def across_the_accounts() -> Evaluation:
    """Story A in the accounts of 2024: own income is asked in earned income's place."""
    told = worked()
    findings = [
        replace(f, estimate=replace(f.estimate, question=replace(f.question, outcome=OWN_INCOME)))
        if f.question.outcome == EARNED_INCOME
        else f
        for f in told.findings
    ]
    rows = told.attribution.rows.replace({"outcome": {EARNED_INCOME.name: OWN_INCOME.name}})
    return replace(told, findings=findings, attribution=replace(told.attribution, rows=rows))


def nothing_seen() -> Evaluation:
    """Story B: the fall is what such villages show anyway; no income table; the year after is not
    observed yet."""
    first = finding(
        estimate(value=-0.04, se=0.1, absolute=-9.0),
        "B",
        "none_seen",
        mde=-22.3,
        p_adjusted=0.7,
    )
    during = finding(
        estimate(window="during", value=0.05, se=0.2, absolute=3.0),
        "B",
        "unclear",
        mde=-43.0,
        p_adjusted=0.8,
    )
    income = [
        nothing(o, "first_year", "no_income_table")
        for o in ("operating_income", "earned_income", "total_income")
    ]
    return _assemble(
        [first, during, nothing("petitions", "after", "window_not_observed")],
        income,
        [check("pre_trend", p_value=0.3)],
    )


def misleading() -> Evaluation:
    """Story C: fewer petitions registered, many more above the county."""
    bad = check("suppression", "fail", misleads=True, skip_level_ratio=2.4)
    first = finding(estimate(value=-0.41, se=0.08, absolute=-107.0), "X", "misleading", [bad])
    during = finding(
        estimate(window="during", value=-0.5, se=0.12, absolute=-40.0), "X", "misleading", [bad]
    )
    return _assemble(
        [first, during, nothing("petitions", "after", "window_not_observed")], [], [bad]
    )
