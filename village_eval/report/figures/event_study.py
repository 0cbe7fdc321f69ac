"""The event study: listed against unlisted by month.

Listing window and campaign shaded, beside the same in quiet years.
"""

from __future__ import annotations

import pandas as pd

from village_eval.report.amounts import signed
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import words


def event_study(by_month: pd.DataFrame | None, lang: str = "zh") -> Picture | None:
    """By month from the start (0), log scale labelled in per cent.

    Columns of EventStudy.by_month, ``quiet`` optional.
    """
    t = words(lang, "figures")["event_study"]
    frame = None if by_month is None else by_month.dropna(subset=["estimate"])
    if frame is None or frame.empty:
        return None
    month, listing, campaign = frame["month"], frame["in_listing_window"], frame["in_campaign"]
    quiet = frame["quiet"] if "quiet" in frame else pd.Series(dtype=float)
    when_ranked, since = frame["estimate"][listing].mean(), frame["estimate"][month >= 0].mean()
    fell_back = when_ranked > max(since, 0)  # False where there are no such months
    title = t["title" if fell_back else "title_plain"]
    with style.house():
        beside = t["title_quiet"] if quiet.notna().any() else ""
        figure, ax = style.canvas(title + beside, 2.9)
        lo, hi = style.limits(
            frame["estimate"], frame["ci_low"].clip(lower=-2), frame["ci_high"].clip(upper=2)
        )
        for mask, colour, label in (
            (listing, style.PALE, t["listing"]),
            (campaign, "#c9d8ea", t["campaign"]),
        ):
            if mask.any():
                first, last = month[mask].min() - 0.5, month[mask].max() + 0.5
                ax.axvspan(first, last, color=colour, lw=0, zorder=0)
                ax.text((first + last) / 2, hi, label, ha="center", va="bottom", fontsize=8)
        ax.axhline(0, color=style.QUIET, lw=0.8)
        ax.vlines(
            month,
            frame["ci_low"].clip(lo, hi),
            frame["ci_high"].clip(lo, hi),
            color="#9db4d0",
            lw=1,
        )
        ax.scatter(
            month, frame["estimate"], s=14, color=style.CAMPAIGN, zorder=3, label=t["months"]
        )
        if quiet.notna().any():
            ax.plot(month, quiet, color=style.INK, lw=1.3, ls="--", label=t["quiet"])
            style.legend_outside(figure, ax, "outside lower right", 2)
        ax.set(
            xlabel=t["x"],
            ylabel=t["y"],
            ylim=(lo, hi + 0.07 * (hi - lo)),
            xlim=(month.min() - 1, month.max() + 1),
        )
        ax.set_xticks([m for m in range(int(month.min()), int(month.max()) + 1) if m % 6 == 0])
        style.percent_axis(ax.yaxis, lo, hi, lang)
    known = quiet.notna() & (month.reindex(quiet.index) >= 0)
    beside = t["alt_quiet"].format(value=_percent(quiet[known], lang)) if known.any() else ""
    before, after = (
        _percent(frame["estimate"][listing], lang),
        _percent(frame["estimate"][month >= 0], lang),
    )
    return Picture(
        "event_study",
        figure,
        t["alt"].format(before=before, after=after, n=len(frame), quiet=beside),
        t["note" if fell_back else "note_plain"],
    )


def _percent(values: pd.Series, lang: str) -> str:
    return signed(float(values.mean()), "log_ratio", lang) if len(values) else "0%"
