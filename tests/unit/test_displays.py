"""Objects show themselves on a screen at most, in both languages, and hand out numbers in the forms
that researchers know: a row, a frame for Stata or Parquet, statsmodels' summary, axes."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from fixtures_evaluation import misleading, nothing, nothing_seen, path, worked
from matplotlib.figure import Figure

import village_eval as ve
from village_eval.certify.simulate import simulate
from village_eval.county.panel import build_panel
from village_eval.designs import honest_did, regression_discontinuity, setting
from village_eval.designs.event_study import event_study
from village_eval.expectation.between_years import t_error
from village_eval.expectation.display import why
from village_eval.expectation.outcomes import Question, question
from village_eval.expectation.results import Estimate
from village_eval.findings.villages import Turnaround
from village_eval.measures import Attribution
from village_eval.words.card import Card
from village_eval.words.catalogue import LANGUAGES
from village_eval.words.messages import LANG_VARIABLE

matplotlib.use("agg")
SCREEN = 40
"""Lines."""


@pytest.fixture(scope="module")
def made():
    return simulate("plain", seed=3, n_villages=160, n_townships=8, n_listed=20)


@pytest.fixture(scope="module")
def shown(made):
    """One of every class that shows itself, with numbers and without."""
    scored = replace(
        made.panel, villages=made.panel.villages.assign(listing_score=-made.panel.petitions.sum(1))
    )
    late = replace(made.campaign, start=made.campaign.start.replace(year=2026))
    found = [worked(), nothing_seen(), misleading()]
    return [
        *found,
        *(f for e in found for f in (*e.findings, *e.sensitivity, *e.checks)),
        nothing("petitions", "after", "window_not_observed"),
        *(x for e in found for x in (e.panel, e.county, e.campaign, e.persistence)),
        *(e.attribution for e in found),
        Attribution(reason="no_measures"),
        path(-0.2),
        event_study(made.panel, late),
        event_study(made.panel, made.campaign, outcome="earned_income"),
        honest_did(made.panel, made.campaign),
        honest_did(made.panel, late),
        regression_discontinuity(scored, made.campaign),
        made,
        made.county(),
    ]


class Tags(HTMLParser):
    """Opened and closed tags balance."""

    def __init__(self):
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_fits_on_a_screen_and_speaks_the_language(shown, lang, monkeypatch):
    monkeypatch.setenv(LANG_VARIABLE, lang)
    for one in shown:
        text, html = repr(one), one._repr_html_()
        assert len(text.splitlines()) <= SCREEN and len(text) < 3500, (type(one), text)
        assert "dtype" not in text and "array(" not in text and " object at " not in text
        tags = Tags()
        tags.feed(html)
        assert tags.open == []
        said = re.sub(r"\{\w*\}", "{}", text)
        assert "{}" not in said, said


@pytest.mark.slow
@pytest.mark.ci
def test_no_village_and_no_person_is_named(shown):
    """A notebook that is shared shows no register by accident."""
    evaluation = worked()
    names = set(evaluation.panel.villages["village_name"])
    codes = set(evaluation.panel.villages["village_code"])
    for one in (evaluation, evaluation.panel, evaluation.county, *evaluation.findings):
        assert not [n for n in names | codes if n in repr(one) + one._repr_html_()]


def test_what_a_county_calls_itself_cannot_write_html():
    evaluation = worked()
    county = replace(
        evaluation.county, campaign=replace(evaluation.campaign, county="<script>x</script>")
    )
    assert "<script>" not in county._repr_html_() and "&lt;script&gt;" in county._repr_html_()


def test_columns_are_aligned_also_in_chinese():
    table = pd.DataFrame({"名": ["甲", "ab"], "n": [1.5, -20.25]})
    assert Card("t", (("村", "1"), ("ab", "2")), table).text().splitlines() == [
        "t",
        "  村  1",
        "  ab  2",
        "  名        n",
        "  甲    1.500",
        "  ab  -20.250",
    ]
    many = Card("t", (), pd.DataFrame({"n": np.arange(100)}), lang="en").text()
    assert len(many.splitlines()) < SCREEN and "… and 70 more rows" in many


def test_arrays_are_told_by_their_shape(made):
    for one in (setting(made.panel, made.campaign), setting(made.panel, made.campaign).series):
        assert len(repr(one)) < 700 and "\n" not in repr(one)
    quiet = pd.DataFrame({"year": [2020], "improved": [1.0], "sure": [0]})
    assert "quiet=DataFrame[1 × 3]" in repr(Turnaround(5, 2.123456, 1, 3, 1, None, quiet))


def test_an_estimate_is_what_statsmodels_users_know():
    e = worked()["petitions.first_year"].estimate
    assert e.params.to_dict() == {e.id: e.value}
    assert e.conf_int().iloc[0].tolist() == pytest.approx([e.ci_low, e.ci_high])
    narrow = e.conf_int(alpha=0.5).iloc[0]
    assert e.ci_low < narrow[0] < e.value < narrow[1] < e.ci_high
    for lang in LANGUAGES:
        text = e.summary(lang).as_text()
        for number in (e.value, e.se, e.ci_low, e.ci_high):
            assert f"{number:.3f}" in text
        assert str(e.quiet["year"].iloc[0]) in text and "P>|t|" in text
        assert "<table" in e.summary(lang).as_html() and "tabular" in e.summary(lang).as_latex()
    row = e.to_frame().iloc[0]
    assert (row["id"], row["n"]) == (e.id, e.n_treated + e.n_control)
    assert e.tidy().equals(e.to_frame())


def test_conf_int_is_the_errors_own_quantile():
    e = Estimate(question("petitions.first_year"), "mine", -0.2, t_error(0.1))
    assert e.conf_int(0.1).iloc[0].tolist() == pytest.approx(
        [-0.2 - 0.1644854, -0.2 + 0.1644854], abs=1e-5
    )
    with pytest.raises(ValueError, match="alpha"):
        e.conf_int(95)


def test_without_a_number_there_is_a_reason_and_no_plot():
    e = nothing("petitions", "after", "window_not_observed").estimate
    assert np.isnan(e.params.iloc[0]) and e.conf_int().isna().all(axis=None)
    assert e.to_frame()["reason"].iloc[0] == "window_not_observed"
    assert "not" in e.summary("en").as_text()
    with pytest.raises(ValueError, match="no number"):
        e.plot()
    with pytest.raises(ValueError, match="no path"):
        ve.designs.EventStudy(Question(e.question.outcome), None, "all_listed").plot()


def test_every_reason_of_a_design_has_words_and_an_own_one_is_shown_as_it_is():
    package = Path(ve.__file__).parent
    rooms = ("expectation", "designs", "measures")
    source = "".join(p.read_text("utf-8") for r in rooms for p in (package / r).glob("*.py"))
    reasons = set(re.findall(r'reason ?= ?"(\w+)"', source))
    assert len(reasons) > 12
    for lang in LANGUAGES:
        assert [r for r in reasons if why(r, lang) == r] == []
    own = Estimate(question("petitions.first_year"), "mine", reason="the river rose")
    assert "the river rose" in repr(own) and "the river rose" in own.summary("zh").as_text()


def test_plots_are_drawn_on_given_axes_and_change_no_settings(made):
    before = dict(matplotlib.rcParams)
    evaluation = worked()
    headline = evaluation["petitions.first_year"].estimate
    for one in (headline, evaluation, path(-0.2)):
        ax = Figure().subplots()
        assert one.plot(ax, "zh") is ax and ax.collections
        ax.figure.canvas.draw()
        assert one.plot(lang="en") is not ax
    assert dict(matplotlib.rcParams) == before
    quiet = headline.plot().get_yticklabels()
    assert quiet[0].get_text() == headline.id and len(quiet) == 1 + len(headline.quiet)


def test_an_evaluation_is_a_frame_of_numbers(tmp_path):
    evaluation = worked()
    frame = evaluation.to_frame()
    assert list(frame["id"]) == [f.id for f in evaluation.findings]
    first = frame.set_index("id").loc["petitions.first_year"]
    e = evaluation["petitions.first_year"].estimate
    assert (first["estimate"], first["ci_low"], first["percent"]) == (e.value, e.ci_low, e.percent)
    numeric = ["estimate", "se", "ci_low", "ci_high", "p", "p_adjusted", "percent", "absolute", "n"]
    assert all(pd.api.types.is_numeric_dtype(frame[c]) for c in numeric)
    _goes_out_and_comes_back(frame, tmp_path)


def test_a_panel_is_a_frame_for_regressions_of_ones_own(made, tmp_path):
    panel = made.panel
    frame = panel.to_frame(income=True)
    assert len(frame) == panel.petitions.size and frame["petitions"].sum() == panel.petitions.sum()
    listed = frame.groupby("village_code")["listed"].max()
    assert listed.sum() == panel.listed.sum()
    after = frame["month"] >= pd.Timestamp(made.campaign.start.replace(day=1))
    assert (frame["post"] == after).all() and after.any() and not after.all()
    assert frame["population"].notna().all()
    year = frame["income_period"] == "2022"
    column = list(map(str, panel.income_periods)).index("2022")
    assert frame.loc[year, "operating"].to_numpy()[::12] == pytest.approx(
        panel.income[:, column, 0], nan_ok=True
    )
    assert "operating" not in panel.to_frame()
    _goes_out_and_comes_back(frame, tmp_path)


def test_a_panel_of_a_county_knows_its_start():
    county = worked().county
    panel = ve.Panel.of(county)
    assert panel.start == county.campaign.start_month and "post" in panel.to_frame()
    assert np.array_equal(panel.petitions, build_panel(county).petitions)


def _goes_out_and_comes_back(frame: pd.DataFrame, folder) -> None:
    """To Stata and Parquet as it is, with nothing to be converted first."""
    frame.to_stata(folder / "x.dta", write_index=False, version=118)
    frame.to_parquet(folder / "x.parquet")
    stata, parquet = pd.read_stata(folder / "x.dta"), pd.read_parquet(folder / "x.parquet")
    assert list(stata) == list(parquet) == list(frame)
    for name in frame:
        if pd.api.types.is_numeric_dtype(frame[name]):
            for read in (stata, parquet):
                np.testing.assert_allclose(
                    read[name].astype(float), frame[name].astype(float), rtol=1e-12
                )
    assert (stata.iloc[:, 0] == frame.iloc[:, 0]).all()
