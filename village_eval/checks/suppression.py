"""Fewer petitions, or fewer recorded?

When local petitions fall because people are turned away, some go above the county.

The mix of levels hardly returns to any mean, so the test is on it: skip-level against other
petitions, listed against unlisted, after the start against the years before, less the same in quiet
years. Repeat petitions stand beside it.

A fail misleads when skip-level petitions rose. When they only did not fall with the others, people
may have been turned away and stayed away, or what was settled locally may have been local matters:
the number is doubtful (C), but not refuted. A pass cannot exclude that a part was not recorded: of
a quarter turned away without any surfacing, most counties show nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import stdtr

from village_eval.checks.declared import Case, DeclaredCheck, Threat, asked_of_petitions
from village_eval.checks.levels import detectable
from village_eval.designs.quiet_year_did import quiet_year_did
from village_eval.expectation.between_years import t_error
from village_eval.expectation.numbers import Number
from village_eval.expectation.outcomes import SKIP_LEVEL
from village_eval.expectation.refits import Refits, less_their_mean
from village_eval.expectation.results import Check, Drawn
from village_eval.expectation.setting import Setting

FAIL, WEAK, RISE = 0.005, 0.03, 1.2
"""One-sided levels, and the least skip-level ratio that makes a fail misleading."""


def ask(case: Case) -> Check:
    """Fails when skip-level petitions gain on the local ones; misleads when they rose.

    Both beyond what quiet years show.
    """
    setting, estimate = case.setting, case.estimate
    if "skip_level" not in setting.panel.parts:
        return case.answer()
    window = estimate.window
    skip, total = (
        setting.panel.parts["skip_level"].astype(float),
        setting.panel.petitions.astype(float),
    )
    mix = _mix(setting, skip, total - skip, window, estimate.years)
    if mix is None:
        return case.answer()
    value, se, df = mix
    least = detectable(t_error(se, df), WEAK, sides=1)
    p = float(stdtr(df, -value / se))
    above = quiet_year_did(
        setting.panel,
        setting.campaign,
        outcome=SKIP_LEVEL.name,
        window=window,
        given=setting.beside(SKIP_LEVEL.name),
    )
    ratio = None if above.value is None else float(np.exp(above.value))
    rose = (ratio or 0) > RISE
    result = "fail" if p < FAIL else "weak" if p < WEAK else "pass"
    numbers = {
        "skip_level_ratio": Number(ratio, "ratio"),
        "mix_ratio": Number(float(np.exp(value)), "ratio"),
        "p_value": Number(p, "p_value"),
    }
    if "repeat" in setting.panel.parts:
        repeat = setting.panel.parts["repeat"].astype(float)
        again = _mix(setting, repeat, total - repeat, window, estimate.years)
        numbers["repeat_mix_ratio"] = Number(
            None if again is None else float(np.exp(again[0])), "ratio"
        )
    cause = "rise" if rose else "share"
    return case.answer(
        result,
        numbers,
        misleads=rose,
        cause=cause,
        could_see=Number(float(np.exp(least)), "ratio"),
    )


def _mix(
    setting: Setting, part: np.ndarray, rest: np.ndarray, window: str, quiet: Sequence[int]
) -> tuple[float, float, int] | None:
    """Change of log(part / rest), listed against unlisted, beyond quiet years: value, se, df.

    None where counts are too few.
    """
    columns = []
    for q in [0, *quiet]:
        origin = setting.rule.origin - 12 * q
        first, last = (origin + k for k in setting.campaign.windows()[window])
        # Part and rest, now and before: [V, 4].
        counts = [x[:, a:b].sum(1) for a, b in ((first, last), (0, origin)) for x in (part, rest)]
        with np.errstate(divide="ignore", invalid="ignore"):
            listed, others = (
                np.log(w @ np.column_stack(counts)) @ (1, -1, -1, 1)
                for w in (setting.treated(q), setting.control(q))
            )
            columns.append(listed - others)
    tau = np.column_stack(columns)
    if not np.isfinite(tau).all():
        return None
    refits = Refits(tau.T).combine(less_their_mean(len(quiet)))
    se = float(refits.se)
    return (float(refits.value), se, setting.df) if se > 0 else None


suppression = DeclaredCheck(
    "suppression",
    ask,
    asked_of_petitions,
    (
        Threat("suppression", (0.15, 0.25, 0.35, 0.5), base={"effect": 0.0}, field="suppression"),
        Threat(
            "suppression, a tenth surfaces",
            (0.25, 0.35, 0.5),
            base={"effect": 0.0, "surfacing": 0.1},
            field="suppression",
        ),
        Threat(
            "suppression, nothing surfaces",
            (0.25, 0.35, 0.5),
            base={"effect": 0.0, "surfacing": 0.0},
            field="suppression",
        ),
    ),
    Drawn((("skip_level_ratio",), ("mix_ratio",), ("repeat_mix_ratio",))),
)
