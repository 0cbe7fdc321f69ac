"""Outcomes beside petitions and income, through the same design.

Parts of the register, shares, scores, and a researcher's own.

Three kinds. ``count``: ratio of sums, like petitions. ``share``: a part of a whole, in points
(expectation/shares.py); a yearly value from 0 to 1 is a share of one. ``mean``: ratio of sums of a
yearly value, the change of its mean in per cent. What the county's tables do not hold makes no
finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.county import County
from village_eval.county.panel import RESOLVED_DAYS, Panel, row_of_code
from village_eval.county.periods import periods_of
from village_eval.expectation.history import UNFITTED
from village_eval.expectation.listing import quiet_origins
from village_eval.expectation.outcomes import OUTCOMES, Kind, Outcome
from village_eval.expectation.panel_settings import Settings
from village_eval.expectation.series import Series, petition_series, touched
from village_eval.expectation.setting import Setting
from village_eval.expectation.shares import ShareSetting
from village_eval.words.catalogue import LANGUAGES


@dataclass(frozen=True, eq=False)
class Yearly:
    """A yearly value of villages.

    ``years`` int [Y], ``values`` float [V, Y], NaN where not known.
    """

    years: np.ndarray
    values: np.ndarray


def yearly_values(
    county: County, panel: Panel, as_of: dt.date | str | None = None
) -> dict[str, Yearly]:
    """The county's yearly values by name.

    Satisfaction as a share of full marks, and each outcome of the table ``outcomes``.
    """
    found = {}
    if county.satisfaction is not None and len(county.satisfaction):
        scores = county.satisfaction.assign(value=county.satisfaction["score"] / 100)
        found["satisfaction"] = _yearly(scores, county, panel, as_of, added=False)
    if county.outcomes is not None:
        for name, rows in county.outcomes.groupby("outcome"):
            kind = county.campaign.outcomes.get(name, {}).get("kind")
            found[str(name)] = _yearly(rows, county, panel, as_of, added=kind == "count")
    return {name: yearly for name, yearly in found.items() if len(yearly.years)}


def others(campaign: Campaign, panel: Panel, yearly: dict[str, Yearly]) -> list[Outcome]:
    """The further outcomes that a county's data hold.

    The built-in ones, then those that campaign.toml declares.
    """
    own = [_declared(name, o, panel, yearly) for name, o in campaign.outcomes.items()]
    further = [o for o in OUTCOMES if o.family == "other"]
    held = {"petitions", *panel.parts, *yearly}
    return [
        o for o in [*further, *own] if held.issuperset(o.columns) and (o.of is None or o.of in held)
    ]


def _declared(name: str, o: Mapping[str, str], panel: Panel, yearly: dict[str, Yearly]) -> Outcome:
    """An outcome of the county's own."""
    column = o.get("column", name)
    counted = o["kind"] == "count" and column in {"petitions", *panel.parts} - set(yearly)
    return Outcome(
        name,
        "other",
        cast(Kind, o["kind"]),
        {"more": 1, "fewer": -1}[o["better"]],
        (column,),
        o.get("of"),
        "share" if o["kind"] == "share" else "petitions" if counted else None,
        by_year=column in yearly,
        label={lang: o.get(lang, name) for lang in LANGUAGES},
    )


def settings(family: Settings, yearly: dict[str, Yearly]) -> Iterator[Setting]:
    """The setting that designs need of each further outcome."""
    panel, campaign = family.panel, family.campaign
    for other in others(campaign, panel, yearly):
        (column,) = other.columns
        part = _outcome(panel, campaign, yearly, other, column)
        if other.kind != "share":
            yield family.of(part)
            continue
        if other.of is None:
            ones = np.where(np.isfinite(part.values), 1.0, np.nan)
            whole = (
                replace(part, values=ones)
                if column in yearly
                else _outcome(panel, campaign, yearly, other, "petitions")
            )
        else:
            whole = _outcome(panel, campaign, yearly, other, other.of)
        known = np.isfinite(part.values) & np.isfinite(whole.values)
        part, whole = (
            replace(o, values=np.where(known, o.values, np.nan), statistic="share")
            for o in (part, whole)
        )
        yield ShareSetting(panel, campaign, part, family.rule, UNFITTED, family, whole=whole)


def _outcome(
    panel: Panel, campaign: Campaign, yearly: dict[str, Yearly], other: Outcome, column: str
) -> Series:
    if column in yearly:
        return _by_year(panel, campaign, other, yearly[column])
    series = petition_series(panel, campaign, replace(other, columns=(column,)))
    values = series.values.copy()
    # What came in last has not had its sixty days.
    if column == "resolved":
        values[:, -(RESOLVED_DAYS // 30) :] = np.nan
    return replace(series, outcome=other, values=values)


def _by_year(panel: Panel, campaign: Campaign, other: Outcome, yearly: Yearly) -> Series:
    """By calendar year, cut like income: a quiet year touches no campaign."""
    start, first = campaign.income_year() - int(yearly.years[0]), int(yearly.years[0])
    listing = {
        (panel.month_index(campaign.start_month) - o) // 12
        for o in quiet_origins(panel, campaign, (0, 12))
    }
    lag = int(campaign.start.month > 6)
    quiet = [
        q
        for q in sorted(listing)
        if start - q - lag >= 1 and not touched(panel, campaign, first + start - q)
    ]
    windows = {"first_year": (0, 1)}
    return Series(other, yearly.values, 1, start, windows, {"first_year": quiet}, lag=lag)


def _yearly(
    table: pd.DataFrame,
    county: County,
    panel: Panel,
    as_of: dt.date | str | None,
    added: bool,
) -> Yearly:
    """Rows (village_code, period, value) by calendar year.

    Quarters and merged villages ``added`` up, else averaged.
    """
    period = periods_of(table["period"])
    row = table["village_code"].map(row_of_code(county, panel.villages))
    known = (row.notna() & table["value"].notna()).to_numpy()
    if as_of is not None:
        known = known & (period.end_time < pd.Timestamp(as_of))
    if not known.any():
        return Yearly(np.zeros(0, int), np.zeros((len(panel.villages), 0)))
    years = np.arange(period.year[known].min(), period.year[known].max() + 1)
    cell = row[known].to_numpy(int) * len(years) + (period.year[known].to_numpy() - years[0])
    size = len(panel.villages) * len(years)
    total, n = (
        np.bincount(cell, table["value"][known].to_numpy(float), size),
        np.bincount(cell, minlength=size),
    )
    with np.errstate(invalid="ignore"):
        values = np.where(n > 0, total if added else total / n, np.nan)
    return Yearly(years, values.reshape(len(panel.villages), len(years)))
