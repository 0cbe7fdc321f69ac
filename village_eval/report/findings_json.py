"""findings.json (docs: output contract, version 2).

An evaluation as plain data, with a sentence in each language.
"""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np

from village_eval.county.audience import groups_for, villages_for
from village_eval.designs import Discontinuity
from village_eval.expectation.results import Check, Estimate, Finding
from village_eval.findings.cost import Cost
from village_eval.findings.may_say import half_life
from village_eval.findings.persistence import LEFT_AFTER, Persistence
from village_eval.findings.specification import summary as specification_summary
from village_eval.findings.villages import Turnaround
from village_eval.measures import Attribution
from village_eval.report.check_words import check_sentence
from village_eval.report.plan_words import lottery_json
from village_eval.report.sentences import noun, sentence, window_words
from village_eval.words import names
from village_eval.words.wording import LANGUAGES

SCHEMA = "village-eval/findings/2"
DIGITS = 6


def findings_json(evaluation, digits: int | None = DIGITS) -> dict:
    """The whole content of findings.json.

    Numbers with at most ``digits`` significant digits, what is absent is None.
    """
    campaign = evaluation.campaign
    about = {
        "start": campaign.start.isoformat(),
        "days": campaign.days,
        "synthetic": campaign.synthetic,
        "province": str(evaluation.panel.villages["village_code"].iloc[0])[:2],
    }
    return plain(
        {
            "schema": SCHEMA,
            "county": campaign.county,
            "campaign": about,
            "findings": [_finding(f) for f in evaluation.findings],
            "sensitivity": [_other(e) for e in evaluation.sensitivity],
            "discontinuities": [_discontinuity(d) for d in evaluation.discontinuities],
            "measures": _measures(evaluation.attribution),
            "attribution": _attribution(evaluation.attribution, evaluation.audience),
            "villages": villages_for(evaluation.villages, evaluation.audience).to_dict("records"),
            "turnaround": _turnaround(evaluation.turnaround),
            "persistence": _persistence(evaluation.persistence),
            "cost": [_cost(c) for c in evaluation.costs],
            "next_round": [
                {k: v for k, v in row.items() if k != "curve"} for row in evaluation.next_round
            ],
            "lottery": evaluation.lottery and lottery_json(evaluation.lottery, evaluation.audience),
            "checks": [_check(c) for c in evaluation.checks],
            "specification_curve": _specification_curve(evaluation),
        },
        digits,
    )


def plain(value, digits: int | None = DIGITS):
    """A value in plain JSON types.

    Numpy scalars unwrapped, floats cut to ``digits`` (None: as they are), NaN and infinities None.
    """
    if isinstance(value, dict):
        return {str(k): plain(v, digits) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v, digits) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return value if digits is None else float(f"{value:.{digits}g}")
    return value


def _finding(f: Finding) -> dict:
    e = f.estimate
    return {
        "id": f.id,
        "outcome": e.question.outcome.name,
        "window": e.window,
        "statistic": e.question.statistic,
        "family": e.question.outcome.family,
        "unit": e.question.outcome.unit,
        "estimand": e.estimand,
        "scale": e.scale,
        "design": e.design,
        "estimate": e.value,
        "se": e.se,
        "ci_low": e.ci_low,
        "ci_high": e.ci_high,
        "p_value": e.p_value,
        "p_adjusted": f.p_adjusted,
        "percent": e.percent,
        "absolute": e.absolute,
        "n_treated": e.n_treated,
        "n_control": e.n_control,
        "n_clusters": e.n_clusters,
        "quiet_years": f.quiet_years,
        "compared": _compared(e),
        "minimum_detectable_percent": f.minimum_detectable_percent,
        "exaggeration": f.exaggeration,
        "grade": f.grade,
        "precision": f.precision,
        "gate": f.gate,
        "gate_reason": f.gate_reason,
        "capped": list(f.capped),
        "conclusion": f.conclusion,
        "reason": f.reason or e.reason,
        "second_opinions": e.second_opinions and asdict(e.second_opinions),
        "checks": [c.name for c in f.checks],
        "label": {lang: noun(f, lang) for lang in LANGUAGES},
        "window_label": {lang: window_words(f, lang) for lang in LANGUAGES},
        "sentence": {lang: sentence(f, lang) for lang in LANGUAGES},
    }


