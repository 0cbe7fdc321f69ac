"""Outcomes beside petitions and income, through the same design.

Parts of the register, shares, scores, and a researcher's own.

Three kinds. ``count``: ratio of sums, like petitions. ``share``: a part of a whole, in points
(expectation/shares.py); a yearly value from 0 to 1 is a share of one. ``mean``: ratio of sums of a
yearly value, the change of its mean in per cent. What the county's tables do not hold makes no
finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from village_eval.county.campaign import Campaign
from village_eval.county.further import Values
from village_eval.county.panel import RESOLVED_DAYS, Panel
from village_eval.expectation.history import UNFITTED
from village_eval.expectation.listing import quiet_origins
from village_eval.expectation.outcomes import OUTCOMES, Kind, Outcome
from village_eval.expectation.series import Series, petition_series, touched
from village_eval.expectation.setting import Setting
from village_eval.expectation.shares import ShareSetting
from village_eval.words.catalogue import LANGUAGES

if TYPE_CHECKING:
    from village_eval.expectation.panel_settings import Settings


def others(campaign: Campaign, panel: Panel) -> list[Outcome]:
    """The further outcomes that a county's data hold.

    The built-in ones, then those that campaign.toml declares.
    """
    own = [_declared(name, o, panel) for name, o in campaign.outcomes.items()]
    further = [o for o in OUTCOMES if o.family == "other"]
    held = {"petitions", *panel.parts, *panel.further}
    return [
        o for o in [*further, *own] if held.issuperset(o.columns) and (o.of is None or o.of in held)
    ]


def _declared(name: str, o: Mapping[str, str], panel: Panel) -> Outcome:
    """An outcome of the county's own."""
    column = o.get("column", name)
    counted = o["kind"] == "count" and column in {"petitions", *panel.parts} - set(panel.further)
    return Outcome(
        name,
        "other",
        cast(Kind, o["kind"]),
        {"more": 1, "fewer": -1}[o["better"]],
        (column,),
        o.get("of"),
        "share" if o["kind"] == "share" else "petitions" if counted else None,
        by_year=column in panel.further and not panel.further[column].monthly,
        label={lang: o.get(lang, name) for lang in LANGUAGES},
    )


def settings(family: Settings) -> Iterator[Setting]:
    """The setting that designs need of each further outcome."""
    for other in others(family.campaign, family.panel):
        yield setting_of(family, other)


def setting_of(family: Settings, other: Outcome) -> Setting:
    """The setting of one further outcome that the county's data hold."""
    panel, campaign = family.panel, family.campaign
    (column,) = other.columns
    part = _series(panel, campaign, other, column)
    if other.kind != "share":
        return family.of(part)
    if other.of is None:
        ones = np.where(np.isfinite(part.values), 1.0, np.nan)
        whole = (
            replace(part, values=ones)
            if column in panel.further
            else _series(panel, campaign, other, "petitions")
        )
    else:
        whole = _series(panel, campaign, other, other.of)
    known = np.isfinite(part.values) & np.isfinite(whole.values)
    part, whole = (
        replace(o, values=np.where(known, o.values, np.nan), statistic="share")
        for o in (part, whole)
    )
    return ShareSetting(panel, campaign, part, family.rule, UNFITTED, family, whole=whole)


def _series(panel: Panel, campaign: Campaign, other: Outcome, column: str) -> Series:
    if column in panel.further:
        return series_of(panel, campaign, other, panel.further[column])
    series = petition_series(panel, campaign, replace(other, columns=(column,)))
    values = series.values.copy()
    # What came in last has not had its sixty days.
    if column == "resolved":
        values[:, -(RESOLVED_DAYS // 30) :] = np.nan
    return replace(series, outcome=other, values=values)


def series_of(panel: Panel, campaign: Campaign, other: Outcome, known: Values) -> Series:
    """Values of villages that are no part of the register, by month or by calendar year."""
    return (_by_month if known.monthly else _by_year)(panel, campaign, other, known)


def _by_month(panel: Panel, campaign: Campaign, other: Outcome, known: Values) -> Series:
    """Cut like petitions; months that the panel does not have are left out."""
    series = petition_series(panel, campaign)
    at = known.periods.get_indexer(panel.months)
    values = np.where(at >= 0, known.values[:, at], np.nan)
    return replace(series, outcome=other, values=values)


def _by_year(panel: Panel, campaign: Campaign, other: Outcome, known: Values) -> Series:
    """Cut like income: a quiet year touches no campaign."""
    first = int(known.periods[0].year)
    start = campaign.income_year() - first
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
    return Series(other, known.values, 1, start, windows, {"first_year": quiet}, lag=lag)
