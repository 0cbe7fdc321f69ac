"""Every check says what it is for when its threat is large, is silent on a clean county, and reads
in both languages."""

import datetime as dt
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from village_eval.certify.checks import CLEAN, TOGETHER, asked, certify_checks, summarise_checks
from village_eval.certify.scenarios import PLAIN
from village_eval.certify.threats import THREATS, county
from village_eval.checks import Case
from village_eval.checks.bunching import bunching
from village_eval.checks.mergers import changed, silent_townships
from village_eval.checks.neighbours import nearest, neighbours
from village_eval.checks.seasonality import seasonality
from village_eval.designs import quiet_year_did
from village_eval.expectation.beyond import beyond_quiet_years, together
from village_eval.expectation.panel_settings import setting
from village_eval.expectation.results import Check
from village_eval.findings.grading import grade_of
from village_eval.report.check_words import check_sentence
from village_eval.words.wording import LANGUAGES, words

BAD = re.compile(r"None|nan|NaN|inf\b|  |\{|\}|\d\.\d{3,}|-\d|。。|\.\.|，。|!|！|np\.")
PETITIONS, TOTAL = "petitions.first_year", "total_income.first_year"
SMALL = replace(PLAIN, n_villages=300, n_townships=10, n_listed=30)
NAMES = {
    "quiet_year_stability",
    "reversion_slope",
    "suppression",
    "displacement",
    "spillover",
    "subsidy",
    "bunching",
    "pre_trend",
    "placebo_time",
    "placebo_space",
    "placebo_outcome",
    "leave_one_township_out",
    "seasonality",
    "mergers",
}


@pytest.fixture(scope="module")
def clean():
    made = county(PLAIN, 2)
    return made, asked(made.panel, made.campaign)


@pytest.fixture(scope="module")
def small():
    return county(SMALL, 3)


def of(made, name: str, finding: str = PETITIONS, changes=None) -> Check:
    return next(c for c in asked(made.panel, made.campaign, [finding], changes) if c.name == name)


def estimated(made, outcome: str):
    s = setting(made.panel, made.campaign, outcome)
    return s, quiet_year_did(made.panel, made.campaign, outcome=outcome, given=s)


def test_every_threat_has_a_check_and_a_clean_county_fails_none(clean):
    _, checks = clean
    assert {c.name for c in checks} == NAMES
    assert not [c.name for c in checks if c.verdict == "fail"]
    assert not [c.name for c in checks if c.verdict == "not_applicable"]


@pytest.mark.parametrize(
    ("threat", "size"),
    [
        ("moved next door", 3.0),
        ("gained next door", 3.0),
        ("nudged over a threshold", 1.0),
        ("a programme in a quiet year", 0.9),
        ("another programme that year", 0.9),
        ("listed for something else", 2.0),
        ("held back until the end", 1.0),
    ],
)
def test_a_large_threat_is_seen_by_its_check(threat, size):
    t = THREATS[threat]
    found = of(t.make(size, 11), t.check, t.finding)
    assert found.verdict == "fail", found
    assert not found.misleads or found.name == "bunching"
    for lang in LANGUAGES:
        assert check_sentence(found, lang) != words(lang, "checks")["any"]["not_applicable"]


def test_petitions_that_move_next_door_are_counted():
    made = THREATS["moved next door"].make(3.0, 11)
    s, estimate = estimated(made, "petitions")
    around = neighbours(s, estimate)
    listed = made.panel.listed
    stays_listed = nearest(made.panel)[listed][:, listed].sum(1).mean()
    expected = (
        3.0 * (np.exp(0.4) - 1) * np.exp(-0.4) * (1 - stays_listed)
    )  # petitions moved for each one expected
    assert abs(around.moved.value - expected) < around.moved.half
    check = of(made, "displacement")
    assert check.value("slope") > -np.expm1(estimate.value)  # more turned up than was averted
    assert of(made, "spillover").verdict == "pass"


def test_without_places_only_townships_are_compared(small):
    panel = replace(small.panel, villages=small.panel.villages.drop(columns=["lon", "lat"]))
    s, estimate = estimated(replace(small, panel=panel), "petitions")
    around = neighbours(s, estimate)
    assert around.moved is None and around.gained is None and around.township is not None


def test_each_village_spreads_over_its_nearest_neighbours(small):
    spread = nearest(small.panel)
    assert np.allclose(spread.sum(1), 1) and not spread.diagonal().any()
    x, y = small.panel.villages["lon"].to_numpy(), small.panel.villages["lat"].to_numpy()
    distance = np.hypot((x - x[7]) * np.cos(np.radians(y.mean())), y - y[7])
    assert set(np.flatnonzero(spread[7])) == set(np.argsort(distance)[1:7])


