"""Staggered starts: Callaway & Sant'Anna and the imputation estimator, for measures that begin at
different dates.

The library diff-diff does the work; this file gives it the shape of the other designs. Both assume
parallel trends of units that start and units that do not (yet), which a list of the worst breaks:
on the campaign itself they credit one that did nothing.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from village_eval.expectation.results import Estimate


def callaway_santanna(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    time: str,
    cohort: str,
    cluster: str | None = None,
    control_group: str = "never_treated",
) -> Estimate:
    """Simple ATT and event study (``by_month``: month = event time, estimate, se, ci_low, ci_high);
    Callaway & Sant'Anna 2021.

    ``frame`` is long, one row per unit and period; ``cohort`` is the first treated period, 0 for
    never.
    """
    from diff_diff import CallawaySantAnna

    data = frame.assign(**{c: frame[c].astype(int) for c in (unit, time, cohort)})
    fit = CallawaySantAnna(control_group=control_group, cluster=cluster).fit(
        data, outcome=outcome, unit=unit, time=time, first_treat=cohort
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        events = fit.aggregate("event_study")
    return _estimate(
        outcome,
        "callaway_santanna",
        fit,
        _events(events),
        data,
        unit,
        cohort,
        cluster,
        "Callaway & Sant'Anna 2021",
    )


def imputation(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    time: str,
    cohort: str,
    cluster: str | None = None,
) -> Estimate:
    """ATT over all treated observations by imputing their untreated outcomes; Borusyak, Jaravel &
    Spiess 2024."""
    from diff_diff import ImputationDiD

    data = frame.assign(**{c: frame[c].astype(int) for c in (unit, time, cohort)})
    fit = ImputationDiD(cluster=cluster).fit(
        data, outcome=outcome, unit=unit, time=time, first_treat=cohort
    )
    return _estimate(
        outcome,
        "imputation",
        fit,
        None,
        data,
        unit,
        cohort,
        cluster,
        "Borusyak, Jaravel & Spiess 2024",
    )


def _events(result) -> pd.DataFrame:
    """The library's event study in this package's columns, without reference periods."""
    columns = {
        "month": "event_time",
        "estimate": "att",
        "se": "se",
        "ci_low": "conf_int_lower",
        "ci_high": "conf_int_upper",
    }
    table = pd.DataFrame(
        {ours: np.asarray(getattr(result, theirs)) for ours, theirs in columns.items()}
    )
    return table[~np.asarray(result.is_reference, bool)].reset_index(drop=True)


def _estimate(outcome, design, fit, events, data, unit, cohort, cluster, reference) -> Estimate:
    treated = data.groupby(unit)[cohort].first() > 0
    low, high = fit.overall_conf_int
    return Estimate(
        outcome,
        "all",
        design,
        float(fit.overall_att),
        float(fit.overall_se),
        float(low),
        float(high),
        float(fit.overall_p_value),
        scale="difference",
        n_treated=int(treated.sum()),
        n_control=int((~treated).sum()),
        n_clusters=int(data[cluster or unit].nunique()),
        by_month=events,
        reference=reference,
    )
