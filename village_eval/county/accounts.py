"""The accounts of 2024: rural collectives' books no longer know 发包及上交收入.

From 1 January 2024 what was contracting income goes into operating income (rents, contracting) and
investment income (农村集体经济组织会计制度). Zero contracting in every village is the sign. A sum
that holds some of the three but not all of them means something else before and after.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from village_eval.words.vocabulary import INCOME_SOURCES

FIRST = 2024
"""The first year that the new accounts may be kept in."""
MOVED = frozenset({"operating", "contracting", "investment"})
"""What the new accounts draw the line between anew; their sum is what it was."""


def since(years: Sequence[int] | np.ndarray, contracting: np.ndarray) -> int | None:
    """The first year in the new accounts; None where no such break is seen.

    ``contracting`` float [V, Y] in yuan, NaN where unknown. From that year on, into FIRST or later,
    no village reports any, and before it some village did.
    """
    order = np.argsort(years)
    found = None
    for column in order[::-1]:
        values = contracting[:, column]
        if not np.isfinite(values).any():
            continue
        if np.nanmax(values) > 0:
            return found
        if found is not None or years[column] >= FIRST:
            found = int(years[column])
    return None


def comparable(columns: Collection[str]) -> bool:
    """Whether a sum of these sources means the same before and after."""
    return not MOVED & set(columns) or set(columns) >= MOVED


def fill_contracting(years: np.ndarray, income: np.ndarray) -> tuple[np.ndarray, int]:
    """Contracting left blank in the new accounts is zero: there is no such line in them.

    ``income`` float [V, P, S] with the calendar year of each period. Only where no village gives
    an amount in that year and the villages report their operating income. Returns the income and
    how many village-periods were filled.
    """
    operating, contracting = map(INCOME_SOURCES.index, ("operating", "contracting"))
    filled, count = income.copy(), 0
    for year in np.unique(years[years >= FIRST]):
        of_year = years == year
        if np.nan_to_num(income[:, of_year, contracting]).any():
            continue
        blank = np.isnan(income[:, :, contracting]) & np.isfinite(income[:, :, operating])
        blank &= of_year
        filled[blank, contracting] = 0.0
        count += int(blank.sum())
    return filled, count
