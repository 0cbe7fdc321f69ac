"""Rounds drawn by lot: read with the county, analysed with it, and the only place for "did"."""

import datetime as dt
import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import tomli_w

from village_eval.certify.synthetic_county import simulate_to_folder
from village_eval.cli.main import main
from village_eval.cli.plan import plan_county
from village_eval.county.lottery import draw
from village_eval.county.panel import build_panel
from village_eval.county.plan import assignment_csv, digest, measures, phased
from village_eval.county.problems import InputError
from village_eval.findings.evaluation import Evaluation, evaluate
from village_eval.folder.campaign_file import read_campaign
from village_eval.folder.plan import ASSIGNMENT, PLAN
from village_eval.folder.reading import county_inputs, read_county
from village_eval.many.lots import Lots, conclusion, pool_lots, pool_lotteries
from village_eval.many.pool import pooled
from village_eval.many.results import Result, read_results
from village_eval.many.shown import lots_table, page
from village_eval.many.words import points, remarks, steps
from village_eval.next_round.lottery import COLUMNS, Lottery, likelihood, lottery
from village_eval.next_round.plan import make_plan
from village_eval.next_round.randomisation import statistic
from village_eval.report.findings_json import findings_json
from village_eval.report.plan_words import lottery_sentences
from village_eval.report.writing import write_results

ROUND = dt.date(2024, 3, 1)
"""The first day of the round; the simulated county's data go on for more than a year after it."""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A county folder with the plan of a round whose year is over."""
    place = tmp_path_factory.mktemp("lots") / "county"
    simulate_to_folder(place, seed=30501, scenario="plain", villages=200, townships=7, listed=32)
    county = read_county(place)
    panel, cut = build_panel(county), ROUND.isoformat()
    whole = (place / "petitions.csv").read_bytes()
    rows = pd.read_csv(place / "petitions.csv", dtype=str)
    rows[rows["date"] < cut].to_csv(place / "petitions.csv", index=False)
    toml = (place / "campaign.toml").read_text("utf-8")
    last = str(panel.months[-1])
    (place / "campaign.toml").write_text(toml.replace(f'"{last}"', '"2024-02"'), "utf-8")
    plan_county(place, place / "plan", design="measures", start=ROUND, lang="en")
    (place / "petitions.csv").write_bytes(whole)
    (place / "campaign.toml").write_text(toml, "utf-8")
    return place


@pytest.fixture(scope="module")
def result(drawn, tmp_path_factory):
    out = tmp_path_factory.mktemp("result") / "county"
    return write_results(evaluate(drawn, draws=99, cache=False), out, drawn)


@pytest.fixture
def copy(drawn, tmp_path):
    """The folder, to be spoilt."""
    return shutil.copytree(drawn, tmp_path / "county")


def rewritten(folder, plan, **about):
    """The plan's files with another assignment, whose hash is put right, or other words."""
    text = assignment_csv(plan)
    (folder / "plan" / ASSIGNMENT).write_text(text, "utf-8", newline="\n")
    told = {"county": plan.county, "design": plan.design.name, "months": plan.design.months}
    told |= {"start": plan.start, "seed": plan.seed, "made": dt.date(2024, 1, 2)}
    told |= {"assignment_sha256": digest(text), **about}
    (folder / "plan" / PLAN).write_text(tomli_w.dumps(told), "utf-8")


def kinds(folder):
    with pytest.raises(InputError) as error:
        read_county(folder)
    for lang in ("zh", "en"):
        assert "plan" in error.value.text(lang)
    return [found.kind for found in error.value.problems]


def test_a_county_is_read_with_its_plan_and_the_lot_reproduces_it(drawn, capsys):
    county = read_county(drawn)
    assert county.plan.drawn and county.plan.start == ROUND and len(county.plan.codes) == 32
    assert county.warnings == () and set(county.inputs) >= {"plan/plan.toml", "plan/assignment.csv"}
    assert main(["check", str(drawn), "--lang", "en"]) == 0
    assert "32 villages; analysed when 2025-02" in capsys.readouterr().out


def test_a_county_without_a_plan_has_none_and_a_folder_of_another_kind_is_named(copy):
    shutil.rmtree(copy / "plan")
    assert read_county(copy).plan is None
    (copy / "plan").mkdir()
    (copy / "plan" / "notes.txt").write_text("?", "utf-8")
    assert any("plan" in str(w) for w in read_county(copy).warnings)


