"""village-eval pool: from result folders to pooled.json."""

import json
import re
from html import escape, unescape
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pytest

from village_eval.certify.synthetic_county import simulate_to_folder
from village_eval.cli.main import main
from village_eval.county.problems import InputError
from village_eval.findings.evaluation import evaluate
from village_eval.many.association import robustness_value, times_severity
from village_eval.many.doubts import doubts
from village_eval.many.figures import counties_forest
from village_eval.many.findings import conclusion as conclusion_of_finding
from village_eval.many.findings import grade, pool_findings, with_years
from village_eval.many.measures import conclusion
from village_eval.many.pool import pool_results, pooled
from village_eval.many.results import Result, read_results, scores_of
from village_eval.many.shown import title
from village_eval.many.synthesis import synthesis
from village_eval.many.words import points, steps
from village_eval.measures.scores import COLUMNS
from village_eval.report.writing import write_results
from village_eval.words.vocabulary import MEASURES


@pytest.fixture(scope="module")
def one_result(tmp_path_factory):
    """One evaluated small county."""
    place = tmp_path_factory.mktemp("one")
    simulate_to_folder(place / "in", seed=30500, scenario="plain", villages=200, townships=7)
    result = evaluate(place / "in", draws=99, cache=False)
    return write_results(result, place / "out", place / "in")


@pytest.fixture
def results(one_result, tmp_path):
    """Twelve counties: the one, moved a little each, in three years."""
    rng = np.random.default_rng(1)
    content = json.loads((one_result / "findings.json").read_text("utf-8"))
    scores = pd.read_parquet(one_result / "dose_scores.parquet")
    for c in range(12):
        place = tmp_path / "results" / f"county_{c:02d}"
        place.mkdir(parents=True)
        for finding in content["findings"]:
            if finding["estimate"] is not None:
                finding["estimate"] = -0.2 + rng.normal(0, finding["se"] or 0.1)
        content["campaign"]["start"] = f"{2020 + c % 3}-03-01"
        (place / "findings.json").write_text(json.dumps(content), "utf-8")
        moved = scores.assign(score=scores["score"] + rng.normal(0, 0.1, len(scores)))
        moved.to_parquet(place / "dose_scores.parquet")
    return tmp_path / "results"


