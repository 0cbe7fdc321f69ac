"""What the attribution to measures shows of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from village_eval.expectation.display import why
from village_eval.words.card import Card
from village_eval.words.catalogue import words

if TYPE_CHECKING:
    from village_eval.measures.attribute import Attribution


def attribution_card(a: Attribution, lang: str) -> Card:
    """Of petitions: overall, the groups, then the measures from fewer petitions to more."""
    t = words(lang, "display")
    if a.rows.empty:
        return Card(t["attribution"], ((t["no_number"], why(a.reason, lang)),), lang=lang)
    rows = a.rows[a.rows["outcome"] == a.rows["outcome"].iloc[0]]
    order = rows["level"].map({"overall": 0, "group": 1, "measure": 2})
    rows = rows.assign(order=order).sort_values(["order", "estimate"], kind="stable")
    named = rows["measure"].where(rows["level"] == "measure", rows["group"])
    table = rows.assign(name=named.where(rows["level"] != "overall", "")).fillna({"name": ""})
    table = table[["level", "name", "estimate", "ci_low", "ci_high", "p_adjusted"]]
    remarks = [t["went_with"]]
    if a.doubtful:
        remarks.append(t["doubtful"])
    if a.bundles:
        remarks.append(t["bundles"].format(names="; ".join(", ".join(b) for b in a.bundles)))
    facts = ((t["outcome"], str(rows["outcome"].iloc[0])), (t["listed"], str(len(a.doses))))
    return Card(t["attribution"], facts, table, tuple(remarks), lang)
