"""Who a report is for, what it may show, and the formats that it comes in.

The one place where anything is held back or coarsened, when a report or an export is written
(which counts: disclosure.py). A result holds everything, and is not shared.

adviser: the county's own people; villages are named, for their use. researcher: everything, with
the map. public: nobody can be recognised: no village is named or drawn one by one, small counts
are not printed nor given back by a total, and no notebook goes along.
"""

from __future__ import annotations

import pandas as pd

from village_eval.county.disclosure import WITHHELD, withheld

FORMATS = ("html", "pdf", "docx")
AUDIENCES = ("adviser", "researcher", "public")
ONE_BY_ONE = ("villages", "revisit", "turnaround", "wall_chart", "county_map")
"""Tables and pictures with a row or a mark for a village."""
COARSE = ("townships", "types", "kinds")
"""Tables whose small counts are not printed for the public."""
RESEARCHERS = ("county_map",)
"""Tables and pictures that only researchers get."""


def names_villages(audience: str) -> bool:
    """Whether villages may be shown one by one."""
    return audience != "public"


def shows_everything(audience: str) -> bool:
    """Whether the report carries what only researchers read."""
    return audience == "researcher"


def may_show(name: str, audience: str) -> bool:
    """Whether a table or a picture of this name is for this audience."""
    if name in RESEARCHERS and not shows_everything(audience):
        return False
    return name not in ONE_BY_ONE or names_villages(audience)


def is_coarse(name: str, audience: str) -> bool:
    """Whether small counts of a table are held back from this audience."""
    return name in COARSE and not names_villages(audience)


def coarse(frame: pd.DataFrame, counts: list[str], others: list[str]) -> pd.DataFrame:
    """Counts that are withheld become WITHHELD, and the ``others`` of their rows nothing."""
    hidden = frame[counts].apply(lambda x: withheld(pd.to_numeric(x, errors="coerce").to_numpy()))
    shown = frame.astype(object)
    shown[counts] = shown[counts].mask(hidden, WITHHELD)
    shown.loc[hidden.any(axis=1), others] = None
    return shown


def villages_for(villages: pd.DataFrame, audience: str) -> pd.DataFrame:
    """One row a village: all of them, or none."""
    return villages if names_villages(audience) else villages.iloc[:0]


def groups_for(groups: pd.DataFrame, audience: str) -> pd.DataFrame:
    """One row a group of villages, their number in ``villages``: for the public no small ones."""
    if names_villages(audience) or groups.empty:
        return groups
    return groups[~withheld(groups["villages"].to_numpy(float))]
