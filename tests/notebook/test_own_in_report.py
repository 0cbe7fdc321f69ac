"""What a researcher evaluates with a design and an outcome of one's own is written as a report like any
other, and arguments of it are checked before anything is computed."""

import json

import numpy as np
import pandas as pd
import pytest

import village_eval as ve

MINE = """
import numpy as np


def half_of_the_log_ratio(panel, campaign, *, outcome, window, given):
    return given.estimate(window, 0.5 * given.change(0, window, "last_year")[0], 0.1)
"""


@pytest.fixture(scope="module")
def county():
    return ve.simulate("plain", seed=3, n_villages=160, n_townships=8, n_listed=20).county()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"lang": "english"}, "no language 'english'.*Allowed are: zh, en, both"),
        ({"audience": "advisor"}, "closest is adviser"),
        ({"formats": ("pfd",)}, "no format 'pfd'.*closest is pdf"),
        ({"draws": 0}, "draws"),
    ],
)
def test_arguments_are_checked_before_anything_is_computed(given, said, monkeypatch, tmp_path):
    monkeypatch.setenv("VILLAGE_EVAL_LANG", "en")
    monkeypatch.setattr(
        "village_eval.findings.evaluation.evaluate", lambda *_, **__: pytest.fail("computed")
    )
    with pytest.raises(ve.InputError, match=said):
        ve.write_report("data/demo_county", tmp_path / "out", **given)
    with pytest.raises(ve.InputError, match="county"):
        ve.write_report(7, tmp_path / "out")


@pytest.mark.slow
@pytest.mark.ci
def test_an_evaluation_with_things_of_ones_own_is_a_report(county, tmp_path):
    names: dict = {}
    exec(MINE, names)
    years = range(2018, 2025)
    codes = county.villages["village_code"]
    table = codes.to_frame().merge(pd.DataFrame({"period": years}), how="cross")
    table["value"] = np.random.default_rng(1).gamma(20, 0.2, len(table))
    result = ve.evaluate(
        county, draws=19, designs=[names["half_of_the_log_ratio"]], outcomes={"hours": table}
    )
    out = ve.write_report(result, tmp_path / "report", lang="en", quiet=True, workers=1)
    page = (out / "report.en.html").read_text("utf-8")
    assert "half of the log ratio" in page and not (out / "report.zh.html").exists()
    found = json.loads((out / "findings.json").read_text("utf-8"))
    assert any(row["design"] == "half_of_the_log_ratio" for row in found["sensitivity"])
    assert any(row["id"] == "hours.first_year" for row in found["findings"])