def _compared(e: Estimate) -> dict | None:
    """What quiet years showed, and the error within years: what other counties can learn from."""
    told = e.quiet_years
    if told is None or not told.years:
        return None
    return {
        "within_se": e.within_se,
        "years": told.table["year"].tolist(),
        "estimates": told.table["estimate"].tolist(),
        "covariance": told.covariance.tolist(),
    }


def _measures(a: Attribution) -> list[dict]:
    """One row per level, measure and outcome, with the keys that the level has."""
    rows = a.rows.rename(columns={"minimum_detectable": "minimum_detectable_log"}).to_dict(
        "records"
    )
    left_out = {"overall": ("measure", "group"), "group": ("measure",), "measure": ()}
    return [{k: v for k, v in row.items() if k not in left_out[row["level"]]} for row in rows]


def _attribution(a: Attribution, audience: str) -> dict:
    """What stands beside the rows: bundles, doubts, kinds, prescribed measures, timing."""
    follows = a.follows and {"correlation": a.follows[0], "p_value": a.follows[1]}
    return {
        "reason": a.reason,
        "assigned": "not_by_lot",
        "doubtful": a.doubtful,
        "bundles": a.bundles,
        "follows_trouble": follows,
        "earlier_years": a.placebo.to_dict("records"),
        "kinds": groups_for(a.kinds, audience).to_dict("records"),
        "matched": a.matched,
        "timing": a.timing,
        "dose_response": a.response.to_dict("records"),
    }


def _turnaround(counted: Turnaround | None) -> dict | None:
    if counted is None:
        return None
    excess = dict(
        zip(("excess", "excess_low", "excess_high"), counted.excess or (None,) * 3, strict=True)
    )
    return asdict(counted) | excess | {"quiet": counted.quiet.to_dict("records")}


def _specification_curve(evaluation) -> dict | None:
    found = specification_summary(evaluation.specifications)
    return None if found is None else asdict(found)


def _persistence(p: Persistence) -> dict:
    """Half-lives in months, where one may be told."""
    fade = p.fade if p.fade is not None and half_life(p.fade) else None
    life = fade and {"estimate": fade.half_life, "low": fade.low, "high": fade.high}
    left = [] if fade is None else [(m, *fade.left(m)) for m in LEFT_AFTER if m <= p.horizon]
    windows = p.windows.assign(needs=p.windows["needs"].astype(str)).to_dict("records")
    return {
        "verdict": p.verdict,
        "half_life": life,
        "left": [dict(zip(("months", "share", "low", "high"), row, strict=True)) for row in left],
        "windows": windows,
        "contrast": p.contrast and asdict(p.contrast),
        "mechanisms": p.mechanisms.to_dict("records"),
    }


def _other(e: Estimate) -> dict:
    return {
        "id": e.id,
        "design": e.design,
        "estimate": e.value,
        "ci_low": e.ci_low,
        "ci_high": e.ci_high,
    }


def _cost(c: Cost) -> dict:
    numbers = {"funds": c.funds, "value": c.value, "low": c.low, "high": c.high}
    numbers |= {
        "minimum_detectable_percent": c.detectable_percent,
        "exaggeration": c.exaggeration,
    }
    return {"finding": c.finding, "verdict": c.verdict, **numbers, "reason": c.reason}


def _discontinuity(d: Discontinuity) -> dict:
    """What tells whether to believe a jump at the cut-off."""
    return {
        "id": d.estimate.id,
        "density_p_value": d.density_p_value,
        "bandwidth": d.bandwidth,
        "n_above": d.n_above,
        "n_below": d.n_below,
    }


def _check(c: Check) -> dict:
    return {
        "name": c.name,
        "label": {lang: names.check(c.name, lang, c.words) for lang in LANGUAGES},
        "finding": c.finding,
        "verdict": c.verdict,
        "numbers": {key: number.value for key, number in c.numbers.items()}
        | ({} if c.cause is None else {"cause": c.cause}),
        "units": {key: number.unit for key, number in c.numbers.items()},
        "could_see": c.could_see and asdict(c.could_see),
        "sentence": {lang: check_sentence(c, lang) for lang in LANGUAGES},
    }
