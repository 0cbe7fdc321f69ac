"""Does one township carry the answer, or one village in it?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.checks.declared import Case, DeclaredCheck, Simulated, Threat, edited
from village_eval.county.panel import Panel
from village_eval.expectation.numbers import Number, change
from village_eval.expectation.results import Check, Drawn

CARRIES = 0.80
"""A township that makes up so much of the jackknife's variance carries the answer."""
HOLDS, HOLDS_MOST = 0.25, 0.40
"""Shares of the listed villages' total that make one village's luck the answer, a land compensation
say."""


def ask(case: Case) -> Check:
    """Range of the estimate when each township is left out.

    Weak when one carries it, fail when the sign then turns.

    Weak, or a fail that does not mislead, too when one village holds much, or most, of the listed
    villages' total.
    """
    estimate, panel = case.estimate, case.setting.panel
    if estimate.refits is None or estimate.ci_low is None or estimate.ci_high is None:
        return case.answer()
    without = estimate.refits.without
    names = (
        panel.villages.drop_duplicates("township_code")
        .sort_values("township_code")["township_name"]
        .to_numpy()
    )
    moves = without - case.value
    worst = int(np.argmax(np.abs(moves)))
    share = float(moves[worst] ** 2 / (moves**2).sum()) if (moves**2).sum() > 0 else 0.0
    turns = bool(np.sign(without[worst]) != np.sign(case.value))
    concluded = not estimate.ci_low <= 0 <= estimate.ci_high
    village = estimate.largest_share
    bad = (concluded and turns) or (village or 0) > HOLDS_MOST
    result = "fail" if bad else "weak" if share > CARRIES or (village or 0) > HOLDS else "pass"
    numbers = {
        "min": change(float(without.min()), estimate.scale),
        "max": change(float(without.max()), estimate.scale),
        "township": Number(str(names[worst]), "name"),
        "without_it": change(float(without[worst]), estimate.scale),
        "share": Number(share, "share"),
        "largest_village_share": Number(village, "share"),
    }
    one_village = (village or 0) > (HOLDS_MOST if bad else HOLDS) and not (concluded and turns)
    return case.answer(
        result,
        numbers,
        cause="village" if one_village else "township",
        frame=pd.DataFrame({"township": names, "estimate": without}),
        could_see=Number(CARRIES, "share"),
    )


def one_township(made: Simulated, size: float, rng: np.random.Generator) -> Panel:
    """Only the township with the most listed villages has an effect: ``size``.

    A share of their petitions.
    """

    def change(y: np.ndarray, start: int) -> None:
        panel = made.panel
        most = np.bincount(panel.township, panel.listed).argmax()
        rows = panel.listed & (panel.township == most)
        y[rows, start:] = rng.binomial(y[rows, start:], 1 - size)

    return edited(made, change)


leave_one_township_out = DeclaredCheck(
    "leave_one_township_out",
    ask,
    threats=(Threat("one township", (0.5, 0.9), base={"effect": 0.0}, change=one_township),),
    figure=Drawn(label="township"),
)
