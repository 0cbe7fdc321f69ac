"""Estimate, Check and Finding: what passes from designs to checks to reports. Numbers and keys
only, no prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

Unit = Literal[
    "log_ratio", "points", "share", "percent", "ratio", "count", "yuan", "months", "p_value", "name"
]
"""What a number is of. ``log_ratio`` is a change on the log scale, ``points`` a difference of
shares, ``share`` a part of a whole, ``percent`` a change in per cent, ``ratio`` so many times,
``name`` the name of a place."""


@dataclass(frozen=True)
class Estimate:
    """The ATT of one outcome in one window under one design.

    ``value``, ``se``, ``ci_low`` and ``ci_high`` are on ``scale`` (log_ratio, or share for
    differences of shares); the interval is a 95 % one, not adjusted for multiplicity. ``absolute``
    is in petitions over the window, or in yuan per listed village. A design that cannot answer
    gives a null estimate with a ``reason`` (a key of the template files). ``quiet`` has one row per
    quiet year: year, estimate, se, ci_low, ci_high, unusual. ``by_month`` is the event study.
    ``within_se`` and ``between_sd`` are the two parts of the uncertainty where a design has both.
    """

    outcome: str
    window: str
    design: str
    value: float | None = None
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    estimand: str = "ATT"
    scale: str = "log_ratio"
    absolute: float | None = None
    n_treated: int = 0
    n_control: int = 0
    n_clusters: int = 0
    df: float | None = None
    within_se: float | None = None
    between_sd: float | None = None
    quiet: pd.DataFrame | None = None
    by_month: pd.DataFrame | None = None
    draws: np.ndarray | None = None
    extra: dict = field(default_factory=dict)
    reference: str = ""
    reason: str | None = None

    @property
    def percent(self) -> float | None:
        """The change in per cent for readers, 100·(exp(value) − 1); points of a share for the scale
        ``share``."""
        if self.value is None:
            return None
        return 100 * np.expm1(self.value) if self.scale == "log_ratio" else 100 * self.value

    @property
    def id(self) -> str:
        """How findings.json names it: ``petitions.first_year``."""
        return f"{self.outcome}.{self.window}"

    def tidy(self) -> pd.DataFrame:
        """One row: id, design, estimate, se, ci_low, ci_high, p_value, percent."""
        row = {
            "id": self.id,
            "design": self.design,
            "estimate": self.value,
            "se": self.se,
            "ci_low": self.ci_low,
        }
        row |= {
            "ci_high": self.ci_high,
            "p_value": self.p_value,
            "percent": self.percent,
            "reason": self.reason,
        }
        return pd.DataFrame([row])

    def __repr__(self) -> str:
        if self.value is None:
            return f"<{self.design} {self.id}: no estimate ({self.reason})>"
        return (
            f"<{self.design} {self.id}: {self.value:+.3f} [{self.ci_low:+.3f}, {self.ci_high:+.3f}]"
            f" = {self.percent:+.1f} %>"
        )


@dataclass(frozen=True)
class Number:
    """A number with its unit, so that whoever words or draws it need not know where it comes
    from; ``value`` is None where it is not known."""

    value: float | int | str | None
    unit: Unit

    @property
    def drawn(self) -> float | None:
        """Where it lies on a picture's axis: changes on the log scale, differences and parts of a
        whole as they are; None for what has no place there."""
        if self.value is None or isinstance(self.value, str):
            return None
        if self.unit == "ratio":
            return float(np.log(self.value)) if self.value > 0 else None
        if self.unit == "percent":
            return float(np.log1p(self.value / 100))
        return float(self.value)


def change(value: float | None, scale: str) -> Number:
    """An effect on an estimate's ``scale`` (log_ratio or share) as a number with its unit."""
    return Number(value, "points" if scale == "share" else "log_ratio")


@dataclass(frozen=True, eq=False)
class Check:
    """One threat, asked: ``verdict`` is pass, weak, fail or not_applicable.

    ``cause`` tells apart what a verdict may rest on, where words differ by it; ``misleads`` when a
    fail means that the number misleads (grade X); ``frame`` holds the rows of its picture. Compared
    by identity, as a frame has no single answer to ==.
    """

    name: str
    finding: str
    verdict: str
    numbers: Mapping[str, Number] = field(default_factory=dict)
    misleads: bool = False
    frame: pd.DataFrame | None = None
    cause: str | None = None

    def value(self, key: str) -> float | int | str | None:
        """The bare number of a key; None where the check has no such number or does not know
        it."""
        return self.numbers[key].value if key in self.numbers else None


@dataclass(frozen=True)
class Finding:
    """An estimate after everything that could make it mislead has been asked.

    ``capped``: why the grade cannot be better, whatever the checks say (caps.py).
    """

    estimate: Estimate
    checks: tuple[Check, ...]
    grade: str
    conclusion: str
    p_adjusted: float | None
    quiet_years: int
    minimum_detectable_percent: float | None
    exaggeration: float | None
    reason: str | None = None
    capped: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.estimate.id
