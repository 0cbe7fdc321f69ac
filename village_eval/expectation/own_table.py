"""An outcome of a researcher's own, given to a design as a table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.county.campaign import Campaign
from village_eval.county.further import values_of
from village_eval.county.own_outcome import rows_of
from village_eval.county.panel import Panel
from village_eval.county.problems import InputError, problem
from village_eval.expectation.other_outcomes import series_of
from village_eval.expectation.outcomes import Outcome
from village_eval.expectation.series import Series
from village_eval.words.catalogue import LANGUAGES, words

NAME = "own_outcome"


def table_series(panel: Panel, campaign: Campaign, table: pd.DataFrame) -> Series:
    """The series of a table with columns village_code, period and value: the change of its mean.

    Codes are those of the panel. Raises InputError with all rows that cannot be read.
    """
    codes = panel.villages["village_code"].astype(str)
    rows = rows_of(NAME, table, "mean", {*codes})
    known = values_of(rows, pd.Series(np.arange(len(codes)), index=codes), len(codes), added=False)
    if known is None:
        raise InputError([problem("own_outcome_empty", NAME)])
    by_year = not known.monthly
    label = {lang: words(lang, "display")[NAME] for lang in LANGUAGES}
    own = Outcome(NAME, "other", "mean", 1, (NAME,), by_year=by_year, label=label)
    return series_of(panel, campaign, own, known)
