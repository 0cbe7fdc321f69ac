"""Pictures of the notebook that teaches the method.

They take frames of estimates and compute none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns

from village_eval.report.amounts import signed
from village_eval.report.figures import style
from village_eval.report.figures.ranges import ranges
from village_eval.report.figures.style import Picture
from village_eval.words import names
from village_eval.words.wording import number, share, words

HEADLINE = "quiet_year_did"
BESIDE = {"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8}


def return_by_year(means: pd.DataFrame, lang: str = "zh") -> Picture:
    """Mean petitions a village by year from the start.

    ``means``: index the year (−1 is the one ranked on), columns ``listed`` and ``others``.
    """
    t = words(lang, "figures")["teaching"]["return_by_year"]
    peak, after = means.loc[-1, "listed"], means.loc[0, "listed"]
    numbers = {
        "peak": number(peak, lang, 1),
        "after": number(after, lang, 1),
        "change": signed(float(np.log(after / peak)), "log_ratio", lang),
    }
    with style.house():
        figure, ax = style.canvas(t["title"].format(**numbers), 2.9)
        ax.axvspan(-1.4, -0.6, color=style.PALE, lw=0)
        ax.text(-1, 0.12, t["listing"], ha="center", va="bottom", fontsize=8)
        inks = {"listed": style.CAMPAIGN, "others": style.QUIET}
        look = {"markers": ["D", "o"], "dashes": False, "ms": 6, "mew": 0, "lw": 1.5}
        sns.lineplot(means[list(inks)], palette=inks, legend=False, ax=ax, **look)
        for name, ink in inks.items():
            ax.annotate(
                t[name],
                (means.index[-1], means[name].iloc[-1]),
                (8, 0),
                textcoords="offset points",
                va="center",
                color=ink,
            )
        for year in (-1, 0):
            ax.annotate(
                number(means.loc[year, "listed"], lang, 1),
                (year, means.loc[year, "listed"]),
                (0, 7),
                textcoords="offset points",
                ha="center",
            )
        ax.set(
            xlabel=t["x"],
            ylabel=t["y"],
            ylim=(0, 1.15 * means.to_numpy().max()),
            xlim=(means.index[0] - 0.3, means.index[-1] + t["room"]),
        )
        ax.set_xticks(list(means.index))
    rows = t["separator"].join(
        f"{row.Index}: {number(row.listed, lang, 1)}, {number(row.others, lang, 1)}"
        for row in means.itertuples()
    )
    return Picture("return_by_year", figure, t["alt"].format(rows=rows, **numbers), t["note"])


def expectation(means: pd.Series, lang: str = "zh") -> Picture:
    """Mean petitions of the listed: ``last_year``, ``expected`` from history and ``actual``."""
    t = words(lang, "figures")["teaching"]["expectation"]
    numbers = {name: number(means[name], lang, 1) for name in ("last_year", "expected", "actual")}
    inks = {"last_year": style.QUIET, "expected": style.INK, "actual": style.CAMPAIGN}
    with style.house():
        figure, ax = style.canvas(t["title"].format(**numbers), 1.75)
        order, look = [*inks], {"palette": inks, "saturation": 1, "width": 0.55, "legend": False}
        sns.barplot(x=means[order], y=order, hue=order, ax=ax, **look)
        for bars, name in zip(ax.containers, order, strict=True):
            ax.bar_label(bars, [numbers[name]], padding=3, fontsize=8.5)
        ax.set_yticks(range(3), [t[name] for name in order])
        ax.set(xlabel=t["x"], ylabel="", xlim=(0, 1.1 * means.max()))
        ax.tick_params(axis="y", length=0)
    return Picture("expectation", figure, t["title"].format(**numbers), t["note"])


def answers(rows: pd.DataFrame, truth: float, lang: str = "zh") -> Picture:
    """What several designs say of one county: columns design, value, ci_low, ci_high.

    ``truth`` is right (log ratios).
    """
    t = words(lang, "figures")["teaching"]["answers"]
    missed = int(((rows["ci_low"] > truth) | (rows["ci_high"] < truth)).sum())
    fields = {"missed": missed, "n": len(rows), "truth": signed(truth, "log_ratio", lang)}
    labels = [names.design(design, lang) for design in rows["design"]]
    with style.house():
        figure, ax = style.canvas(
            t["title" if missed else "title_none"].format(**fields), 1.1 + 0.32 * len(rows)
        )
        ax.axvline(truth, color=style.ACCENT, lw=1.2)
        looks = np.where(rows["design"] == HEADLINE, "headline", "other")
        lo, hi = ranges(ax, labels, rows["value"], rows["ci_low"], rows["ci_high"], looks)
        style.percent_axis(ax.xaxis, lo, hi, lang)
        ax.set(xlabel=t["axis"])
    said = t["separator"].join(
        f"{label} {signed(value, 'log_ratio', lang)}"
        for label, value in zip(labels, rows["value"], strict=True)
    )
    return Picture("answers", figure, t["alt"].format(rows=said, **fields), t["note"])


def many(runs: pd.DataFrame, lang: str = "zh") -> Picture:
    """One dot a county and design where nothing was done, filled if announced as a fall.

    ``runs``: columns design, value, ci_low, ci_high.
    """
    t = words(lang, "figures")["teaching"]["many"]
    designs = list(dict.fromkeys(runs["design"]))
    claimed = runs["ci_high"] < 0
    said = {d: share(float(claimed[runs["design"] == d].mean()), lang) for d in designs}
    labels = [f"{names.design(d, lang)}\n{t['claims'].format(share=said[d])}" for d in designs]
    rng = np.random.default_rng(1)  # only moves dots apart
    with style.house():
        title = t["title"].format(
            n=int(runs.groupby("design").size().max()),
            plain=said["before_after"],
            headline=said[HEADLINE],
        )
        figure, ax = style.canvas(title, 1.3 + 0.44 * len(designs))
        ax.axvline(0, color=style.ACCENT, lw=1.2)
        for place, design in enumerate(designs):
            here = (runs["design"] == design).to_numpy()
            colour, height = (
                style.CAMPAIGN if design == HEADLINE else style.QUIET,
                place + rng.uniform(-0.2, 0.2, here.sum()),
            )
            fill = np.where(claimed[here], colour, "white")
            ax.scatter(runs["value"][here], height, c=fill, edgecolor=colour, s=15, lw=0.7)
            ax.scatter(
                [runs["value"][here].mean()], [place], color=style.INK, marker="|", s=240, zorder=3
            )
        lo, hi = style.limits(runs["value"])
        ax.set_yticks(range(len(designs)), labels)
        ax.set(ylim=(len(designs) - 0.5, -0.5), xlim=(lo, hi), xlabel=t["axis"])
        ax.tick_params(axis="y", length=0)
        style.percent_axis(ax.xaxis, lo, hi, lang)
    return Picture(
        "many",
        figure,
        t["alt"].format(rows=t["separator"].join(label.replace("\n", " ") for label in labels)),
        t["note"],
    )


def two_parts(summary: pd.DataFrame, lang: str = "zh") -> Picture:
    """Coverage of the headline's interval by kind of county.

    From the within-year part alone and from both (certification.csv).
    """
    t = words(lang, "figures")["teaching"]["two_parts"]
    kinds = words(lang, "figures")["certification"]["scenario"]
    table = summary[
        (summary["outcome"] == "petitions") & (summary["design"] == HEADLINE)
    ].sort_values("coverage_jackknife")
    alone, both, place = (
        100 * table["coverage_jackknife"],
        100 * table["coverage"],
        np.arange(len(table)),
    )
    fields = {"n": len(table), "alone": int((alone < 95).sum()), "both": int((both < 95).sum())}
    with style.house():
        figure, ax = style.canvas(t["title"].format(**fields), 1.3 + 0.21 * len(table))
        ax.axvline(95, color=style.QUIET, lw=0.8, ls="--")
        ax.hlines(place, alone, both, color=style.RULE, lw=2)
        ax.scatter(
            alone,
            place,
            facecolor="white",
            edgecolor=style.ACCENT,
            s=26,
            zorder=3,
            label=t["alone_label"],
        )
        ax.scatter(
            both, place, color=style.CAMPAIGN, marker="D", s=24, zorder=3, label=t["both_label"]
        )
        ax.set_yticks(place, [kinds.get(s, s) for s in table["scenario"]])
        ax.set(ylim=(len(table) - 0.5, -0.5), xlabel=t["axis"])
        style.legend_outside(figure, ax, "outside lower center", 2)
    return Picture("two_parts", figure, t["alt"].format(**fields), t["note"])


def power(runs: pd.DataFrame, lang: str = "zh") -> Picture:
    """The headline in many counties where the campaign works.

    Columns value, ci_low, ci_high, truth; dark where a fall is seen.
    """
    t = words(lang, "figures")["teaching"]["power"]
    runs = runs.sort_values("value", ignore_index=True)
    seen, truth = runs["ci_high"] < 0, float(runs["truth"].mean())
    fields = {"n": len(runs), "seen": int(seen.sum()), "truth": signed(truth, "log_ratio", lang)}
    if seen.any():
        fields |= {"read": signed(float(runs["value"][seen].mean()), "log_ratio", lang)}
    title = t["title" if seen.any() else "title_none"].format(**fields)
    with style.house():
        figure, ax = style.canvas(title, 3.0)
        ax.axhline(0, color=style.QUIET, lw=0.8)
        ax.axhline(truth, color=style.ACCENT, lw=1.2)
        for mask, colour, label in (
            (seen, style.CAMPAIGN, t["seen"]),
            (~seen, style.QUIET, t["unseen"]),
        ):
            ax.vlines(
                runs.index[mask], runs["ci_low"][mask], runs["ci_high"][mask], color=colour, lw=1.2
            )
            ax.scatter(
                runs.index[mask], runs["value"][mask], color=colour, s=18, zorder=3, label=label
            )
        lo, hi = style.limits(runs["ci_low"], runs["ci_high"])
        ax.set(xlabel=t["x"], ylabel=t["y"], ylim=(lo, hi), xlim=(-0.8, len(runs) - 0.2))
        ax.text(
            len(runs) - 0.3,
            truth + 0.02 * (hi - lo),
            t["truth"],
            color=style.ACCENT,
            ha="right",
            va="bottom",
            fontsize=8,
            bbox=BESIDE,
        )
        ax.set_xticks([])
        style.legend_outside(figure, ax, "outside lower center", 2)
        style.percent_axis(ax.yaxis, lo, hi, lang)
    return Picture("power", figure, title, t["note"])
