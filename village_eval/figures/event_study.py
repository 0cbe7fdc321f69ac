"""The event study: listed against unlisted by month, with the listing window and the campaign shaded."""

from __future__ import annotations

from village_eval.figures import style
from village_eval.figures.style import Picture
from village_eval.results import Finding
from village_eval.sentences import signed
from village_eval.wording import words


def event_study(finding: Finding, lang: str = "zh") -> Picture | None:
    """By month from the start (0), on the log scale labelled in per cent; None without months."""
    frame, t = finding.estimate.by_month, words(lang, "figures")["event_study"]
    if frame is None or frame.empty:
        return None
    frame = frame.dropna(subset=["estimate"])
    month, listing, campaign = frame["month"], frame["in_listing_window"], frame["in_campaign"]
    with style.house():
        figure, ax = style.canvas(t["title"], 3.0)
        lo, hi = style.limits(frame["estimate"], frame["ci_low"].clip(lower=-2), frame["ci_high"].clip(upper=2))
        for mask, colour, label in ((listing, style.PALE, t["listing"]), (campaign, "#c9d8ea", t["campaign"])):
            if mask.any():
                first, last = month[mask].min() - 0.5, month[mask].max() + 0.5
                ax.axvspan(first, last, color=colour, lw=0, zorder=0)
                ax.text((first + last) / 2, hi, label, ha="center", va="top", fontsize=8)
        ax.axhline(0, color=style.QUIET, lw=0.8)
        ax.vlines(month, frame["ci_low"].clip(lo, hi), frame["ci_high"].clip(lo, hi), color=style.QUIET, lw=1)
        ax.scatter(month, frame["estimate"], s=14, color=style.CAMPAIGN, zorder=3)
        ax.set(xlabel=t["x"], ylabel=t["y"], ylim=(lo, hi + 0.06 * (hi - lo)), xlim=(month.min() - 1, month.max() + 1))
        ax.set_xticks([m for m in range(int(month.min()), int(month.max()) + 1) if m % 6 == 0])
        style.percent_axis(ax.yaxis, lo, hi)
    before, after = frame["estimate"][listing].mean(), frame["estimate"][month >= 0].mean()
    return Picture(
        "event_study",
        figure,
        t["alt"].format(before=signed(before, "log_ratio", lang), after=signed(after, "log_ratio", lang), n=len(frame)),
        t["note"],
    )
