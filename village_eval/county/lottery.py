"""The lottery of the next round.

Blocks of like villages, and arms drawn at random inside each block, the same way for the plan and
its test.

Villages of one township and type stand together; what is left over of a cell joins the rest of its
township, then of its type, then of the county. So every arm gets nearly as many villages of every
township and type, and the analysis can repeat the very lottery that made the plan (Fisher 1935;
Imbens & Rubin 2015, chapters 5 and 9).
"""

from __future__ import annotations

import numpy as np

AT_A_TIME = 500
"""Lotteries drawn in one go: keeps arrays small."""


def blocks(township: np.ndarray, kind: np.ndarray, expected: np.ndarray, size: int) -> np.ndarray:
    """Block number of each village, int [n]; every block but the last holds ``size`` villages.

    township, kind: labels [n]; expected: petitions expected [n], so that villages of a block are of
    like weight.
    """
    n = len(township)
    township, kind = (np.unique(x, return_inverse=True)[1] for x in (township, kind))
    order = np.argsort(-expected, kind="stable")
    block, count = np.full(n, -1), 0
    for cell in (township * (kind.max() + 1) + kind, township, kind, np.zeros(n, int)):
        left = order[block[order] < 0]
        left = left[np.argsort(cell[left], kind="stable")]
        _, first, number = np.unique(cell[left], return_index=True, return_counts=True)
        place = np.arange(len(left)) - np.repeat(first, number)  # of a village in its cell
        whole = number // size
        start = count + np.cumsum(whole) - whole
        taken = place < np.repeat(whole * size, number)
        block[left[taken]] = (np.repeat(start, number) + place // size)[taken]
        count += int(whole.sum())
    block[block < 0] = count
    return block


def draw(
    block: np.ndarray, arms: int, draws: int, seed: int | np.random.Generator = 1
) -> np.ndarray:
    """Arm of each village in each lottery, int [draws, n].

    In every block each of ``arms`` once, in random order.
    """
    rng = np.random.default_rng(seed)
    place = np.empty(len(block), int)  # of a village in its block
    order = np.argsort(block, kind="stable")
    _, first, size = np.unique(block[order], return_index=True, return_counts=True)
    place[order] = np.arange(len(block)) - np.repeat(first, size)
    drawn = []
    for start in range(0, draws, AT_A_TIME):
        shape = (min(AT_A_TIME, draws - start), block.max() + 1, arms)
        drawn.append(_orders(rng.random(shape))[:, block, place])
    return np.concatenate(drawn)


def _orders(x: np.ndarray) -> np.ndarray:
    """argsort of the last axis; of two numbers one comparison says it."""
    if x.shape[-1] != 2:
        return x.argsort(-1)
    turned = x[..., 0] > x[..., 1]
    return np.stack([turned, ~turned], -1).astype(int)
