"""The listed villages one by one, as tables and pictures of a report show them."""

from __future__ import annotations

import pandas as pd

from village_eval.county.frames import NOT_IMPROVED
from village_eval.findings.evaluation import Evaluation


def to_revisit(evaluation: Evaluation) -> pd.DataFrame:
    """Listed villages under NOT_IMPROVED, the least likely first.

    Columns: names, type, expected, actual, probability, measures, open.
    """
    if evaluation.villages.empty:
        return pd.DataFrame()
    frame = villages_listed(evaluation)
    frame = frame[frame["probability_improved"] < NOT_IMPROVED].reset_index(drop=True)
    roster = evaluation.panel.villages.set_index("village_code")
    kinds = roster["village_type"] if "village_type" in roster else pd.Series(dtype=object)
    frame["village_type"] = frame["village_code"].map(kinds)
    measures = evaluation.county.measures
    if measures is None:
        return frame.assign(measures=None, open=None)
    begun = measures[measures["start_date"].notna()].groupby("village_code")["completed"]
    frame["measures"] = frame["village_code"].map(begun.size()).fillna(0)
    frame["open"] = frame["village_code"].map(begun.size() - begun.sum()).fillna(0)
    return frame


def villages_listed(evaluation: Evaluation) -> pd.DataFrame:
    """Listed villages: township, village, expected, actual, ratio, probability_improved.

    Least likely to have improved first.
    """
    roster = evaluation.panel.villages[["village_code", "village_name", "township_name"]]
    frame = evaluation.villages.merge(roster, on="village_code", how="left")
    return frame.sort_values("probability_improved", kind="stable").reset_index(drop=True)
