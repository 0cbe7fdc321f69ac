"""A number that knows its unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Unit = Literal[
    "log_ratio", "points", "share", "percent", "ratio", "count", "yuan", "months", "p_value", "name"
]
"""What a number is of. ``log_ratio`` is a change on the log scale, ``points`` a difference of
shares, ``share`` a part of a whole, ``percent`` a change in per cent, ``ratio`` so many times,
``name`` the name of a place."""


@dataclass(frozen=True)
class Number:
    """A number with its unit, so that whoever words or draws it need not know where it comes from.

    ``value`` is None where it is not known.
    """

    value: float | int | str | None
    unit: Unit

    @property
    def drawn(self) -> float | None:
        """Where it lies on a picture's axis.

        Changes on the log scale, differences and parts of a whole as they are; None for what has no
        place there.
        """
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
