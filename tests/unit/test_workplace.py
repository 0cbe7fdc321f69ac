"""What notebooks need beside the report: texts, folding, the bar, the form, the textbook's frame, an
example of a delivery."""

import shutil
from html import unescape

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from conftest import write_folder

import village_eval as ve
from village_eval.bureau.example import example_delivery
from village_eval.bureau.importing import import_folder
from village_eval.certify import textbook
from village_eval.designs.panel_algebra import twoway_did
from village_eval.findings.evaluation import evaluate
from village_eval.report import form as forms
from village_eval.report.tables.made import made
from village_eval.report.workplace import Bar, fold, say
from village_eval.words.catalogue import words

TWO_WAY = "petitions ~ listed:post + listed + C(year)"


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return ve.read_county(write_folder(tmp_path_factory.mktemp("county") / "测试县"))


@pytest.fixture(scope="module")
def panel(county):
    return ve.Panel.of(county)


def test_a_text_is_markdown_in_the_language_and_an_unknown_language_a_sentence():
    assert say("en", zh="# 一", en="\n# One\n")._repr_markdown_() == "# One"
    with pytest.raises(ve.InputError, match="zh, en"):
        say("english", zh="一", en="one")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_long_table_shows_its_first_rows_in_a_notebook_and_all_on_a_page(lang):
    rows = [(f"v{i:02d}", f"t{i}", None, None, None, None, None) for i in range(68)]
    heads = len(words(lang, "tables")["revisit"]["columns"])
    table = made("revisit", [row[:heads] for row in rows], lang)
    shown, page = table._repr_html_(), table.__html__()
    assert shown.index("v09") < shown.index("<details") < shown.index("v10")
    assert "<details" not in page and "<style" not in page and page.count("<tr") == 69
    folded = fold(table)._repr_html_()
    assert folded.index("<details") < folded.index("v00") and "68" in folded
    assert fold(None) is None


def test_the_bar_is_told_every_step_and_never_goes_back(tmp_path):
    told = []
    evaluate(
        write_folder(tmp_path / "county"),
        draws=99,
        cache=False,
        progress=lambda share, step: told.append((share, step)),
    )
    shares, steps = zip(*told, strict=True)
    assert list(shares) == sorted(shares) and shares[0] >= 0 and shares[-1] <= 1
    assert list(dict.fromkeys(steps)) == list(words("zh", "notebooks")["step"])


def test_without_a_notebook_the_bar_says_nothing(capsys):
    bar = Bar("zh")
    bar(0.5, "questions")
    bar.done("county", 20)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_form_answers_anew_and_shows_the_code_for_it(county, lang):
    shown = forms.form(lang, county.folder)
    place, outcome, window, design, answer = shown.children
    assert place.value == str(county.folder.resolve())
    first = answer.value
    design.value = "before_after"
    assert "ve.designs.before_after(" in answer.value and answer.value != first
    outcome.value = "earned_income"
    assert next(value for _, value in window.options) == "first_year"
    code = unescape(answer.value.partition("<pre>")[2].partition("</pre>")[0])
    assert 'outcome="earned_income"' in code
    names = {"ve": ve}
    exec(code.partition("ve.designs")[0], names)
    assert len(names["panel"].villages) == 40


def test_the_form_reads_a_county_again_that_was_put_right(county, tmp_path):
    folder = tmp_path / 'a "county"'
    shutil.copytree(county.folder, folder)
    asked = (str(folder), "petitions", "first_year", "before_after", "en")
    first = forms.answer_of(*asked)
    assert forms.answer_of(*asked) == first
    code = unescape(first.partition("<pre>")[2].partition("</pre>")[0])
    exec(code, {"ve": ve})
    villages = folder / "villages.csv"
    table = pd.read_csv(villages, dtype=str)
    at = table.index[table["listed"] == "1"][0]
    table.loc[at, "listed"], table.loc[at, "village_type"] = "0", ""
    table.to_csv(villages, index=False)
    assert forms.answer_of(*asked) != first


@pytest.mark.parametrize("outcome", ["petitions", "total_income"])
def test_every_design_of_the_form_has_an_answer_or_a_sentence(county, outcome):
    for name in forms._designs():
        said = forms.answer_of(str(county.folder), outcome, "first_year", name.name, "en")
        assert len(said) > 400 and "Traceback" not in said


def test_the_textbooks_regressions_are_those_of_the_designs(county, panel):
    """On two years Poisson is `did`; with the list in place of village effects the coefficient of
    least squares is the same."""
    frame = textbook.by_year(panel, county.campaign)
    two = frame[frame["year"] >= -1]
    fitted = smf.glm(TWO_WAY, two, family=sm.families.Poisson()).fit()
    did = ve.designs.did(panel, county.campaign)
    assert fitted.params["listed:post"] == pytest.approx(did.value, abs=1e-8)
    assert textbook.poisson(TWO_WAY, two).params["listed:post"] == pytest.approx(did.value)
    wide = frame.pivot(index="village", columns="year", values="petitions").to_numpy(float)
    listed = frame.groupby("village")["listed"].first().to_numpy() == 1
    post = np.unique(frame["year"]) == 0
    exact = twoway_did(wide, listed, post, np.arange(len(wide)))
    ols = smf.ols(TWO_WAY, frame).fit()
    assert ols.params["listed:post"] == pytest.approx(float(exact.value), abs=1e-8)


def test_a_placebo_list_is_as_long_as_the_list_and_of_its_year(county, panel):
    for q in textbook.placebo_years(panel, county.campaign):
        frame = textbook.by_year(panel, county.campaign, q)
        assert frame["listed"].sum() == panel.listed.sum() * frame["year"].nunique()
        again = textbook.by_year(panel, county.campaign, q, seed=1)
        pd.testing.assert_frame_equal(frame, again)
        start = panel.month_index(county.campaign.start_month) - 12 * q
        of_year = frame[frame["year"] == 0]["petitions"].sum()
        assert of_year == panel.petitions[:, start : start + 12].sum()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_example_delivery_comes_back_as_the_county_that_it_was_made_of(county, lang, tmp_path):
    folder = example_delivery(tmp_path / "delivery", lang=lang, county=county)
    back = import_folder(folder, tmp_path / "county", lang=lang)
    assert back.campaign == county.campaign
    assert back.villages["listed"].tolist() == county.villages["listed"].tolist()
    np.testing.assert_array_equal(ve.Panel.of(back).petitions, ve.Panel.of(county).petitions)
    np.testing.assert_allclose(ve.Panel.of(back).income, ve.Panel.of(county).income)
    assert len(back.measures) == len(county.measures)
