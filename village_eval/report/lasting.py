"""Words on the time after the campaign: what persistence.py found, as sentences in a language."""

from __future__ import annotations

import numpy as np

from village_eval.county.campaign import Campaign
from village_eval.findings.contrast import Contrast
from village_eval.findings.may_say import half_life, relation
from village_eval.findings.persistence import PIECES, Fade, Persistence
from village_eval.report.amounts import signed
from village_eval.words import wording as w
from village_eval.words.vocabulary import name


def span(campaign: Campaign, window: str, lang: str) -> str:
    """The months of a window: ``2023年7月至2024年6月``."""
    first, end = campaign.windows()[window]
    months_of = (campaign.start_month + first, campaign.start_month + end - 1)
    form = w.words(lang, "report")["persistence"]["span"]
    return str(form.format(first=w.month(months_of[0], lang), last=w.month(months_of[1], lang)))


def overlap(campaign: Campaign) -> int:
    """How many months of the year after the campaign are also in the year from the start."""
    windows = campaign.windows()
    return max(0, windows["first_year"][1] - windows["after"][0])


def lasting_sentences(p: Persistence, lang: str, shared: int = 0) -> list[str]:
    """Whether the effect lasts: the verdict, the path by window, the contrast, a half-life.

    The latter only where it may be told (may_say.half_life), and never on page one. ``shared``:
    months that the two years of the contrast have in common.
    """
    t = w.words(lang, "report")["persistence"]
    said = [verdict_sentence(p, lang)]
    if p.verdict == "misleading":
        return said
    said += [path_sentence(p, lang), contrast_sentence(p.contrast, lang, shared)]
    if p.fade is not None and half_life(p.fade):
        said.append(t["half_life"].format(**half_life_words(p.fade)))
    return [line for line in said if line]


def verdict_sentence(p: Persistence, lang: str) -> str:
    """Whether the effect fades, as far as that can be told."""
    t = w.words(lang, "report")["persistence"]
    needs = p.windows.loc[p.windows["window"] == "after", "needs"].iloc[0]
    return str(t[p.verdict].format(month=w.month(needs, lang)))


def path_sentence(p: Persistence, lang: str) -> str:
    """The windows after the end one after the other, each with its range; empty without any."""
    t = w.words(lang, "report")["persistence"]
    rows = p.windows[p.windows["window"].isin(PIECES)]
    items = [
        t["path_item"].format(
            window=t["piece"][row.window],
            signed=signed(row.estimate, "log_ratio", lang),
            low=signed(row.ci_low, "log_ratio", lang),
            high=signed(row.ci_high, "log_ratio", lang),
        )
        for row in rows.itertuples()
        if not w.missing(row.estimate) and not w.missing(row.ci_low)
    ]
    return str(t["path"].format(list=t["separator"].join(items))) if items else ""


def contrast_sentence(c: Contrast | None, lang: str, shared: int = 0) -> str:
    """The year after against the first year, with its range; empty where it was not asked.

    With what their overlap of ``shared`` months makes of it.
    """
    if c is None or c.conclusion == "not_asked":
        return ""
    ends = {k: signed(getattr(c, k), "log_ratio", lang) for k in ("ci_low", "ci_high")}
    form = w.words(lang, "report")["persistence"]["contrast" if shared else "contrast_apart"]
    return str(form.format(signed=signed(c.value, "log_ratio", lang), overlap=shared, **ends))


def half_life_words(fade: Fade) -> dict[str, str]:
    """The half-life and its interval as text, in whole months."""
    ends = {"half_life": fade.half_life, "low": fade.low, "high": fade.high}
    return {k: months(v) for k, v in ends.items()}


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
