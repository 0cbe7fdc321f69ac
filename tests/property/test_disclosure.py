"""No differencing of a published column gives a count under five back."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from village_eval.county.disclosure import LEAST, withheld

counts = st.lists(st.integers(0, 8), min_size=2, max_size=4).map(lambda x: np.array(x, float))


def what_could_be(column: np.ndarray) -> np.ndarray:
    """All columns that a reader who knows the total, the rule and what is printed holds possible."""
    hidden = withheld(column)
    total, n = column[hidden].sum(), int(hidden.sum())
    found = []
    for first in product(range(int(total) + 1), repeat=n - 1):
        if sum(first) <= total:
            one = column.copy()
            one[hidden] = [*first, total - sum(first)]
            if (withheld(one) == hidden).all():
                found.append(one)
    return np.array(found)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(counts)
def test_no_small_count_can_be_worked_out(column):
    small = (column > 0) & (column < LEAST)
    if not small.any():
        assert not withheld(column).any()
        return
    assert withheld(column)[small].all()
    possible = what_could_be(column)
    assert (possible == column).all(1).any()
    told = [i for i in np.flatnonzero(small) if len(set(possible[:, i])) == 1]
    assert not told, (column, possible)


@pytest.mark.parametrize("total_alone", [[3.0, 40.0], [1.0, 5.0, 9.0], [4.0, 0.0, 0.0], [2.0, 2.0]])
def test_one_small_count_never_stands_hidden_alone(total_alone):
    assert withheld(np.array(total_alone)).sum() >= 2


def test_what_is_unknown_is_no_count():
    assert withheld(np.array([np.nan, 7.0, 9.0])).sum() == 0
    assert withheld(np.array([np.nan, 2.0, 9.0])).tolist() == [False, True, True]
