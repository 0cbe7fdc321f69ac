"""What estimates, checks and findings show of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from village_eval.words import names
from village_eval.words import wording as w
from village_eval.words.card import Card, cell
from village_eval.words.catalogue import UnknownWords, words

if TYPE_CHECKING:
    from village_eval.expectation.results import Check, Estimate, Finding


def why(reason: str | None, lang: str) -> str:
    """Why there is no number; a reason of a design of one's own as its author wrote it."""
    try:
        return names.reason(reason, lang)
    except UnknownWords:
        return str(reason)


def in_percent(value: float, scale: str) -> float:
    """A value on its scale in per cent for readers; points of a share for the scale ``share``."""
    return float(100 * (np.expm1(value) if scale == "log_ratio" else value))


def change_text(e: Estimate, lang: str) -> str:
    """``−18.9 % [−32.0, −2.0]``, or why there is no number."""
    if e.value is None:
        return why(e.reason, lang)
    unit = " %" if e.scale == "log_ratio" else f" {words(lang, 'display')['points']}"
    text = _tenth(in_percent(e.value, e.scale))
    if e.ci_low is None or e.ci_high is None:
        return text + unit
    ends = ", ".join(_tenth(in_percent(x, e.scale)) for x in (e.ci_low, e.ci_high))
    return f"{text}{unit} [{ends}]"


def _tenth(x: float) -> str:
    near = round(x, 1)
    return f"{near:+.1f}".replace("-", w.MINUS) if near else "0.0"


def estimate_card(e: Estimate, lang: str) -> Card:
    """Value, interval, p, of how many villages, and the quiet years."""
    t = words(lang, "display")
    title = f"{e.design} · {e.id}"
    if e.value is None:
        return Card(title, ((t["no_number"], why(e.reason, lang)),), lang=lang)
    facts = [(t["change"], change_text(e, lang)), (t[e.scale], cell(e.value))]
    if e.ci_low is not None:
        facts.append((t["interval"], f"[{cell(e.ci_low)}, {cell(e.ci_high)}]"))
        facts.append((t["se_p"], f"{cell(e.se)}, {cell(e.p_value)}"))
    facts.append((t["villages"], t["of_whom"].format(listed=e.n_treated, others=e.n_control)))
    facts.append((t["townships"], str(e.n_clusters)))
    table = None
    if e.quiet is not None and len(e.quiet):
        table = e.quiet[["year", "estimate", "se", "ci_low", "ci_high"]]
        table = table.astype({"year": str}).rename(columns={"year": t["quiet_year"]})
    return Card(title, tuple(facts), table, lang=lang)


def check_card(check: Check, lang: str) -> Card:
    """The verdict, and each number with its unit."""
    t = words(lang, "display")
    facts = [(t["verdict"], f"{check.verdict} ({names.verdict(check.verdict, lang)})")]
    if check.could_see is not None:
        facts.append((t["could_see"], f"{cell(check.could_see.value)} {check.could_see.unit}"))
    rows = [(key, cell(n.value), n.unit) for key, n in check.numbers.items()]
    table = pd.DataFrame(rows, columns=[t["number"], t["value"], t["unit"]]) if rows else None
    title = f"{check.name} · {check.finding}: {names.check(check.name, lang, check.words)}"
    return Card(title, tuple(facts), table, lang=lang)


def finding_card(f: Finding, lang: str) -> Card:
    """Grade, conclusion, the estimate, and which checks did not pass."""
    t, e = words(lang, "display"), f.estimate
    told = [(t["change"], change_text(e, lang))]
    told.append((t["grade"], f.grade))
    told.append((t["conclusion"], f.conclusion or w.NONE))
    if e.value is not None:
        told.append((t["p_adjusted"], f"{cell(e.p_value)}, {cell(f.p_adjusted)}"))
        told.append((t["precision"], f.precision or w.NONE))
    if f.minimum_detectable_percent is not None:
        told.append((t["detectable"], f"{_tenth(f.minimum_detectable_percent)} %"))
    if f.capped:
        told.append((t["capped"], ", ".join(f.capped)))
    passed = [c.name for c in f.checks if c.verdict == "pass"]
    if passed:
        told.append((t["passed"], ", ".join(passed)))
    rows = [(c.name, c.verdict) for c in f.checks if c.verdict in ("weak", "fail")]
    table = pd.DataFrame(rows, columns=[t["check"], t["verdict"]]) if rows else None
    return Card(f.id, tuple(told), table, lang=lang)
