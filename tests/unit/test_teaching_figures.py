"""Pictures of the method notebook: their titles are true of the frames they are given, in both
languages."""

import numpy as np
import pandas as pd
import pytest

from village_eval.report.figures import teaching
from village_eval.words.fonts import MissingGlyphWarning
from village_eval.words.wording import LANGUAGES

ROWS = pd.DataFrame(
    {
        "design": ["quiet_year_did", "before_after", "did"],
        "value": [-0.02, -0.3, -0.4],
        "ci_low": [-0.2, -0.5, -0.6],
        "ci_high": [0.16, -0.1, -0.2],
    }
)
RUNS = pd.concat(
    [ROWS.assign(value=ROWS["value"] + step, truth=-0.05) for step in (-0.05, 0, 0.05)],
    ignore_index=True,
)
MEANS = pd.DataFrame(
    {"listed": [9.0, 9.5, 12.0, 9.0], "others": [2.5, 2.4, 2.6, 2.5]}, index=[-3, -2, -1, 0]
)
SUMMARY = pd.DataFrame(
    {
        "scenario": ["null", "years", "rate"],
        "outcome": "petitions",
        "design": "quiet_year_did",
        "coverage_jackknife": [0.96, 0.92, 0.94],
        "coverage": [0.98, 0.94, 0.96],
    }
)
PICTURES = {
    "return_by_year": lambda lang: teaching.return_by_year(MEANS, lang),
    "expectation": lambda lang: teaching.expectation(
        pd.Series({"last_year": 12.0, "expected": 9.1, "actual": 8.8}), lang
    ),
    "answers": lambda lang: teaching.answers(ROWS, 0.0, lang),
    "many": lambda lang: teaching.many(RUNS, lang),
    "two_parts": lambda lang: teaching.two_parts(SUMMARY, lang),
    "power": lambda lang: teaching.power(RUNS, lang),
}


@pytest.mark.filterwarnings(f"error::{MissingGlyphWarning.__module__}.MissingGlyphWarning")
@pytest.mark.parametrize("name", PICTURES)
def test_words_and_glyphs(name):
    for lang in LANGUAGES:
        picture = PICTURES[name](lang)
        assert picture.note and "nan" not in picture.alt
        assert "<text" not in picture.svg, (
            "glyphs must be paths: the reader may have no Chinese font"
        )


def title(picture) -> str:
    return " ".join(picture.figure._suptitle.get_text().split())


def test_the_change_is_that_of_the_listed_after_the_year_ranked_on():
    assert "12.0" in title(teaching.return_by_year(MEANS, "en")) and "−25%" in title(
        teaching.return_by_year(MEANS, "en")
    )


def test_ranges_that_miss_the_truth_are_counted():
    assert (
        title(teaching.answers(ROWS, 0.0, "en"))
        == "The truth is 0%: 2 of 3 methods give a range that misses it"
    )
    assert title(teaching.answers(ROWS[:1], 0.0, "en")).endswith(
        "and each of the 1 ranges contains it"
    )
    assert "3 of 3" in title(teaching.answers(ROWS, float(np.log(1.3)), "en"))


def test_announced_falls_are_counted_by_design():
    assert "before-after announces a success in 100%, the quiet-year comparison in 0%" in title(
        teaching.many(RUNS, "en")
    )


def test_coverage_below_the_promise_is_counted():
    assert "in 2 of 3 kinds of county, with both parts in 1" in title(
        teaching.two_parts(SUMMARY, "en")
    )


def test_those_that_see_the_effect_are_counted():
    assert "6 of 9 counties see it" in title(teaching.power(RUNS, "en"))
    nobody = RUNS.assign(ci_high=0.1)
    assert "none of 9 counties sees it" in title(teaching.power(nobody, "en"))