def test_bunching_counts_who_stands_where(small):
    made = small
    s, estimate = estimated(made, "total_income")
    y = s.series.values.copy()
    listed = np.flatnonzero(made.panel.listed)
    y[listed, s.series.start] = 20_000.0
    y[listed[:9], s.series.start] = [
        30_000,
        32_999,
        50_000,
        54_999,
        100_000,
        109_999,
        51_000,
        31_000,
        49_999,
    ]
    at = replace(s, series=replace(s.series, values=y))
    found = bunching(Case(at, estimate))
    assert (found.value("above"), found.value("below")) == (8, 1)
    assert 0.3 < found.value("usual_share") < 0.7
    assert found.value("p_value") < 0.1
    y[listed[:9], s.series.start] = 20_000.0
    assert bunching(Case(at, estimate)).verdict == "not_applicable"


def test_bunching_misleads_only_when_it_makes_the_rise():
    check = of(THREATS["nudged over a threshold"].make(1.0, 11), "bunching", TOTAL)
    explained = check.value("explained")
    assert check.misleads == (explained is not None and explained > 0.5)
    s, estimate = estimated(county(SMALL, 3), "total_income")
    y = s.series.values.copy()
    listed = made_rise = np.flatnonzero(s.panel.listed)
    y[:, s.series.start] = y[:, s.series.start - 1]
    y[made_rise, s.series.start] = 101_000.0
    at = replace(s, series=replace(s.series, values=y))
    estimate = quiet_year_did(s.panel, s.campaign, outcome=at.series, given=at)
    check = bunching(Case(at, estimate))
    assert (check.verdict, check.misleads) == ("fail", True)
    assert grade_of(estimate, [check], 4) == "X"
    assert len(listed) == check.value("above")


def test_villages_of_the_same_kind_are_unlisted_ones(small):
    found = of(small, "placebo_space")
    y = small.panel.petitions.copy()
    start = small.panel.month_index(small.campaign.start_month)
    y[small.panel.listed, start:] *= (
        3  # what happens to the listed after the start is none of its business
    )
    again = of(replace(small, panel=replace(small.panel, petitions=y)), "placebo_space")
    assert again.value("change") == pytest.approx(found.value("change"), rel=1e-9)


def test_the_year_before_cannot_respond(small):
    found = of(small, "placebo_outcome")
    y = small.panel.petitions.copy()
    start = small.panel.month_index(small.campaign.start_month)
    y[small.panel.listed, start : start + 12] = 1
    again = of(replace(small, panel=replace(small.panel, petitions=y)), "placebo_outcome")
    assert again.value("before") == pytest.approx(found.value("before"), rel=1e-9)


def test_placebo_dates_lie_before_the_campaign_and_do_not_see_it(small):
    found = of(small, "placebo_time")
    assert max(found.frame["date"]) < str(small.campaign.start_month - 11)
    assert len(found.frame) == found.value("dates") == 7
    assert (found.frame["ci_low"] < found.frame["estimate"]).all()
    y = small.panel.petitions.copy()
    y[:, small.panel.month_index(small.campaign.start_month) :] = 1
    again = of(replace(small, panel=replace(small.panel, petitions=y)), "placebo_time")
    assert np.allclose(again.frame["estimate"], found.frame["estimate"])


def test_a_season_is_not_an_effect(small):
    s, estimate = estimated(small, "petitions")
    found = seasonality(Case(s, estimate))
    season = 1000.0 * (1 + np.arange(s.series.values.shape[1]) % 12)
    loud = replace(s, series=replace(s.series, values=1000 * s.series.values))
    seasonal = replace(s, series=replace(s.series, values=season * s.series.values))
    assert seasonality(Case(seasonal, estimate)).value("rush") == pytest.approx(
        seasonality(Case(loud, estimate)).value("rush"), abs=1e-3
    )
    assert found.value("rush") == pytest.approx(
        seasonality(Case(loud, estimate)).value("rush"), abs=0.1
    )


def test_renamed_villages_are_not_touched_and_merged_ones_are(small):
    codes = small.panel.villages["village_code"].to_numpy(str)
    kinds = ["merged", "renamed", "recoded"]
    changes = pd.DataFrame(
        {"old_code": ["1", "2", "3"], "new_code": codes[[4, 5, 6]], "kind": kinds}
    )
    assert set(np.flatnonzero(changed(small.panel, changes))) == {4, 6}
    assert not changed(small.panel, None).any()


def test_an_answer_that_rests_on_merged_villages_is_marked(small):
    listed = small.panel.listed
    codes = small.panel.villages["village_code"].to_numpy(str)
    few = pd.DataFrame(
        {"old_code": ["1"], "new_code": codes[np.flatnonzero(~listed)[:1]], "kind": "merged"}
    )
    found = of(small, "mergers", changes=few)
    assert (found.verdict, found.value("touched")) == ("pass", 1)
    rest = small.panel.subset(codes != few["new_code"][0])
    assert found.value("without") == pytest.approx(
        quiet_year_did(rest, small.campaign).value, abs=0.01
    )  # same history
    all_of_them = pd.DataFrame(
        {"old_code": codes[listed], "new_code": codes[listed], "kind": "merged"}
    )
    found = of(small, "mergers", changes=all_of_them)
    assert (found.verdict, found.misleads) == ("fail", False)
    # Half of the listed villages lost four fifths of their petitions when they were recoded.
    start, lost = small.panel.month_index(small.campaign.start_month), np.flatnonzero(listed)[::2]
    y = small.panel.petitions.copy()
    y[lost, start:] //= 5
    recoded = pd.DataFrame({"old_code": codes[lost], "new_code": codes[lost], "kind": "recoded"})
    broken = replace(small, panel=replace(small.panel, petitions=y))
    found = of(broken, "mergers", changes=recoded)
    assert found.verdict in ("weak", "fail")
    assert found.value("without") > found.value("effect")


