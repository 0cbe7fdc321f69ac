"""Words on the time after the campaign: what persistence.py found, as sentences in a language."""

from __future__ import annotations

import numpy as np

from village_eval.findings.may_say import relation
from village_eval.findings.persistence import Fade, Persistence
from village_eval.report.amounts import signed
from village_eval.words import wording as w
from village_eval.words.vocabulary import name

LONG = 24
"""A half-life beyond so many months is as good as none seen."""


def verdict_sentence(p: Persistence, lang: str) -> str:
    """Whether the effect fades, and what is left of it."""
    t = w.words(lang, "report")["persistence"]
    if p.fade is None:
        third = p.windows.loc[p.windows["window"] == "after_4_6", "needs"].iloc[0]
        return t[p.verdict].format(month=w.month(third, lang))
    fields = numbers(p.fade, p.horizon, lang)
    if p.verdict == "open":
        return t["open_falling" if p.fade.half_life <= LONG else "open"].format(**fields)
    return t[p.verdict].format(**fields)


def numbers(fade: Fade, horizon: int, lang: str) -> dict[str, str]:
    """The half-life, its interval and what is left at the horizon, as text."""
    left, least, most = fade.left(horizon)
    return {
        "half_life": months(fade.half_life),
        "low": months(fade.low),
        "high": months(fade.high),
        "horizon": str(horizon),
        "left": w.share(left, lang),
        "least": w.share(least, lang),
        "most": w.share(most, lang),
    }


def months(x: float) -> str:
    """Whole months, at least one."""
    return str(max(round(x), 1)) if np.isfinite(x) else "∞"


def mechanism_sentences(p: Persistence, lang: str) -> list[str]:
    """One sentence per long-term mechanism that was recorded."""
    t, reasons = w.words(lang, "report")["mechanisms"], w.words(lang)["reason"]
    lines = []
    for row in p.mechanisms.itertuples():
        about = {
            "name": name("mechanism", row.mechanism, lang),
            "with_it": row.with_it,
            "without_it": row.without_it,
        }
        if w.missing(row.difference):
            lines.append(t["unknown"].format(**about, reason=reasons[row.reason]))
            continue
        ends = [signed(v, "log_ratio", lang, 0) for v in (row.ci_low, row.ci_high)]
        form = relation(row.ci_low, row.ci_high, "petitions")
        seen = w.detectable(row.minimum_detectable, True, lang)
        about |= {
            "difference": signed(row.difference, "log_ratio", lang),
            "low": ends[0],
            "high": ends[1],
            "seen": seen,
        }
        lines.append(t[form].format(**about))
    return lines