def read(path):
    return json.loads(path.read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.ci
def test_evaluate_keeps_scores_of_now_of_earlier_years_and_without_severity(one_result):
    kept = pd.read_parquet(one_result / "dose_scores.parquet")
    assert list(kept.columns) == COLUMNS
    petitions = kept[kept["outcome"] == "petitions"]
    assert set(petitions.loc[petitions["severity"], "years_before"]) >= {0, 1, 2}
    assert set(petitions.loc[~petitions["severity"], "years_before"]) == {0}
    now = petitions[petitions["severity"] & (petitions["years_before"] == 0)]
    precision = now[MEASURES].to_numpy()
    assert list(now["measure"]) == MEASURES and precision == pytest.approx(precision.T, rel=1e-5)
    assert (one_result / "dose_scores.parquet").stat().st_size < 40_000


def test_pooled_json_has_the_contract_s_keys(results, tmp_path):
    content = read(pool_results(results, tmp_path / "out"))
    assert content["schema"] == "village-eval/pooled/1" and content["counties"] == 12
    head = next(f for f in content["findings"] if f["id"] == "petitions.first_year")
    for key in ("estimate", "se", "ci_low", "ci_high", "prediction_low", "prediction_high", "tau"):
        assert isinstance(head[key], float)
    assert head["conclusion"] in ("fell", "rose", "none_seen", "unclear")
    assert set(head["sentence"]) >= {"zh", "en"} and head["counties"] <= 12
    assert len(content["measures"]) == 2 * 22
    for row in content["measures"]:
        assert row["conclusion"] in ("went_with_fewer", "went_with_more", "cannot_be_told")
        assert {"between_counties", "placebo", "tau", "p_adjusted"} <= set(row)


@pytest.mark.slow
@pytest.mark.ci
def test_the_command_pools_and_a_folder_without_results_is_refused(results, tmp_path, capsys):
    assert main(["pool", str(results), "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    assert "pooled.json" in capsys.readouterr().out
    assert main(["pool", str(results), "--out", str(tmp_path / "out")]) == 0  # ours: done anew
    (tmp_path / "empty").mkdir()
    assert main(["pool", str(tmp_path / "empty"), "--out", str(tmp_path / "no")]) == 2
    assert not (tmp_path / "no").exists()


@pytest.mark.slow
@pytest.mark.ci
def test_somebody_elses_pooled_json_is_not_overwritten(results, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "pooled.json").write_text("mine", "utf-8")
    with pytest.raises(InputError):
        pool_results(results, out)
    assert (out / "pooled.json").read_text("utf-8") == "mine"


@pytest.mark.slow
@pytest.mark.ci
def test_a_county_that_cannot_be_read_is_named_and_stops_nothing(results, tmp_path):
    (results / "county_03" / "findings.json").write_text("{", "utf-8")
    content = read(pool_results(results, tmp_path / "out"))
    assert content["counties"] == 11
    assert {"county": "county_03", "reason": "not_readable"} in content["left_out"]


@pytest.mark.slow
@pytest.mark.ci
def test_refused_and_misleading_counties_are_left_out_with_their_reason(results, tmp_path):
    for c, change in enumerate(({"grade": "X"}, {"grade": "D", "reason": "one_township"})):
        path = results / f"county_{c:02d}" / "findings.json"
        content = read(path)
        head = next(f for f in content["findings"] if f["id"] == "petitions.first_year")
        head |= change
        path.write_text(json.dumps(content), "utf-8")
    content = read(pool_results(results, tmp_path / "out"))
    head = next(f for f in content["findings"] if f["id"] == "petitions.first_year")
    assert head["counties"] == 10 and head["left_out"] == {"misleading": 1, "one_township": 1}
    assert {(x["county"], x["reason"]) for x in content["left_out"]} == {
        ("county_00", "misleading"),
        ("county_01", "one_township"),
    }


@pytest.mark.slow
@pytest.mark.ci
def test_every_county_gets_back_what_the_others_say_of_it(results, tmp_path):
    content = read(pool_results(results, tmp_path / "out"))
    alone = {
        path.parent.name: next(
            f
            for f in read(path)["findings"]
            if f["id"] == "petitions.first_year" and f["estimate"] is not None
        )
        for path in results.glob("*/findings.json")
    }
    rows = content["counties_shrunk"]
    assert [row["county"] for row in rows] == sorted(alone)
    for row in rows:
        own = alone[row["county"]]
        assert row["ci_low"] < row["estimate"] < row["ci_high"]
        assert row["ci_high"] - row["ci_low"] < own["ci_high"] - own["ci_low"]
    spread = np.std([row["estimate"] for row in rows])
    assert spread < np.std([f["estimate"] for f in alone.values()])
    assert content["between_years"]["id"] == "petitions.first_year"
    assert content["between_years"]["counties"] == 12 and 0 < content["between_years"]["scale"] < 1


@pytest.mark.slow
@pytest.mark.ci
def test_measures_that_the_counties_hardly_recorded_have_no_numbers_and_say_so(results, tmp_path):
    for path in results.glob("*/dose_scores.parquet"):
        scores = pd.read_parquet(path)
        scores[MEASURES] *= 1e-6
        scores.to_parquet(path)
    out = pool_results(results, tmp_path / "out").parent
    rows = read(out / "pooled.json")["measures"]
    assert len(rows) == 44 and [r for r in rows if r["estimate"] is not None] == []
    assert all(row["conclusion"] == "cannot_be_told" for row in rows)
    recorded = [row for row in rows if row["counties"]]
    assert recorded and all("too little" in row["sentence"]["en"] for row in recorded)
    for page in out.glob("report.*.html"):
        assert "∞" not in page.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.ci
def test_results_of_an_earlier_version_get_nothing_back_and_are_pooled(results, tmp_path):
    for path in results.glob("*/findings.json"):
        content = read(path)
        for finding in content["findings"]:
            del finding["compared"]
        path.write_text(json.dumps(content), "utf-8")
    content = read(pool_results(results, tmp_path / "out"))
    assert content["counties_shrunk"] == [] and content["between_years"] is None
    assert content["findings"]


def test_two_counties_are_too_few_for_anything_and_no_error(results, tmp_path):
    for c in range(2, 12):
        (results / f"county_{c:02d}" / "findings.json").unlink()
    content = read(pool_results(results, tmp_path / "out"))
    assert content["counties"] == 2 and content["findings"] == [] and content["measures"] == []


@pytest.mark.slow
@pytest.mark.ci
def test_counties_of_one_year_say_so_and_their_error_is_larger(results, tmp_path):
    several = read(pool_results(results, tmp_path / "several"))
    for path in results.glob("*/findings.json"):
        content = read(path)
        content["campaign"]["start"] = "2021-03-01"
        path.write_text(json.dumps(content), "utf-8")
    one = read(pool_results(results, tmp_path / "one"))
    wide = [m["se"] for m in one["measures"] if m["level"] == "measure" and m["se"]]
    narrow = [m["se"] for m in several["measures"] if m["level"] == "measure" and m["se"]]
    assert sum(wide) > sum(narrow)
    assert "2021" in one["remarks"]["en"][0] and "2021" in one["remarks"]["zh"][0]
    head = next(f for f in one["findings"] if f["id"] == "petitions.first_year")
    assert head["grade"] != "A"


def test_years_that_differ_widen_the_mean_of_findings():
    rng = np.random.default_rng(2)
    year, v = np.arange(60) % 6, np.full(60, 0.01)
    alike = rng.normal(-0.2, 0.1, 60)
    moved = alike + rng.normal(0, 0.3, 6)[year]
    errors = [with_years(synthesis(y, v), y, v, year, "petitions").sd for y in (alike, moved)]
    assert errors[1] > 2 * errors[0]


def test_half_of_the_weight_must_reach_the_grade():
    def county(letter):
        return None, {"grade": letter, "estimate": 0.1, "se": 0.1, "reason": None}

    row = {"years": 3, "small_counties": None}
    mixed = [county("A")] * 6 + [county("B")] * 4
    assert grade(mixed, np.ones(10), row) == "A"
    assert grade(mixed, np.r_[np.full(6, 9.0), np.ones(4)], row) == "B"
    assert grade(mixed, np.ones(10), row | {"years": 1}) == "B"
    misled = [*mixed, *[county("X")] * 4]
    assert grade(misled, np.ones(10), row) == "C"


def test_the_others_of_a_family_wait_for_its_first(results):
    found, _ = read_results(results, "en")
    for result in found:
        for finding in result.content["findings"]:
            if finding["id"] == "petitions.first_year":
                finding["estimate"] = 0.0
            elif finding["id"] == "petitions.after":
                finding["estimate"], finding["se"], finding["grade"] = -0.5, 0.05, "A"
                finding["conclusion"], finding["reason"] = "fell", None
    rows = {row["id"]: row for row in pool_findings(found)}
    assert rows["petitions.after"]["p_value"] < 0.01
    assert rows["petitions.after"]["p_adjusted"] >= rows["petitions.first_year"]["p_value"]
    assert rows["petitions.after"]["conclusion"] != "fell"


@pytest.mark.parametrize(("across", "first"), [(12, "own_income"), (3, "earned_income")])
def test_own_income_comes_first_where_most_counties_tell_it(results, across, first):
    found, _ = read_results(results, "en")
    for result in found[:across]:
        told = [f for f in result.content["findings"] if f["id"].startswith("earned_income.")]
        for f in told:
            f["grade"] = "C"
            own = {"id": f["id"].replace("earned", "own"), "outcome": "own_income"}
            result.content["findings"].append(f | own)
    rows = [r for r in pool_findings(found) if r["family"] == "income"]
    assert [r["id"] for r in rows if not r["secondary"]] == [f"{first}.first_year.typical"]
    assert {r["gate"] for r in rows if r["secondary"]} <= {f"{first}.first_year.typical", None}


def test_placebo_years_are_stacked_by_county(results):
    found, _ = read_results(results, "en")
    earlier = scores_of(found, "petitions", earlier=True)
    assert earlier is not None and len(np.unique(earlier.county)) == 12
    assert len(earlier.county) > 12


def test_doses_that_follow_trouble_are_doubted_and_by_chance_are_not():
    rng = np.random.default_rng(1)
    precision = np.full(100, 40.0)
    by_chance = np.column_stack([rng.normal(0, np.sqrt(40), 100), precision])
    follow = by_chance + np.column_stack([0.3 * precision, np.zeros(100)])
    assert not doubts(None, by_chance).doubtful
    told = doubts(None, follow)
    assert told.doubtful and told.follows == pytest.approx(0.3, abs=0.05)


def test_robustness_value_is_the_published_one_of_darfur():
    # Cinelli & Hazlett (2020), table 1: t = 4.18 with 783 degrees of freedom, RV = 13.9 %.
    assert robustness_value(4.18, 783) == pytest.approx(0.139, abs=5e-4)
    assert times_severity(-0.10, -0.05) == pytest.approx(2) and times_severity(-0.1, -0.1) is None


def test_went_with_is_all_that_observed_doses_say():
    assert conclusion(-0.2, 0.01) == "went_with_fewer"
    assert conclusion(0.2, 0.01) == "went_with_more"
    assert conclusion(-0.2, 0.2) == conclusion(-0.2, float("nan")) == "cannot_be_told"


def test_results_know_their_year_and_province(results):
    result = read_results(results, "en")[0][0]
    assert isinstance(result, Result) and result.year == 2020 and result.province == "37"


def made_up(n, low=-0.3):
    rng = np.random.default_rng(n)
    told = [
        {"county": f"c{i}", "title": "某县" if n > 5 else f"c{i}", "id": "petitions.first_year"}
        | {"estimate": y, "ci_low": y - 0.3, "ci_high": y + 0.3, "grade": "A"}
        for i, y in enumerate(rng.normal(-0.2, 0.2, n))
    ]
    mean = {"id": "petitions.first_year", "estimate": -0.2, "ci_low": low, "ci_high": -0.1}
    mean |= {"prediction_low": -0.5, "prediction_high": 0.1, "conclusion": "fell"}
    return {"findings": [mean], "headlines": told}


@pytest.mark.filterwarnings("error::village_eval.words.fonts.MissingGlyphWarning")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_forest_names_counties_while_they_can_be_read(lang):
    few, many = (counties_forest(made_up(n), lang) for n in (30, 100))
    ticks = [len(p.figure.axes[0].get_yticks()) for p in (few, many)]
    assert ticks[0] == 30 and ticks[1] < 20
    assert "18%" in few.figure.get_suptitle() and "<text" not in few.svg
    assert many.figure.get_figheight() < 6 and "100" in many.alt
    assert counties_forest({"findings": [], "headlines": []}, lang) is None


def test_a_nation_s_forest_is_a_band_and_no_larger_than_a_province_s():
    nation = counties_forest(made_up(2850), "en")
    assert (
        nation.figure.get_figheight() == counties_forest(made_up(100), "en").figure.get_figheight()
    )
    assert len(nation.svg) < 1_500_000


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_province_s_report_says_everything_and_ranks_nobody(results, tmp_path, lang):
    content = read(pool_results(results, tmp_path / "out"))
    html = (tmp_path / "out" / f"report.{lang}.html").read_text("utf-8")
    said = re.sub(r"<style.*?</style>|<img[^>]*>", "", html, flags=re.DOTALL)
    assert html.count("<img") == 2 and not re.search(r"\b(nan|None)\b", said)
    for text in (title(content, lang), *content["remarks"][lang], *steps(content, lang)):
        assert escape(text) in html
    assert not re.search(r"<script", html)


def test_measures_that_were_found_are_named_on_page_one_with_their_warning(results):
    content = pooled(*read_results(results, "en"))
    row = next(m for m in content["measures"] if m["measure"] == "dispute_mediation")
    for each in content["measures"]:
        each |= {"conclusion": "cannot_be_told", "warned": False}
    assert "no single one" in points(content, "en")[-1]
    row |= {"conclusion": "went_with_fewer", "estimate": -0.2}
    assert "dispute mediation (−18% for a full dose)" in points(content, "en")[-1]
    assert "not drawn by lot" in points(content, "en")[-1]
    for each in content["measures"]:
        each["warned"] = True
    assert "followed trouble" in points(content, "en")[-1]
    for each in content["measures"]:
        if each["level"] == "measure":
            each |= {"conclusion": "went_with_fewer", "estimate": -0.2, "p_adjusted": 0.01}
    assert "and 13 more in the table" in points(content, "en")[-1]  # page one stays one page
    assert "另有13项见表" in points(content, "zh")[-1]


def test_a_later_finding_whose_first_question_failed_is_not_asked():
    row = {"scale": "log_ratio", "family": "petitions", "estimate": -0.5, "p_adjusted": 0.2}
    shut = row | {"ci_low": -0.6, "ci_high": -0.4, "gate": "petitions.first_year"}
    assert conclusion_of_finding(shut) == "not_asked"
    assert conclusion_of_finding(shut | {"gate": None}) == "unclear"
    share = row | {"scale": "share", "ci_low": -0.04, "ci_high": 0.04, "gate": None}
    assert conclusion_of_finding(share) == "none_seen"
    assert conclusion_of_finding(share | {"ci_high": 0.06}) == "unclear"


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_province_s_report_links_the_counties_reports_that_are_there(results, tmp_path, lang):
    odd = results / "甲县 #1%20?"
    (results / "county_00").rename(odd)
    for place in (odd, results / "county_03"):
        (place / "report.zh.html").write_text("<p>", "utf-8")
    (results / "county_03" / "report.en.html").write_text("<p>", "utf-8")
    for out in (results, tmp_path / "elsewhere"):
        html = (pool_results(results, out).parent / f"report.{lang}.html").read_text("utf-8")
        links = [unescape(a) for a in re.findall(r'href="([^"#]+)"', html)]
        assert [(out / unquote(a)).resolve() for a in links] == [
            (results / "county_03" / f"report.{lang}.html").resolve(),
            (odd / "report.zh.html").resolve(),
        ]
        assert all(a.startswith("./") and " " not in a and "?" not in a for a in links)
        # Twelve counties of one name are told apart by their folders.
        assert "county_03" in html.split(links[0])[1][:200]