def test_a_changed_assignment_is_refused_by_its_hash(copy):
    path = copy / "plan" / ASSIGNMENT
    path.write_text(path.read_text("utf-8").replace(",1,", ",0,", 1), "utf-8")
    assert kinds(copy) == ["plan_changed"]


def test_doses_that_follow_trouble_cannot_enter_as_a_lot(copy):
    """Villages with more petitions moved to priority, and the hash put right: no seed draws it."""
    plan = read_county(copy).plan
    table = plan.assignment.copy()
    order = np.argsort(-table["expected"].to_numpy(), kind="stable")
    arms = np.sort(table["arm"].to_numpy())
    table.loc[order, "arm"] = arms
    table[list(plan.design.factors)] = plan.design.arms[table["arm"]].astype(int)
    rewritten(copy, replace(plan, assignment=table))
    assert kinds(copy) == ["plan_not_drawn"]
    marked = plan.assignment.assign(services=1 - plan.assignment["services"])
    rewritten(copy, replace(plan, assignment=marked))  # the arms as drawn, a factor not
    assert kinds(copy) == ["plan_not_drawn"]


def test_all_problems_of_a_plan_are_said_at_once(copy):
    plan = read_county(copy).plan
    table = plan.assignment.copy()
    table.loc[0, "village_code"] = "999999999999"
    table.loc[1, "village_code"] = table.loc[2, "village_code"]
    rewritten(copy, replace(plan, assignment=table, county="别县"))
    assert kinds(copy) == ["plan_other_county", "plan_stranger", "plan_twice"]


@pytest.mark.parametrize("gone", [PLAN, ASSIGNMENT])
def test_half_a_plan_is_refused(copy, gone):
    (copy / "plan" / gone).unlink()
    assert kinds(copy) == ["plan_half"]


@pytest.mark.parametrize(
    "about",
    [
        b"",
        b"county = ",
        b'county = "x"\n',
        b'assignment_sha256 = 3\ncounty = "x"\n',
        "county = 1".encode("utf-16"),
    ],
)
def test_a_plan_that_cannot_be_read_is_refused_in_words(copy, about):
    (copy / "plan" / PLAN).write_bytes(about)
    assert kinds(copy)[0] in ("plan_unreadable", "plan_changed")


@pytest.mark.parametrize(
    "about", [{"design": "other"}, {"months": "six"}, {"seed": "x"}, {"start": "soon"}]
)
def test_a_plan_of_another_kind_is_refused_in_words(copy, about):
    rewritten(copy, read_county(copy).plan, **about)
    assert kinds(copy) == ["plan_unreadable"]


@pytest.mark.slow
@pytest.mark.ci
def test_a_plan_may_be_drawn_into_its_county_and_nowhere_else_in_it(copy):
    before = set(county_inputs(copy).files)
    shutil.rmtree(copy / "plan")
    with pytest.raises(InputError, match="county"):
        plan_county(copy, copy / "other", start=dt.date(2030, 3, 1), lang="en")
    plan_county(copy, copy / "plan", start=dt.date(2030, 3, 1), lang="en")
    assert set(county_inputs(copy).files) == before
    with pytest.raises(InputError) as error:
        plan_county(copy, copy / "plan", start=dt.date(2030, 3, 1), lang="en")
    assert [p.kind for p in error.value.problems] == ["plan_exists"]


def test_in_a_real_county_a_round_that_has_begun_is_not_drawn(copy, monkeypatch):
    path = copy / "campaign.toml"
    path.write_text(path.read_text("utf-8").replace("synthetic = true", ""), "utf-8")
    with pytest.raises(InputError) as error:
        plan_county(copy, copy.parent / "late", start=dt.date(2026, 1, 1), lang="en")
    assert [p.kind for p in error.value.problems] == ["plan_too_late"]


@pytest.mark.slow
@pytest.mark.ci
def test_a_lot_drawn_after_the_start_is_none(drawn):
    county = read_county(drawn)
    real = replace(county, campaign=replace(county.campaign, synthetic=False))
    late = replace(real, plan=replace(real.plan, made=ROUND))
    found = lottery(late, build_panel(late), 99)
    assert found.analysis.reason == "drawn_late" and found.scores.empty
    assert all(len(lottery_sentences(found, lang)) == 2 for lang in ("zh", "en"))
    early = replace(real, plan=replace(real.plan, made=ROUND - dt.timedelta(days=1)))
    assert lottery(early, build_panel(early), 99).analysis.reason is None


