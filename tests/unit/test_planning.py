"""The next round: a fair lottery, a test that keeps its level, files that read back, and refusals
in words."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.certify.synthetic_county import simulate_to_folder
from village_eval.cli.main import main
from village_eval.county.lottery import blocks, draw
from village_eval.expectation.listing import learn_rule
from village_eval.folder.plan import ASSIGNMENT, PLAN, Changed, read_plan
from village_eval.next_round import analyse, curve, make_plan, measures, phased, worst
from village_eval.next_round.power import detectable, power, stayed
from village_eval.next_round.promise import (
    compare,
    next_round,
    promise,
    quiet_years_needed,
    village_kind,
)
from village_eval.next_round.quiet import QuietYears
from village_eval.next_round.randomisation import effects
from village_eval.report.plan_files import WORKBOOK, write_plan


@pytest.fixture(scope="module")
def county():
    return simulate(
        replace(SCENARIOS["null"], n_villages=300, n_townships=8, n_listed=32), 5, parts=False
    )


@pytest.fixture(scope="module")
def rule(county):
    return learn_rule(county.panel, county.campaign)


def planned(county, rule, design, n=32, seed=7):
    start = (county.panel.months[-1] + 3).start_time.date()
    return make_plan(
        county.panel,
        county.campaign,
        design,
        worst(county.panel, county.campaign, rule, n),
        start,
        seed,
    )


def test_blocks_hold_like_villages_and_each_arm_once():
    rng = np.random.default_rng(1)
    township, kind = rng.integers(0, 5, 60), rng.choice(["a", "b"], 60)
    block = blocks(township, kind, rng.gamma(2, 2, 60), 4)
    assert (np.bincount(block) == 4).all()
    arms = draw(block, 4, 200, 3)
    for b in range(15):
        assert (np.sort(arms[:, block == b], axis=1) == np.arange(4)).all()
    same = np.mean(
        [len(set(zip(township[block == b], kind[block == b], strict=True))) == 1 for b in range(15)]
    )
    assert same > 0.4
    assert abs(arms.mean() - 1.5) < 1e-9 and np.abs(arms.mean(0) - 1.5).max() < 0.4


@pytest.mark.parametrize("design", [phased(6), phased(12), measures(), measures(full=True)])
def test_a_plan_can_be_drawn_again_from_its_seed(county, rule, design):
    plan = planned(county, rule, design)
    again = planned(county, rule, design)
    pd.testing.assert_frame_equal(plan.assignment, again.assignment)
    assert (plan.lotteries(1, plan.seed)[0] == plan.held).all()
    other = planned(county, rule, design, seed=8)
    assert (other.held != plan.held).any()
    held = plan.held.mean(0)
    assert held == pytest.approx(0.5, abs=0.13)
    if design.name == "measures":
        assert set(plan.held.sum(1)) == {1, 3}
    if design.name == "phased":
        days = plan.assignment.groupby("start")["start_date"].unique()
        assert days[1].tolist() == [plan.start] and days[0][0] > plan.start


def test_files_read_back_and_tampering_is_seen(county, rule, tmp_path):
    plan = planned(county, rule, phased(6))
    table = compare(county.panel, county.campaign, rule, [32], (phased(6),), seed=1)
    write_plan(plan, table, tmp_path, dt.date(2026, 1, 2))
    back = read_plan(tmp_path)
    assert (
        back.design.name == "phased" and (back.held == plan.held).all() and back.start == plan.start
    )
    sheet = load_workbook(tmp_path / WORKBOOK).worksheets[0]
    heads = [cell.value for cell in sheet[2]]
    assert "村" in "".join(heads) and sheet.max_row == 2 + 32
    assert not any(str(cell.value).startswith(("=", "+", "@")) for row in sheet for cell in row)
    text = (tmp_path / ASSIGNMENT).read_text("utf-8")
    lines = text.splitlines()
    first, second = (
        next(i for i, line in enumerate(lines[1:], 1) if line.rsplit(",", 2)[1] == s) for s in "10"
    )
    swap = {first: lines[first].rsplit(",", 2)[0] + ",0," + lines[second].rsplit(",", 1)[1]}
    (tmp_path / ASSIGNMENT).write_text(
        "\n".join(swap.get(i, line) for i, line in enumerate(lines)) + "\n", "utf-8"
    )
    with pytest.raises(Changed):
        read_plan(tmp_path)
    assert (tmp_path / PLAN).exists()


@pytest.mark.slow
@pytest.mark.ci
def test_what_was_simulated_before_is_not_simulated_again_and_says_the_same(county, rule):
    panel, campaign, options = county.panel, county.campaign, (phased(12), None)
    made = [promise(panel, campaign, rule, design, 32) for design in options]
    fresh = compare(panel, campaign, rule, [32], options)
    assert compare(panel, campaign, rule, [32], options, known=made).equals(fresh)
    needed = quiet_years_needed(panel, campaign, rule, 32)
    assert quiet_years_needed(panel, campaign, rule, 32, known=made).equals(needed)
    assert made[1]["quiet_years"] in needed["quiet_years"].tolist()
    marked = [row | {"detectable_percent": -1.0} for row in made]
    assert set(compare(panel, campaign, rule, [32], options, known=marked).iloc[:, 4]) == {-1.0}


def test_the_test_keeps_its_level_and_sees_large_effects():
    rng = np.random.default_rng(2)
    n, block = 40, np.repeat(np.arange(20), 2)
    expected = rng.gamma(3, 2, n)
    seen = {0.0: 0, -1.2: 0}
    for effect in seen:
        for k in range(60):
            level = rng.gamma(4, 0.25, n)
            held = draw(block, 2, 1, k)[0] == 0
            y = rng.poisson(expected * level * np.exp(effect * held)).astype(float)
            lotteries = draw(block, 2, 199, 1000 + k)[:, :, None] == 0
            found = effects(("start",), held[:, None], lotteries, y, expected)[0]
            seen[effect] += found.p_adjusted <= 0.05
    assert seen[0.0] <= 8 and seen[-1.2] >= 50


def test_power_rises_with_the_effect_and_with_villages(county, rule):
    small = curve(county.panel, county.campaign, rule, phased(12), 16)
    large = curve(county.panel, county.campaign, rule, phased(12), 64)
    assert small["power"].iloc[0] < 0.12 and small["power"].iloc[-1] > 0.8
    assert detectable(large) > (detectable(small) or -9)  # a smaller fall is enough


def test_analysis_waits_for_its_window_and_then_speaks(county, rule):
    plan = planned(county, rule, phased(6))
    assert analyse(plan, county.panel, county.campaign, 99).reason == "window_not_observed"
    early = replace(plan, start=dt.date(2024, 6, 1))
    found = analyse(early, county.panel, county.campaign, 199)
    assert (
        found.reason is None
        and len(found.effects) == 1
        and found.effects[0].ci_low < found.effects[0].ci_high
    )
    lost = replace(county.panel, villages=county.panel.villages.assign(village_code="0"))
    with pytest.raises(ValueError):
        analyse(early, lost, county.campaign, 99)


def test_few_villages_get_no_advice(county):
    panel = replace(
        county.panel, villages=county.panel.villages.assign(listed=(np.arange(300) < 6).astype(int))
    )
    assert next_round(panel, county.campaign) == []


@pytest.mark.slow
@pytest.mark.ci
def test_the_command_from_folder_to_workbook(tmp_path, capsys):
    folder = tmp_path / "county"
    simulate_to_folder(folder, seed=3, scenario="plain", villages=200, townships=6, listed=20)
    assert main(["plan", str(folder), "--out", str(tmp_path / "plan"), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "10个村" in said and (tmp_path / "plan" / WORKBOOK).exists()
    assert (
        main(["plan", str(folder), "--out", str(tmp_path / "plan"), "--lang", "zh"]) == 2
    )  # never drawn again
    assert (
        main(["plan", str(folder), "--out", str(tmp_path / "plan"), "--analyse", "--lang", "en"])
        == 0
    )
    assert (
        main(["plan", str(folder), "--out", str(tmp_path / "other"), "--villages", "100000"]) == 2
    )
    err = capsys.readouterr().err
    assert "--villages" in err and "Traceback" not in err


def test_a_petition_that_stays_under_a_large_effect_stays_under_a_small_one():
    y, effects_asked = np.array([0, 3, 0, 500, 40_000]), np.array([0.0, -0.1, -0.7, -3.0])
    left = stayed(y, effects_asked, np.random.default_rng(4))
    assert left.shape == (4, 5) and (left[0] == y).all() and (np.diff(left, axis=0) <= 0).all()
    assert left[:, -1] / y[-1] == pytest.approx(np.exp(effects_asked), abs=0.01)
    assert stayed(np.zeros(2), effects_asked, np.random.default_rng(4)).tolist() == [[0, 0]] * 4


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("design", [phased(12), measures()])
def test_power_has_the_error_that_it_says_and_more_draws_give_the_same(county, rule, design):
    panel, campaign = county.panel, county.campaign
    years = QuietYears(panel, campaign, rule).of(design.months, 32)
    given = (design, years, panel.township, village_kind(panel))
    much = power(*given, lists=160, draws=399, seed=99)
    usual = [power(*given, seed=seed) for seed in range(8)]
    assert max(curve["mc"].max() for curve in usual) < 0.05
    off = np.array([curve["power"] - much["power"] for curve in usual])
    said = np.sqrt(np.mean([curve["mc"] ** 2 for curve in usual], 0))
    assert (np.abs(off.mean(0)) < 3 * np.hypot(said / np.sqrt(8), much["mc"]) + 0.002).all()
    assert np.sqrt((off**2).mean()) == pytest.approx(np.sqrt((said**2).mean()), rel=0.4)
