"""Mergers, recodings and missing reports.

Would the answer be another without the villages they touch?

Threat: a history stitched together from two villages, or a township whose reports did not arrive,
looks like a rise or a fall. The estimate is made again without villages that were merged or recoded
and without townships that report nothing for SILENT_MONTHS running although petitions were to be
expected. Weak or fail when the answer moves by more than leaving so many out would move it by
chance, and by a good part of its own error. A pass does not prove that the register is complete: a
village that stops reporting alone, or a township that reports half, is not seen.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtr

from village_eval.checks.declared import (
    Case,
    DeclaredCheck,
    Simulated,
    Threat,
    asked_of_headlines,
    edited,
)
from village_eval.checks.levels import detectable
from village_eval.county.panel import Panel
from village_eval.county.silence import silent_runs
from village_eval.designs.quiet_year_did import quiet_year_did
from village_eval.expectation.between_years import t_error
from village_eval.expectation.numbers import Number, change
from village_eval.expectation.results import Check, Drawn, Estimate
from village_eval.expectation.setting import Setting

UNLIKELY = 1e-4
"""Silence counts as a missing report when chance would bring it less often than this, given what
the township files otherwise."""
WEAK, FAIL = 0.05, 0.01
"""Own levels: most counties have no such village, so this check adds little to the alarms of clean
ones."""
WEAK_MOVE, FAIL_MOVE = 0.5, 1.0
"""Least moves, in standard errors within the year, that make the verdict weak or fail."""


def changed(panel: Panel, changes: pd.DataFrame | None) -> np.ndarray:
    """bool [V]: villages that ``village_changes`` names, except those that were only renamed."""
    if changes is None or changes.empty:
        return np.zeros(len(panel.villages), bool)
    kinds = changes["kind"] if "kind" in changes else pd.Series("merged", changes.index)
    named = changes.loc[kinds != "renamed", ["old_code", "new_code"]].to_numpy(str)
    return np.asarray(panel.villages["village_code"].astype(str).isin(named.ravel()))


def silent_townships(panel: Panel) -> np.ndarray:
    """Townships without any petition for SILENT_MONTHS running: bool [G].

    Only where that is no accident.
    """
    counts = np.zeros((panel.township.max() + 1, panel.petitions.shape[1]))
    np.add.at(counts, panel.township, panel.petitions)
    silent = counts == 0
    longest = np.array([max((b - a for a, b in silent_runs(~row)), default=0) for row in silent])
    speaking = np.maximum((~silent).sum(1), 1)
    # Months of silence aside; a clumpier register than Poisson's is allowed for by the low level.
    usual = counts.sum(1) / np.where(
        longest > 0, np.maximum(counts.shape[1] - longest, speaking), counts.shape[1]
    )
    return np.asarray((longest > 0) & (counts.shape[1] * np.exp(-usual * longest) < UNLIKELY))


def ask(case: Case) -> Check:
    """The same estimate without touched villages; a pass when none is touched."""
    setting, estimate, panel = case.setting, case.estimate, case.setting.panel
    gone = changed(panel, case.changes)
    if setting.series.counts:  # income is reported apart from the register
        gone = gone | silent_townships(panel)[panel.township]
    if not gone.any():
        return case.answer("pass", {"touched": Number(0, "count")})
    listed = panel.listed
    numbers = {
        "effect": change(case.value, estimate.scale),
        "touched": Number(int(gone.sum()), "count"),
        "touched_listed": Number(int((gone & listed).sum()), "count"),
    }
    again = _without(setting, estimate.window, gone)
    if again is None or again.value is None or again.within_se is None:
        return case.answer("fail", numbers)  # nothing is left to confirm it by
    move, within = again.value - case.value, case.within_se
    # How far leaving out so many villages at random would move it (Hausman's argument), never taken
    # as less than their share.
    chance = np.sqrt(
        max(
            again.within_se**2 - within**2,
            gone[listed].mean() * within**2,
            1e-12,
        )
    )
    p = float(2 * stdtr(case.df, -abs(move) / chance))
    size = abs(move) / within
    result = (
        "fail"
        if p < FAIL and size > FAIL_MOVE
        else "weak"
        if p < WEAK and size > WEAK_MOVE
        else "pass"
    )
    least = max(WEAK_MOVE * within, float(chance) * detectable(t_error(1.0, case.df), WEAK))
    return case.answer(
        result,
        numbers | {"without": change(again.value, estimate.scale), "p_value": Number(p, "p_value")},
        could_see=change(least, estimate.scale),
    )


def _without(setting: Setting, window: str, gone: np.ndarray) -> Estimate | None:
    """The estimate of the villages that stay, the rule learned anew.

    None when no listed or no other village does.
    """
    rest = setting.without(gone)
    if rest is None:
        return None
    return quiet_year_did(rest.panel, rest.campaign, window=window, given=rest)


def missing_reports(made: Simulated, size: float, rng: np.random.Generator) -> Panel:
    """``size`` townships report nothing for half of the campaign's year.

    Those with the most listed villages.
    """

    def change(y: np.ndarray, start: int) -> None:
        panel = made.panel
        most = np.argsort(-np.bincount(panel.township, panel.listed))[: int(size)]
        y[np.isin(panel.township, most), start : start + 6] = 0

    return edited(made, change)


mergers = DeclaredCheck(
    "mergers",
    ask,
    asked_of_headlines,
    (Threat("townships silent", (1, 2, 4), change=missing_reports),),
    Drawn((("without",),)),
)
