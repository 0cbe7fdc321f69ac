"""Years and quarters as they are written in tables."""

from __future__ import annotations

import pandas as pd


def periods_of(text: pd.Series) -> pd.PeriodIndex:
    """Periods of a column of texts such as 2022 or 2022Q1.

    All are quarters where one is. Each text is parsed once, however many rows have it.
    """
    codes, written = pd.factorize(text.astype(str))
    freq = "Q-DEC" if any("Q" in one for one in written) else "Y-DEC"
    return pd.PeriodIndex(written, freq=freq).take(codes, allow_fill=True, fill_value=pd.NaT)
