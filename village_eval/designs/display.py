"""What designs that have more than one number show: a path, bounds, a jump."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from village_eval.expectation.display import estimate_card, why
from village_eval.words.card import Card, cell
from village_eval.words.catalogue import words

if TYPE_CHECKING:
    from village_eval.designs.event_study import EventStudy
    from village_eval.designs.honest_did import HonestDid
    from village_eval.designs.regression_discontinuity import Discontinuity

AROUND = 12
"""Months before and after the start that a screen has room for."""


def event_study_card(study: EventStudy, lang: str) -> Card:
    """The path by month around the start; there is no single number."""
    t = words(lang, "display")
    title = f"event_study · {study.question.outcome.name}"
    if study.by_month is None:
        return Card(title, ((t["no_number"], why(study.reason, lang)),), lang=lang)
    path = study.by_month
    near = path["month"].between(-AROUND, AROUND - 1)
    columns = ["month", "estimate", "ci_low", "ci_high", "quiet"]
    span = f"{path['month'].iloc[0]} … {path['month'].iloc[-1]} ({len(path)})"
    facts = ((t["months_from_start"], span), (t["log_ratio"], "estimate, quiet"))
    return Card(title, facts, path.loc[near, columns], (t["path"],), lang)


def honest_did_card(found: HonestDid, lang: str) -> Card:
    """Its bounds by how far trends may have parted, and where the interval first holds zero."""
    t, card = words(lang, "display"), estimate_card(found.estimate, lang)
    if found.bounds is None or found.smoothness is None:
        return card
    restricted = {"relative_magnitude": found.bounds, "smoothness": found.smoothness}
    table = pd.concat([rows.assign(restriction=name) for name, rows in restricted.items()])
    table = table[["restriction", "M", "low", "high", "ci_low", "ci_high"]]
    facts = (*card.facts, (t["breakdown"], cell(found.breakdown)))
    return Card(card.title, facts, table, lang=lang)


def discontinuity_card(found: Discontinuity, lang: str) -> Card:
    """The jump with what tells whether to believe it."""
    t, card = words(lang, "display"), estimate_card(found.estimate, lang)
    if found.bandwidth is None:
        return card
    near = f"{cell(found.bandwidth)}, {found.n_above} + {found.n_below}"
    density = found.density_p_value if found.density_p_value is not None else np.nan
    facts = (*card.facts, (t["bandwidth"], near), (t["density"], cell(density)))
    return Card(card.title, facts, card.table, lang=lang)