def test_a_round_still_to_come_waits_and_says_for_what(drawn):
    county = read_county(drawn)
    later = replace(county, plan=replace(county.plan, start=dt.date(2025, 3, 1)))
    found = lottery(later, build_panel(later), 99)
    assert found.analysis.reason == "window_not_observed" and found.scores.empty
    assert "February 2026" in lottery_sentences(found, "en")[1]


def test_villages_merged_with_others_of_the_list_are_left_out_and_counted(drawn):
    county = read_county(drawn)
    old, new = county.plan.codes[:2]
    moved = pd.DataFrame(
        {"old_code": [old], "new_code": [new], "date": pd.Timestamp(ROUND), "kind": "merged"}
    )
    county = replace(county, village_changes=moved)
    found = lottery(county, build_panel(county), 99)
    assert set(found.lost) == {old, new} and found.scores["villages"].eq(30).all()
    assert "2" in lottery_sentences(found, "en")[-1]


def test_the_evaluation_keeps_what_the_lot_showed(result):
    told = json.loads((result / "findings.json").read_text("utf-8"))["lottery"]
    assert told["reason"] is None and len(told["effects"]) == 4 and told["villages"] == 32
    allowed = ("lowered", "raised", "cannot_be_told")
    assert all(e["conclusion"] in allowed for e in told["effects"])
    kept = pd.read_parquet(result / "lot_scores.parquet")
    assert list(kept.columns) == COLUMNS and set(kept["years_before"]) == {0, 1}
    now = kept[kept["years_before"] == 0].set_index("factor")
    precision = now[list(now.index)].to_numpy()
    assert precision == pytest.approx(precision.T)
    own = np.linalg.solve(precision, now["score"])
    assert own == pytest.approx([e["value"] for e in told["effects"]], abs=0.1)
    again = Evaluation.load(result).lottery
    public = findings_json(Evaluation.load(result).shown_to("public"))["lottery"]
    assert all("petitions" not in e and "villages" not in e for e in public["effects"])
    assert isinstance(again, Lottery) and (again.plan.held == again.plan.held).all()
    assert again.plan.start == ROUND and again.plan.drawn


def test_the_plan_is_part_of_what_a_result_is_made_of(copy):
    before = county_inputs(copy).hashes
    shutil.rmtree(copy / "plan")
    assert county_inputs(copy).hashes != before


@pytest.mark.parametrize("design", [phased(6), measures()])
def test_the_likelihood_s_effects_are_those_of_the_analysis(design):
    rng = np.random.default_rng(3)
    n = 8 * 40
    expected, block = rng.gamma(4, 2, n), np.arange(n) // len(design.arms)
    lotteries = design.arms[draw(block, len(design.arms), 200, 5)]
    held = lotteries[0]
    y = rng.poisson(expected * rng.gamma(4, 0.25, n) * np.exp(-0.3 * held[:, 0])).astype(float)
    precision, score = likelihood(held, lotteries[1:], y, expected)
    b = np.linalg.solve(precision, score)
    for k in range(held.shape[1]):
        assert b[k] == pytest.approx(statistic(held[None, :, k], y, expected)[0], abs=0.03)
    # Its error is that of the lot: the spread of the estimate over lotteries with no effect.
    flat = [likelihood(x, lotteries[:50], y, expected) for x in lotteries[1:]]
    spread = np.std([np.linalg.solve(p, s)[0] for p, s in flat])
    assert np.sqrt(np.linalg.inv(precision)[0, 0]) == pytest.approx(spread, rel=0.25)


def lots(effects, n=5, se=0.05, years=1, seed=1):
    """n lotteries of two factors with these effects, each with this error."""
    rng = np.random.default_rng(seed)
    p = np.tile(np.eye(2) / se**2, (n, 1, 1))
    s = np.array([(effects + rng.normal(0, se, 2)) / se**2 for _ in range(n)])
    return Lots(("party", "services"), p, s, np.arange(n) % years, 60 * n)


