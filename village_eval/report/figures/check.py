"""One check as a picture: what it compared, beside the number that it asks about, under its verdict
as title."""

from __future__ import annotations

from village_eval.expectation.results import Check, Finding
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.report.sentences import noun, signed
from village_eval.words.wording import missing, percentage, words

ROWS: dict[str, tuple[tuple[str, ...], ...]] = {
    "suppression": (("skip_level_ratio",), ("mix_ratio",), ("repeat_mix_ratio",)),
    "subsidy": (("earned_percent", "earned_ci_low_percent", "earned_ci_high_percent"),),
    "bunching": (("above_share",), ("usual_share",)),
    "displacement": (("slope", "slope_low", "slope_high"),),
    "spillover": (("slope", "slope_low", "slope_high"),),
    "placebo_space": (("change", "change_low", "change_high"),),
    "placebo_outcome": (("before",), ("settled",)),
    "pre_trend": (("change",),),
    "seasonality": (("campaign",), ("rest",), ("rush",)),
    "mergers": (("without",),),
}
"""Numbers of a check that are drawn, each with the ends of its interval where it has one; other
checks draw their frame."""
OF_SHARES = ("bunching", "displacement", "spillover")
"""Checks that compare shares and slopes, not effects: no headline beside them."""
LABELS = {
    "quiet_year_stability": "year",
    "leave_one_township_out": "township",
    "placebo_time": "date",
}


def check(check: Check, finding: Finding, lang: str = "zh") -> Picture | None:
    """Dots with their intervals, one row a comparison, the finding's own number on top; None when
    nothing was compared."""
    rows = _rows(check, lang)
    if check.verdict == "not_applicable" or not rows:
        return None
    t, text, est = words(lang, "figures")["check"], words(lang), finding.estimate
    shares = check.name in OF_SHARES
    if not shares:
        rows.insert(
            0, (t["finding"].format(noun=noun(finding, lang)), est.value, est.ci_low, est.ci_high)
        )
    title = t["title"].format(
        name=text["check_name"][check.name], verdict=text["verdict"][check.verdict]
    )
    scale = "share" if shares else est.scale
    with style.house():
        figure, ax = style.canvas(title, 1.0 + 0.25 * len(rows))
        ax.axvline(0, color=style.QUIET, lw=0.8)
        for y, (_, value, low, high) in enumerate(rows):
            first = y == 0 and not shares
            colour, mark = (style.CAMPAIGN, "D") if first else (style.INK, "o")
            if not missing(low) and not missing(high):
                ax.hlines(y, low, high, color=colour, lw=2 if first else 1.1)
            ax.scatter([value], [y], color=colour, marker=mark, s=38 if first else 20, zorder=3)
        lo, hi = style.limits([v for _, *ends in rows for v in ends if not missing(v)])
        ax.set(
            xlim=(lo, hi),
            ylim=(len(rows) - 0.4, -0.6),
            xlabel=t["axis_share" if shares else "axis"],
        )
        ax.set_yticks(range(len(rows)), [label for label, *_ in rows])
        ax.tick_params(axis="y", length=0)
        if scale == "share":
            ax.xaxis.set_major_formatter(lambda x, _: percentage(100 * x, lang))
        else:
            style.percent_axis(ax.xaxis, lo, hi, lang)
    listed = t["separator"].join(
        f"{label} {_said(value, shares, scale, lang)}" for label, value, *_ in rows
    )
    return Picture(f"check_{check.name}", figure, t["alt"].format(title=title, rows=listed))


def _rows(check: Check, lang: str) -> list[tuple]:
    """(label, value, low, high), log ratios or shares."""
    labels = words(lang, "figures")["check"]["row"]
    if check.name in LABELS and check.frame is not None:
        f = check.frame
        ends = (f["ci_low"], f["ci_high"]) if "ci_low" in f else ([None] * len(f), [None] * len(f))
        return list(
            zip(f[LABELS[check.name]].astype(str), f["estimate"].astype(float), *ends, strict=True)
        )
    rows = []
    for keys in ROWS.get(check.name, ()):
        values = [check.numbers[key].drawn if key in check.numbers else None for key in keys]
        if not missing(values[0]):
            rows.append((labels[f"{check.name}_{keys[0]}"], *values, *[None] * (3 - len(values))))
    return rows


def _said(value: float, shares: bool, scale: str, lang: str) -> str:
    return percentage(100 * value, lang) if shares else signed(value, scale, lang)
