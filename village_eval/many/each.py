"""What pooling hands back to each county: rows of pooled.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from village_eval.many.findings import usable
from village_eval.many.results import Result
from village_eval.many.shrinkage import FEWEST, Headline, shrunk
from village_eval.report.findings_json import plain

SHRUNK = "petitions.first_year"
"""The only finding for which it is certified."""


def handed_back(results: Sequence[Result]) -> dict[str, Any]:
    """``counties_shrunk`` and ``between_years`` of pooled.json.

    Empty and None with fewer than FEWEST counties that tell what their quiet years showed.
    """
    told = [(r.name, h) for r in results if (h := headline(r)) is not None]
    if len(told) < FEWEST:
        return {"counties_shrunk": [], "between_years": None}
    found = shrunk([h for _, h in told])
    rows = [
        {"county": name, "id": SHRUNK, "estimate": value, "ci_low": low, "ci_high": high}
        for (name, _), value, (low, high) in zip(told, found.value, found.interval, strict=True)
    ]
    between = {
        "id": SHRUNK,
        "scale": np.hypot(found.own_years, found.common_years),
        "own": found.own_years,
        "common": found.common_years,
        "counties": len(told),
    }
    answer: dict[str, Any] = plain({"counties_shrunk": rows, "between_years": between})
    return answer


def headline(result: Result) -> Headline | None:
    """What a county's findings.json tells of SHRUNK; None where it has no such numbers."""
    of: Mapping[str, Any] | None = next(
        (f for f in result.content["findings"] if f["id"] == SHRUNK), None
    )
    compared = of and usable(of) and of.get("compared")
    if not of or not compared:
        return None
    return Headline(
        of["estimate"],
        compared["within_se"],
        compared["years"],
        np.array(compared["estimates"]),
        np.array(compared["covariance"]),
    )