def test_pooled_lots_find_what_works_and_have_room_for_counties_and_years():
    found = pool_lotteries(lots(np.array([-0.4, 0.0])))
    assert found.values == pytest.approx([-0.4, 0.0], abs=0.06)
    assert found.p_values[0] < 0.05 < found.p_values[1]
    alone = pool_lotteries(lots(np.array([-0.4, 0.0])), shocks=False)
    assert (alone.se < found.se).all() and (alone.se > 0.05 / np.sqrt(5)).all()
    apart = lots(np.array([-0.4, 0.0]), n=12)
    apart.score[::2, 0] += 0.5 / 0.05**2
    assert pool_lotteries(apart).tau > 2 * found.tau


def test_only_a_lot_may_say_did_and_not_one_that_went_with_the_months_before():
    assert conclusion(-0.2, 0.01, False) == "lowered" and conclusion(0.2, 0.01, False) == "raised"
    assert conclusion(-0.2, 0.01, True) == "went_with_fewer"
    assert conclusion(-0.2, 0.2, False) == "cannot_be_told"


@pytest.fixture
def province(result):
    """Results of six counties of which three drew lots, services lowering petitions by a third."""
    (of,), _ = read_results(result.parent, "en")
    assert of.lots is not None
    told = []
    for c in range(6):
        kept = of.lots.copy()
        precision = 80.0
        kept[["party", "cadres", "institutions", "services"]] *= 0.0
        for factor in ("party", "cadres", "institutions", "services"):
            kept.loc[kept["factor"] == factor, factor] = precision
        effect = np.where((kept["factor"] == "services") & (kept["years_before"] == 0), -0.4, 0.0)
        kept["score"] = precision * effect
        content = of.content if c < 3 else of.content | {"lottery": None}
        told.append(Result(f"c{c}", content, of.scores, kept if c < 3 else None))
    return told


@pytest.mark.slow
@pytest.mark.ci
def test_the_province_tells_lots_apart_from_what_doses_went_with(province):
    content = pooled(province)
    assert content["level_of_doses"] == "observed"
    by_lot = [m for m in content["measures"] if m["level_of_doses"] == "assigned"]
    assert {m["group"]: m["conclusion"] for m in by_lot} == {
        "party": "cannot_be_told",
        "cadres": "cannot_be_told",
        "institutions": "cannot_be_told",
        "services": "lowered",
    }
    others = [m for m in content["measures"] if m["level_of_doses"] == "observed"]
    assert {m["conclusion"] for m in others} <= {
        "went_with_fewer",
        "went_with_more",
        "cannot_be_told",
    }
    assert content["lots"] == {"counties": 3, "counties_in_all": 3, "left_out": []}
    for lang, did in (("zh", "使信访降低"), ("en", "it lowered petitions by")):
        assert any(did in said for said in points(content, lang))
        assert any(by_lot[3]["sentence"][lang] in str(part) for part in page(content, lang))
        assert lots_table(content, lang) is not None and steps(content, lang)


def test_one_lottery_is_not_pooled_and_is_named(province):
    rows, beside = pool_lots(province[2:])
    assert rows == [] and beside["left_out"] == [{"county": "c2", "reason": "too_few"}]
    content = pooled(province[2:])
    for lang in ("zh", "en"):
        assert any("c2" in said for said in remarks(content, lang))
        assert lots_table(content, lang) is None
    waiting = province[0].content | {
        "lottery": province[0].content["lottery"] | {"reason": "drawn_late"}
    }
    late = Result("late", waiting, None, None)
    assert pool_lots([*province[:2], late])[1]["left_out"][0]["reason"] == "drawn_late"


def test_a_lot_that_went_with_the_months_before_is_told_with_its_warning(province):
    for one in province[:3]:
        odd = (one.lots["factor"] == "services") & (one.lots["years_before"] == 1)
        one.lots.loc[odd, "score"] = -40.0
    content = pooled(province)
    by_lot = [m for m in content["measures"] if m["level_of_doses"] == "assigned"]
    assert all(m["warned"] for m in by_lot) and by_lot[3]["conclusion"] == "went_with_fewer"
    for lang in ("zh", "en"):
        assert len(remarks(content, lang)) > 2 and points(content, lang)


def test_make_plan_records_its_day(drawn):
    county = read_county(drawn)
    rows = np.flatnonzero(build_panel(county).listed)
    plan = make_plan(build_panel(county), county.campaign, phased(), rows, dt.date(2030, 1, 1))
    assert plan.made == dt.date.today() and plan.drawn
    assert read_campaign((drawn / "campaign.toml").read_bytes())[0]["county"] == plan.county
