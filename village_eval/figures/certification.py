"""What certification found: the error of every design by scenario, and what real registers say of campaigns that never were."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.figures import style
from village_eval.figures.style import Picture
from village_eval.wording import words

MARKS = {
    "quiet_year_did": (style.CAMPAIGN, "D"),
    "before_after": (style.ACCENT, "s"),
    "did": (style.ACCENT, "^"),
    "callaway_santanna": (style.ACCENT, "v"),
    "did_without_listing_year": (style.QUIET, "o"),
}


def certification(summary: pd.DataFrame, lang: str = "zh", outcome: str = "petitions") -> Picture:
    """Two panels by scenario: mean error of the log effect by design, and the headline's coverage with Monte-Carlo error."""
    t, names = words(lang, "figures")["certification"], words(lang)["design"]
    table = summary[(summary["outcome"] == outcome) & summary["design"].isin(MARKS)]
    scenarios = list(dict.fromkeys(table["scenario"]))
    head = table[table["design"] == "quiet_year_did"].set_index("scenario").reindex(scenarios)
    worst = float(head["bias"].abs().max())
    with style.house():
        figure, ax = style.canvas(t["title"].format(worst=f"{worst:.2f}"), 1.3 + 0.26 * len(scenarios))
        left, right = ax, ax.inset_axes([0.72, 0, 0.28, 1])
        left.set_position([left.get_position().x0, left.get_position().y0, left.get_position().width, left.get_position().height])
        y = {s: k for k, s in enumerate(scenarios)}
        limit = float(table["bias"].abs().max()) * 1.1
        left.set_xlim(-limit, limit * 1.9)
        left.axvline(0, color=style.QUIET, lw=0.8)
        for design, (colour, mark) in MARKS.items():
            rows = table[table["design"] == design]
            if len(rows):
                place = [y[s] for s in rows["scenario"]]
                left.scatter(rows["bias"], place, color=colour, marker=mark, s=26, label=names.get(design, design), zorder=3)
        left.set_yticks(range(len(scenarios)), [t["scenario"].get(s, s.replace("_", " ")) for s in scenarios])
        left.set_ylim(len(scenarios) - 0.5, -0.5)
        left.set_xlabel(t["bias"])
        left.tick_params(axis="y", length=0)
        left.legend(loc="upper center", bbox_to_anchor=(0.36, -0.14 - 1.2 / (4 + len(scenarios))), ncol=3, frameon=False)
        right.axvline(95, color=style.QUIET, lw=0.8, ls="--")
        right.errorbar(
            100 * head["coverage"], range(len(scenarios)), xerr=196 * head["coverage_mc"], fmt="D", ms=4, color=style.CAMPAIGN, lw=1
        )
        right.set(ylim=left.get_ylim(), xlim=(min(80, 100 * head["coverage"].min() - 4), 101), yticks=[], xlabel=t["coverage"])
    alt = t["alt"].format(
        rows="; ".join(
            f"{t['scenario'].get(s, s)} {head.loc[s, 'bias']:+.2f}, {100 * head.loc[s, 'coverage']:.0f} %" for s in scenarios
        )
    )
    return Picture(f"certification_{outcome}".replace(":", "_"), figure, alt, t["note"])


def registers(runs: pd.DataFrame, lang: str = "zh") -> Picture:
    """One dot per placebo list and design: where nobody did anything, the right answer is zero."""
    t, names = words(lang, "figures")["registers"], words(lang)["design"]
    designs = [
        d
        for d in ("before_after", "did", "callaway_santanna", "quiet_year_did_last_year", "quiet_year_did")
        if d in set(runs["design"])
    ]
    title_share = 100 * _significant(runs[runs["design"] == "quiet_year_did"])
    plain_share = 100 * _significant(runs[runs["design"] == "before_after"])
    rng = np.random.default_rng(1)
    with style.house():
        figure, ax = style.canvas(
            t["title"].format(plain=f"{plain_share:.0f}", headline=f"{title_share:.0f}"), 1.2 + 0.42 * len(designs)
        )
        ax.axvline(0, color=style.QUIET, lw=0.8)
        labels = []
        for k, design in enumerate(designs):
            rows = runs[runs["design"] == design]
            colour = style.CAMPAIGN if design == "quiet_year_did" else style.QUIET
            ax.scatter(rows["value"], k + rng.uniform(-0.22, 0.22, len(rows)), color=colour, s=9, alpha=0.55, lw=0)
            ax.scatter([rows["value"].mean()], [k], color=style.INK, marker="|", s=220, zorder=3)
            labels.append(f"{names.get(design, design)}\n{t['called'].format(share=f'{100 * _significant(rows):.0f}')}")
        ax.set_yticks(range(len(designs)), labels)
        ax.set(ylim=(len(designs) - 0.5, -0.5), xlabel=t["axis"])
        ax.tick_params(axis="y", length=0)
    alt = t["alt"].format(rows="; ".join(label.replace("\n", " ") for label in labels))
    return Picture("registers", figure, alt, t["note"])


def _significant(rows: pd.DataFrame) -> float:
    return float(((rows["ci_low"] > 0) | (rows["ci_high"] < 0)).mean())
