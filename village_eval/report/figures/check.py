"""One check as a picture.

What it compared, beside the number that it asks about, under its verdict as title.
"""

from __future__ import annotations

from village_eval.expectation.numbers import Number
from village_eval.expectation.results import Check, Finding
from village_eval.report.amounts import signed
from village_eval.report.check_words import check_name
from village_eval.report.figures import style
from village_eval.report.figures.ranges import ranges
from village_eval.report.figures.style import Picture
from village_eval.report.sentences import noun
from village_eval.words.wording import missing, percentage, words


def check(check: Check, finding: Finding, lang: str = "zh") -> Picture | None:
    """Dots with their intervals, one row a comparison, the finding's own number on top.

    None when nothing was compared.
    """
    rows = _rows(check, lang)
    if check.verdict == "not_applicable" or not rows:
        return None
    t, text, est = words(lang, "figures")["check"], words(lang), finding.estimate
    shares = all(n.unit == "share" for n in _drawn(check))  # parts and slopes: no headline beside
    if not shares:
        rows.insert(
            0, (t["finding"].format(noun=noun(finding, lang)), est.value, est.ci_low, est.ci_high)
        )
    title = t["title"].format(name=check_name(check, lang), verdict=text["verdict"][check.verdict])
    scale = "share" if shares else est.scale
    with style.house():
        figure, ax = style.canvas(title, 1.0 + 0.25 * len(rows))
        ax.axvline(0, color=style.QUIET, lw=0.8)
        looks = ["compared" if shares else "headline", *["compared"] * (len(rows) - 1)]
        labels, values, lows, highs = zip(*rows, strict=True)
        lo, hi = ranges(ax, labels, values, lows, highs, looks)
        ax.set(xlabel=t["axis_share" if shares else "axis"])
        if scale == "share":
            ax.xaxis.set_major_formatter(lambda x, _: percentage(100 * x, lang))
        else:
            style.percent_axis(ax.xaxis, lo, hi, lang)
    listed = t["separator"].join(
        f"{label} {_said(value, shares, scale, lang)}" for label, value, *_ in rows
    )
    return Picture(f"check_{check.name}", figure, t["alt"].format(title=title, rows=listed))


def _drawn(check: Check) -> list[Number]:
    """The numbers that are drawn; a frame's rows are effects."""
    rows = check.figure.rows if check.figure else ()
    known = [check.numbers[key] for key, *_ in rows if key in check.numbers]
    return known or [Number(None, "log_ratio")]


def _rows(check: Check, lang: str) -> list[tuple]:
    """(label, value, low, high), log ratios or shares."""
    figure, frame = check.figure, check.frame
    if figure is None:
        return []
    if figure.label and frame is not None:
        none = [None] * len(frame)
        ends = (frame["ci_low"], frame["ci_high"]) if "ci_low" in frame else (none, none)
        named, values = frame[figure.label].astype(str), frame["estimate"].astype(float)
        return list(zip(named, values, *ends, strict=True))
    rows = []
    for keys in figure.rows:
        values = [check.numbers[key].drawn if key in check.numbers else None for key in keys]
        if not missing(values[0]):
            own = check.words.get(lang, {}).get(keys[0], keys[0].replace("_", " "))
            known = words(lang, "checks").get(check.name, {}).get("row", {})
            label = own if check.words else known[keys[0]]
            rows.append((label, *values, *[None] * (3 - len(values))))
    return rows


def _said(value: float, shares: bool, scale: str, lang: str) -> str:
    return percentage(100 * value, lang) if shares else signed(value, scale, lang)
