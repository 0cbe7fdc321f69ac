"""What rounds drawn by lot showed over counties, in words: the only ones that say “did”."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from village_eval.many.lots import DID
from village_eval.report.amounts import signed, size
from village_eval.words import wording as w
from village_eval.words.vocabulary import name


def by_lot(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of pooled.json whose doses a lot assigned."""
    return [m for m in content["measures"] if m.get("level_of_doses") == "assigned"]


def lot_name(row: Mapping[str, Any], lang: str) -> str:
    """What a lot gave: an early start, or priority for a group of measures."""
    t = w.words(lang, "many")["lot"]
    if row["group"] is None:
        return str(t["start"])
    return str(t["priority"].format(group=name("measure_group", row["group"], lang)))


def lot_sentence(row: Mapping[str, Any], lang: str) -> str:
    """What one factor of the lotteries did."""
    t = w.words(lang, "many")["lot"]
    about = {
        "what": w.capital(lot_name(row, lang), lang),
        "n": w.count(row["counties"], lang),
        "villages": w.count(row["villages"], lang),
        "months": row["months"],
        "size": size(row["estimate"], "log_ratio", lang),
        "low": signed(row["ci_low"], "log_ratio", lang),
        "high": signed(row["ci_high"], "log_ratio", lang),
    }
    return str(t[row["conclusion"]].format(**about))


def lot_points(content: Mapping[str, Any], lang: str) -> list[str]:
    """For page one: what the lots showed; nothing where no county drew any."""
    rows, t = by_lot(content), w.words(lang, "many")["lot"]
    if not rows:
        return []
    found = [row for row in rows if row["conclusion"] in DID.values()]
    return [lot_sentence(row, lang) for row in found] or [t["none_found"].format(**_size(rows))]


def lot_steps(content: Mapping[str, Any], lang: str) -> list[str]:
    """What to do after the lots; nothing where no county drew any."""
    rows, t = by_lot(content), w.words(lang, "many")["lot"]
    if not rows:
        return []
    worked = [lot_name(row, lang) for row in rows if row["conclusion"] == "lowered"]
    key = "step_found" if worked else "step_more"
    return [t[key].format(list=w.join(worked, lang), **_size(rows))]


def lot_remarks(content: Mapping[str, Any], lang: str) -> list[str]:
    """What to keep in mind of the lots: how they were kept, few counties, which are left out."""
    lots, t = content.get("lots"), w.words(lang, "many")["lot"]
    if not lots or not lots["counties_in_all"]:
        return []
    said = [t["kept"]] if by_lot(content) else []
    if any(row["warned"] for row in by_lot(content)):
        said.append(t["unbalanced"])
    for left in lots["left_out"]:
        reason = t["reason"][left["reason"]]
        said.append(t["left_out"].format(county=left["county"], reason=reason))
    return said


def _size(rows: list[Mapping[str, Any]]) -> dict[str, int]:
    return {"n": max(row["counties"] for row in rows)}
