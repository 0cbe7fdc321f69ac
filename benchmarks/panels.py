"""The balanced panels that the programs are compared on: as arrays, and as the long frame that a
regression library takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

MONTHS, START = 60, 40
LISTED, VILLAGES_PER_TOWNSHIP = 0.068, 50


@dataclass(frozen=True)
class Arrays:
    """Y float [V, M]; listed bool [V]; post bool [M]; cluster int [V], numbers 0..G-1."""

    Y: np.ndarray
    listed: np.ndarray
    post: np.ndarray
    cluster: np.ndarray


def draw(n_villages: int, seed: int = 1) -> Arrays:
    """Over-dispersed monthly counts of villages of unequal level, a season, and a fall of a fifth
    among the listed."""
    rng = np.random.default_rng(seed)
    level = 0.26 * rng.gamma(1.2, 1 / 1.2, n_villages)
    season = np.exp(0.2 * np.sin(np.arange(MONTHS) * np.pi / 6))
    listed = rng.permutation(n_villages) < round(LISTED * n_villages)
    post = np.arange(MONTHS) >= START
    rate = level[:, None] * season * np.where(np.outer(listed, post), 0.8, 1.0)
    cluster = rng.permutation(np.arange(n_villages) // VILLAGES_PER_TOWNSHIP)
    return Arrays(rng.poisson(rate).astype(float), listed, post, cluster)


def long_frame(a: Arrays) -> pd.DataFrame:
    """One row a village and month, sorted, integer keys, nothing that a library would still have to
    convert."""
    n = len(a.Y)
    frame = pd.DataFrame(
        {
            "y": a.Y.ravel(),
            "village": np.repeat(np.arange(n), MONTHS),
            "month": np.tile(np.arange(MONTHS), n),
            "listed": np.repeat(a.listed, MONTHS).astype(float),
            "township": np.repeat(a.cluster, MONTHS),
        }
    )
    frame["d"] = frame["listed"] * (frame["month"] >= START)
    return frame


def from_long(frame: pd.DataFrame) -> Arrays:
    """The arrays from a long frame whose rows may come in any order and whose keys may be
    anything."""
    village, villages = pd.factorize(frame["village"])
    month, months = pd.factorize(frame["month"], sort=True)
    Y = np.bincount(
        village * len(months) + month, frame["y"], minlength=len(villages) * len(months)
    ).reshape(len(villages), -1)
    listed, township = np.empty(len(villages), bool), np.empty(len(villages), np.int64)
    listed[village], township[village] = frame["listed"] > 0, frame["township"]
    return Arrays(Y, listed, np.asarray(months) >= START, pd.factorize(township)[0])