def test_silent_townships_are_told_from_small_ones(small):
    y = small.panel.petitions.copy()
    assert not silent_townships(small.panel).any()
    y[small.panel.township == 2, 20:26] = 0
    assert np.flatnonzero(silent_townships(replace(small.panel, petitions=y))).tolist() == [2]
    y = np.zeros_like(y)
    y[:, ::7] = (small.panel.township == 0)[:, None] * (np.arange(len(y)) == 0)[:, None]
    assert not silent_townships(replace(small.panel, petitions=y))[
        0
    ]  # one petition in seven months: silence says nothing


def test_without_quiet_years_nothing_is_pretended(small):
    early = replace(
        small.campaign,
        start=dt.date(2019, 3, 1),
        listing_window=(pd.Period("2018-03"), pd.Period("2019-02")),
    )
    checks = {c.name: c.verdict for c in asked(small.panel, early, [PETITIONS])}
    for name in (
        "displacement",
        "spillover",
        "placebo_time",
        "placebo_space",
        "placebo_outcome",
        "seasonality",
    ):
        assert checks[name] == "not_applicable", name


def test_the_order_of_villages_does_not_matter(small):
    order = np.random.default_rng(0).permutation(SMALL.n_villages)
    one, other = (
        asked(small.panel, small.campaign),
        asked(small.panel.subset(order), small.campaign),
    )
    for a, b in zip(one, other, strict=True):
        assert (a.name, a.verdict) == (b.name, b.verdict)
        assert (a.value("p_value") or 0) == pytest.approx(b.value("p_value") or 0, rel=1e-4), a.name


def test_beyond_quiet_years_needs_them_and_counts_both_errors():
    rng = np.random.default_rng(1)
    tau = 0.1 + rng.normal(0, 0.01, (21, 4))
    tau[0] = [0.5, 0.1, 0.2, 0.0]
    found = beyond_quiet_years(tau[:, 0], list(tau[:, 1:].T), 19)
    assert found.value == pytest.approx(0.4) and found.n_quiet == 3
    calm = tau.copy()
    calm[0] = [0.5, 0.1, 0.1, 0.1]
    assert beyond_quiet_years(calm[:, 0], list(calm[:, 1:].T), 19).half < found.half
    assert found.p_rise + found.p_fall == pytest.approx(1)
    assert beyond_quiet_years(tau[:, 0], [], 19) is None
    assert beyond_quiet_years(np.full(21, np.nan), [tau[:, 1]], 19) is None
    assert (together(0.01, None, 0.5), together(0.9, 0.8), together(None)) == (0.02, 1.0, None)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_verdict_reads_with_and_without_its_numbers(clean, name, lang):
    _, checks = clean
    check = next(c for c in checks if c.name == name)
    general = words(lang, "checks")["any"]["not_applicable"]
    assert words(lang, "checks")[name]["name"]
    for verdict in ("pass", "weak", "fail"):
        full, plain = (
            check_sentence(replace(check, verdict=verdict, numbers=n), lang)
            for n in (check.numbers, {})
        )
        for text in (full, plain):
            assert text != general and not BAD.search(text), text
    assert check_sentence(replace(check, verdict="not_applicable"), lang) == general


def test_certification_of_checks_counts_alarms():
    runs = certify_checks(1, threats=["suppression"], clean=1, seed=5, workers=1)
    assert set(runs["threat"]) == {CLEAN, "suppression"}
    table = summarise_checks(runs)
    assert table.iloc[0][["threat", "check", "counties"]].tolist() == [CLEAN, TOGETHER, 1]
    assert (table["threat"] == "suppression").sum() == len(THREATS["suppression"].sizes)
    with pytest.raises(ValueError, match="unknown threat"):
        certify_checks(1, threats=["rain"])


def test_alarms_are_counted_by_county():
    rows = [
        (CLEAN, 0.0, s, "pre_trend", f, v, True)
        for s, f, v in [(1, "a", "weak"), (1, "b", "fail"), (2, "a", "pass"), (2, "b", "pass")]
    ]
    rows.append((CLEAN, 0.0, 2, "reversion_slope", "a", "weak", False))  # moves no grade
    columns = ["threat", "size", "seed", "check", "finding", "verdict", "grades"]
    runs = pd.DataFrame(rows, columns=columns)
    together_row = summarise_checks(runs).iloc[0]
    assert (
        together_row["counties"],
        together_row["weak"],
        together_row["fail"],
        together_row["alarm"],
    ) == (2, 0.5, 0.5, 0.5)
