"""What many questions at once cost.

P values corrected so that the whole family errs as seldom as one question.
"""

from __future__ import annotations

import gc
from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def holm(p_values: Mapping[Key, float]) -> dict[Key, float]:
    """p values corrected by Holm (1979), by key; statsmodels computes them."""
    from statsmodels.stats.multitest import multipletests

    if not p_values:
        return {}
    # It collects garbage on every call; what is frozen is not looked through again.
    gc.freeze()
    adjusted = multipletests(list(p_values.values()), method="holm")[1]
    gc.unfreeze()
    return dict(zip(p_values, map(float, adjusted), strict=True))
