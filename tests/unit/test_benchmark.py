"""The benchmark compares like with like: arrays from a shuffled frame, the library's answer, and
verdicts that can be missed."""

import numpy as np
import pytest

from benchmarks.panel_algebra import FORMULAS, Row, closed_form, regression
from benchmarks.panels import draw, from_long, long_frame
from benchmarks.results import BUILT, OURS, page
from benchmarks.timing import Timing


@pytest.mark.parametrize("model", FORMULAS)
def test_a_shuffled_frame_gives_what_the_library_gives(model):
    frame = long_frame(draw(200, seed=3)).sample(frac=1, random_state=3)
    value, se = closed_form(model, from_long(frame))
    other_value, other_se = regression(model, frame)
    assert np.allclose(value, other_value, atol=1e-7)
    assert np.allclose(se, other_se, atol=1e-6)


def test_an_aim_that_is_missed_is_called_missed():
    def timed(seconds, cpu=None):
        return Timing(seconds, cpu or seconds, seconds, 3)

    def text(library, head):
        rows = [
            Row(60_000, "Poisson", OURS, timed(0.001)),
            Row(60_000, "Poisson", BUILT, timed(0.01)),
            Row(60_000, "Poisson", "pyfixest", timed(library), (1e-9, 1e-9)),
        ]
        return page(
            ["here"],
            [("headline", head), ("multipliers", timed(0.1)), ("both", timed(0.2))],
            [("Poisson", 1e-12, 1e-12)],
            rows,
        )

    assert "missed" not in text(0.3, timed(0.05))
    assert text(0.1, timed(0.05)).count("missed") == 1
    assert "wall time **missed**, processor time met" in text(0.3, timed(0.2, cpu=0.05))
    assert "| **missed** |" in text(0.3, timed(0.2))
