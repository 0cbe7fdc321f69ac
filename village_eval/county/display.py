"""What a campaign, a county and its panel show of themselves: no village, no person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from village_eval.words import wording as w
from village_eval.words.card import Card, brief
from village_eval.words.catalogue import words

if TYPE_CHECKING:
    from village_eval.county.campaign import Campaign
    from village_eval.county.county import County
    from village_eval.county.panel import Panel


def _span(ends: tuple[pd.Period, pd.Period]) -> str:
    return f"{ends[0]} – {ends[1]}"


def campaign_card(campaign: Campaign, lang: str) -> Card:
    """Its dates, and the windows that are cut from them."""
    t = words(lang, "display")
    facts = [
        (t["start"], f"{campaign.start}, {t['days'].format(n=campaign.days)}"),
        (t["listing_window"], _span(campaign.listing_window)),
        (t["observed"], _span(campaign.observed)),
    ]
    if campaign.earlier_campaigns:
        facts.append((t["earlier_campaigns"], ", ".join(map(str, campaign.earlier_campaigns))))
    if campaign.unusual:
        facts.append((t["unusual"], ", ".join(map(_span, campaign.unusual))))
    if campaign.outcomes:
        facts.append((t["own_outcomes"], ", ".join(campaign.outcomes)))
    remarks = (t["synthetic"],) if campaign.synthetic else ()
    return Card(t["campaign"].format(county=campaign.county), tuple(facts), None, remarks, lang)


def county_card(county: County, lang: str) -> Card:
    """How many villages, and the tables that there are."""
    t, villages = words(lang, "display"), county.villages
    listed, n = int((villages["listed"] == 1).sum()), len(villages)
    facts = [
        (t["start"], f"{county.campaign.start}, {t['days'].format(n=county.campaign.days)}"),
        (t["villages"], t["of_whom"].format(listed=listed, others=n - listed)),
        (t["townships"], str(villages["township_code"].nunique())),
        (t["petitions"], t["register" if county.is_register else "counts"]),
    ]
    if county.warnings:
        facts.append((t["warnings"], str(len(county.warnings))))
    if county.plan is not None:
        facts.append((t["plan"], brief(county.plan)))
    rows = [(name, f"{len(table):,}", _columns(table)) for name, table in county.tables().items()]
    table = pd.DataFrame(rows, columns=[t["table"], t["rows"], t["columns"]])
    remarks = (t["synthetic"],) if county.campaign.synthetic else ()
    return Card(county.campaign.county, tuple(facts), table, remarks, lang)


def _columns(table: pd.DataFrame) -> str:
    names = [str(name) for name in table]
    return ", ".join(names[:4]) + (f", … ({len(names)})" if len(names) > 4 else "")


def panel_card(panel: Panel, lang: str) -> Card:
    """Shapes, spans and totals."""
    t, listed = words(lang, "display"), panel.listed
    facts = [
        (t["villages"], t["of_whom"].format(listed=listed.sum(), others=(~listed).sum())),
        (t["townships"], str(len(np.unique(panel.township)))),
        (t["months"], f"{panel.months[0]} – {panel.months[-1]} ({len(panel.months)})"),
        (t["petitions"], _totals(panel.petitions, listed, lang)),
    ]
    facts += [(t["parts"], _names(panel.parts))] if panel.parts else []
    if panel.income is not None and panel.income_periods is not None:
        periods = panel.income_periods
        facts.append((t["income"], f"{periods[0]} – {periods[-1]} ({len(periods)}), yuan × 5"))
    if panel.earlier_lists:
        facts.append((t["earlier_lists"], ", ".join(map(str, panel.earlier_lists))))
    facts.append((t["ledger"], str(len(panel.ledger))))
    shape = f"{panel.petitions.shape[0]:,} × {panel.petitions.shape[1]}"
    return Card(t["panel"].format(shape=shape), tuple(facts), lang=lang)


def _names(parts: Mapping[str, np.ndarray]) -> str:
    names = list(parts)
    return ", ".join(names[:8]) + (f", … ({len(names)})" if len(names) > 8 else "")


def _totals(counts: np.ndarray, listed: np.ndarray, lang: str) -> str:
    of_listed = counts[listed].sum() / max(counts.sum(), 1)
    share = w.share(float(of_listed), lang)
    return str(words(lang, "display")["total"].format(n=f"{counts.sum():,}", share=share))
