"""The county on a plane: where the listed villages lie, and how each fared.

Points only, no tiles.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.county.frames import NOT_IMPROVED
from village_eval.report.figures import style
from village_eval.report.figures.style import Picture
from village_eval.words.wording import count, words

MARKS = {
    "others": {"marker": ".", "color": style.RULE, "s": 9},
    "improved": {"marker": "o", "color": style.CAMPAIGN, "s": 30},
    "not_yet": {"marker": "D", "color": style.ACCENT, "s": 26},
}
KNOWN = 0.8
"""Share of villages with a place without which there is no map."""


def county_map(villages: pd.DataFrame, fared: pd.DataFrame, lang: str = "zh") -> Picture | None:
    """Villages by lon and lat; listed ones by whether they improved.

    ``fared``: village_code, probability_improved.
    """
    if not {"lon", "lat"} <= set(villages):
        return None
    lon, lat = (pd.to_numeric(villages[c], errors="coerce") for c in ("lon", "lat"))
    known = lon.notna() & lat.notna()
    if known.mean() < KNOWN:
        return None
    t = words(lang, "figures")["county_map"]
    listed = (villages["listed"] == 1) & known
    p = (
        villages["village_code"].map(fared.set_index("village_code")["probability_improved"])
        if len(fared)
        else lon * np.nan
    )
    north = float(np.cos(np.radians(lat[known].mean())))
    chosen = {
        "others": known & ~listed,
        "improved": listed & (p >= NOT_IMPROVED),
        "not_yet": listed & ~(p >= NOT_IMPROVED),
    }
    numbers = {key: count(mask.sum(), lang) for key, mask in chosen.items()}
    with style.house():
        figure, ax = style.canvas(t["title"].format(n=count(listed.sum(), lang)), 5.4)
        for key, mask in chosen.items():
            ax.scatter(lon[mask], lat[mask], lw=0, label=f"{t[key]} {numbers[key]}", **MARKS[key])
        ax.set_aspect(1 / north)
        ax.set_axis_off()
        ends = ax.get_xlim()
        scale = _round((ends[1] - ends[0]) * 111.3 * north / 5)
        length = scale / (111.3 * north)
        x, y = ends[0], lat[known].min()
        ax.plot([x, x + length], [y, y], color=style.INK, lw=1.5)
        ax.text(
            x + length / 2, y, t["scale"].format(km=scale), ha="center", va="bottom", fontsize=8
        )
        style.legend_outside(figure, ax, "outside lower right", 3)
    return Picture("county_map", figure, t["alt"].format(**numbers), t["note"])


def _round(km: float) -> int:
    """A length of 1, 2 or 5 with zeros."""
    power = 10 ** np.floor(np.log10(max(km, 1)))
    return int(max(k for k in (1, 2, 5) if k * power <= max(km, 1)) * power)
