"""Years, quarters and months as they are written in tables."""

from __future__ import annotations

import pandas as pd


def periods_of(text: pd.Series) -> pd.PeriodIndex:
    """Periods of a column of texts such as 2022, 2022Q1 or 2022-01.

    All are months where one is, else quarters where one is. Each text is parsed once, however many
    rows have it.
    """
    codes, written = pd.factorize(text.astype(str))
    freq = "Y-DEC"
    for sign, finer in (("Q", "Q-DEC"), ("-", "M")):
        freq = finer if any(sign in one for one in written) else freq
    return pd.PeriodIndex(written, freq=freq).take(codes, allow_fill=True, fill_value=pd.NaT)
