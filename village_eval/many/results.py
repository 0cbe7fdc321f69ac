"""The results of many counties as pooling reads them: findings.json and the kept scores."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from village_eval.county.problems import InputError, problem
from village_eval.many.doses import Scores
from village_eval.many.state import left_out
from village_eval.next_round.lottery import FACTORS
from village_eval.report.read_back import result_of
from village_eval.words.plain import as_written
from village_eval.words.vocabulary import MEASURES

SCHEMA = "village-eval/findings/2"
SCORES, LOTS = "dose_scores.parquet", "lot_scores.parquet"
TEXT, WHOLE, NUMBER, YES_OR_NO = "OTUS", "iu", "iuf", "b"
FORMS = {
    SCORES: {
        **dict.fromkeys(("outcome", "measure"), TEXT),
        **dict.fromkeys(("years_before", "villages"), WHOLE),
        "severity": YES_OR_NO,
        **dict.fromkeys(("score", "mean_dose", "follows", "follows_precision"), NUMBER),
        **dict.fromkeys(MEASURES, NUMBER),
    },
    LOTS: {
        **dict.fromkeys(("design", "factor"), TEXT),
        **dict.fromkeys(("months", "years_before", "year", "villages"), WHOLE),
        **dict.fromkeys(("score", *FACTORS), NUMBER),
    },
}
"""Columns that pooling takes, by the letters of numpy's kinds."""


@dataclass(frozen=True, eq=False)
class Result:
    """One county: the name of its folder, its findings.json, its scores if it has any.

    ``scores`` of doses, ``lots`` of a round drawn by lot.
    """

    name: str
    content: dict[str, Any]
    scores: pd.DataFrame | None
    lots: pd.DataFrame | None = None

    @property
    def year(self) -> int:
        """Of the campaign's start."""
        return int(self.content["campaign"]["start"][:4])

    @property
    def province(self) -> str:
        """The first two digits of its villages' codes; empty in results of earlier versions."""
        return str(self.content["campaign"].get("province") or "")


def read_results(folder: Path, lang: str) -> tuple[list[Result], list[dict[str, str]]]:
    """All results right below a folder by name, and those that cannot be read with the reason.

    Of a county that failed in a batch an older result may be there: it is left out too.

    Raises InputError when there is none at all.
    """
    failed = [row["county"] for row in left_out(folder)]
    found, refused = [], [{"county": name, "reason": "failed"} for name in map(as_written, failed)]
    for path in sorted(folder.glob("*/findings.json")):
        place = path.parent
        if place.name in failed:
            continue
        try:
            content = result_of(place)
            if content["schema"] != SCHEMA or not content["campaign"]["start"][:4].isdigit():
                raise ValueError("old_result")
            kept = [_scores(place / name, FORMS[name]) for name in FORMS]
        except (OSError, ValueError):
            refused.append({"county": as_written(place.name), "reason": "not_readable"})
            continue
        found.append(Result(as_written(place.name), content, *kept))
    if not found:
        raise InputError([problem("no_results", str(folder), lang)])
    return found, refused


def _scores(path: Path, form: Mapping[str, str]) -> pd.DataFrame | None:
    """Scores that are there, every number finite. Raises OSError, ValueError for other tables."""
    if not path.exists():
        return None
    table = pd.read_parquet(io.BytesIO(path.read_bytes()))
    for column, kinds in form.items():
        if column not in table or table[column].dtype.kind not in kinds:
            raise ValueError(f"{path.name}: {column}")
        if table[column].dtype.kind == "f" and not np.isfinite(table[column]).all():
            raise ValueError(f"{path.name}: {column}")
    return table


def numbered(keys: Sequence[object]) -> np.ndarray:
    """Keys as numbers from 0, in their order."""
    return np.asarray(np.unique(np.array([str(k) for k in keys]), return_inverse=True)[1])


def scores_of(
    results: Sequence[Result], outcome: str, *, earlier: bool = False, severity: bool = True
) -> Scores | None:
    """Dose scores of one outcome, or of its placebo years; None when no county has any."""
    rows = []
    for c, result in enumerate(results):
        if result.scores is None:
            continue
        kept = result.scores
        kept = kept[(kept["outcome"] == outcome) & (kept["severity"] == severity)]
        for q, of_year in kept.groupby("years_before"):
            if (q > 0) != earlier:
                continue
            of_year = of_year.set_index("measure").reindex(MEASURES)
            precision = of_year[MEASURES].to_numpy(float)
            first = of_year.iloc[0]
            dose = of_year["mean_dose"].to_numpy(float)
            rows.append((c, precision, of_year["score"].to_numpy(float), dose, first["villages"]))
    if not rows:
        return None
    county, precision, score, dose, villages = zip(*rows, strict=True)
    years = [results[c].year for c in county]
    cells = [f"{results[c].province} {y}" for c, y in zip(county, years, strict=True)]
    return Scores(
        np.array(precision),
        np.array(score),
        np.array(dose),
        np.array(villages, float),
        numbered(years),
        numbered(cells),
        np.unique(county, return_inverse=True)[1],
    )


def followed(results: Sequence[Result]) -> np.ndarray:
    """Score and precision [C, 2] of the overall dose on the trouble seen, of counties with any."""
    pairs = [
        r.scores.loc[r.scores["outcome"] == "petitions", ["follows", "follows_precision"]].head(1)
        for r in results
        if r.scores is not None
    ]
    return pd.concat(pairs).to_numpy(float) if pairs else np.zeros((0, 2))
