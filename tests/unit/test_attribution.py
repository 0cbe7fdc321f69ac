"""Doses, regressions, pooling and words on measures: what went with what, never what caused it."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.expectation.listing import learn_rule
from village_eval.measures import attribute, dose_matrix
from village_eval.measures.doses import active_share, bundles, months_of, varies
from village_eval.measures.pooling import pool
from village_eval.measures.regression import regress
from village_eval.measures.timing import by_start
from village_eval.report import measures as measure_words
from village_eval.words.vocabulary import MEASURES
from village_eval.words.wording import LANGUAGES


@pytest.fixture(scope="module")
def county():
    return simulate(
        replace(SCENARIOS["plain"], n_villages=400, n_townships=10, n_listed=48), 3, parts=False
    )


@pytest.fixture(scope="module")
def found(county):
    return attribute(
        county.panel,
        county.campaign,
        None,
        learn_rule(county.panel, county.campaign),
        county.doses[county.panel.listed],
    )


def table(county, rows):
    codes = county.panel.villages.loc[county.panel.listed, "village_code"].to_numpy()
    made = [(codes[i], m, pd.Timestamp(day), dose) for i, m, day, dose in rows]
    return pd.DataFrame(made, columns=["village_code", "measure", "start_date", "dose"])


def test_the_dose_matrix_takes_the_largest_and_the_median_where_none_was_written(county):
    rows = [
        (0, "assessment", "2023-03-05", 0.2),
        (0, "assessment", "2023-04-05", 0.6),
        (1, "assessment", "2023-03-05", 0.4),
        (2, "assessment", "2023-03-05", np.nan),
        (3, "assessment", None, 0.9),
    ]
    doses = dose_matrix(table(county, rows), county.panel)
    assert doses[:4, MEASURES.index("assessment")] == pytest.approx(
        [0.6, 0.4, 0.4, 0.0]
    ) and doses.sum() == pytest.approx(1.4)
    assert dose_matrix(None, county.panel).sum() == 0


def test_shares_under_way_rise_from_none_to_all(county):
    measures = table(
        county, [(0, "assessment", "2023-03-01", 0.5), (0, "self_governance", "2023-05-20", 0.5)]
    )
    share = active_share(measures, county.panel, months_of(county.campaign, -1, 4))
    assert share[0] == pytest.approx([0, 0.5, 0.5, 0.5, 1.0]) and not share[1:].any()


def test_measures_that_came_together_are_a_bundle():
    rng = np.random.default_rng(1)
    doses = rng.random((60, 17)) * (rng.random((60, 17)) < 0.6)
    doses[:, 3] = doses[:, 8] * 0.9
    doses[:, 5] = 0.5
    assert bundles(doses) == [[3, 8]] and not varies(doses)[5] and varies(doses)[3]


def test_without_ridge_the_regression_is_poisson_of_statsmodels(monkeypatch):
    from village_eval.measures import regression

    monkeypatch.setattr(regression, "RIDGE", 0.0)
    monkeypatch.setattr(regression, "DISPERSION", 0.0)
    rng = np.random.default_rng(2)
    expected, doses, controls = rng.gamma(3, 2, 70), rng.random((70, 3)), rng.normal(size=(70, 2))
    y = rng.poisson(expected * np.exp(-0.4 * doses[:, 0])).astype(float)
    fit = regress(y, expected[None, :], doses, controls, np.ones((1, 70), bool))
    theirs = sm.GLM(
        y,
        sm.add_constant(np.column_stack([doses, controls])),
        sm.families.Poisson(),
        offset=np.log(expected),
    ).fit()
    assert fit.value == pytest.approx(theirs.params[1:4], abs=1e-6)


def test_pooling_shrinks_what_data_do_not_tell_apart_and_keeps_what_they_do():
    b, vague, sharp = np.array([-0.5, 0.5, 0.0, 0.1]), np.eye(4) * 4, np.eye(4) * 1e4
    loose, tight = pool(vague, vague @ b), pool(sharp, sharp @ b)
    assert np.abs(loose.mean).max() < 0.15 and tight.mean == pytest.approx(b, abs=0.03)
    value, se = loose.of(np.ones(4) / 4)
    assert abs(value - b.mean()) < 0.05 and 0 < se < 0.5


def test_three_levels_with_bounds_and_no_more_than_is_known(found):
    for _, rows in found.rows.groupby("outcome"):
        assert rows["level"].tolist() == ["overall", *["group"] * 4, *["measure"] * 17]
        known = rows[rows["estimate"].notna()]
        assert (known["ci_low"] < known["estimate"]).all() and (
            known["estimate"] < known["ci_high"]
        ).all()
        assert (known["minimum_detectable"] > 0).all() and known["p_adjusted"].between(0, 1).all()
    assert set(found.placebo["outcome"]) == {"petitions", "earned_income"}
    assert abs(found.follows[0]) <= 1 and found.reason is None


def test_a_large_effect_of_one_group_is_found():
    county = simulate(replace(SCENARIOS["null"], mean=2.0, n_listed=90), 3, parts=False)
    doses = county.doses[county.panel.listed]
    rng, panel = np.random.default_rng(4), county.panel
    start = panel.month_index(county.campaign.start_month)
    kept = np.exp(-0.6 * doses[:, 8:13].sum(1))
    petitions, rows = panel.petitions.copy(), np.flatnonzero(panel.listed)
    petitions[rows, start + 2 :] = rng.binomial(petitions[rows, start + 2 :], kept[:, None])
    a = attribute(
        replace(panel, petitions=petitions),
        county.campaign,
        None,
        learn_rule(panel, county.campaign),
        doses,
    )
    groups = a.rows[(a.rows["outcome"] == "petitions") & (a.rows["level"] == "group")].set_index(
        "group"
    )["estimate"]
    assert groups.idxmin() == "institutions" and groups["institutions"] < -0.2


def test_doses_that_follow_trouble_are_doubted(county):
    from village_eval.certify.attribution import followed

    doses = followed(county, county.doses[county.panel.listed], 1.5)
    a = attribute(
        county.panel, county.campaign, None, learn_rule(county.panel, county.campaign), doses
    )
    assert a.doubtful and a.follows[0] > 0.3
    assert "哪里事多就在哪里多做" in "".join(measure_words.doubts(a, "zh"))


def test_thirds_by_dose_and_staggered_starts(county, found):
    response = found.response
    assert (
        response["villages"].sum() == 48
        and response["dose"].is_monotonic_increasing
        and (response["ratio"] > 0).all()
    )
    days = ["2023-03-05"] * 20 + ["2023-04-10"] * 20 + ["2023-05-10"] * 8
    measures = table(county, [(i, "assessment", day, 0.5) for i, day in enumerate(days)])
    path = by_start(county.panel, county.campaign, measures).by_month
    assert {-3, 0, 3} <= set(path["month"]) and (path["ci_low"] <= path["ci_high"]).all()
    assert by_start(county.panel, county.campaign, measures.iloc[:20]) is None
    assert by_start(county.panel, county.campaign, None) is None


def test_a_county_without_measures_or_with_few_villages_says_why(county):
    rule = learn_rule(county.panel, county.campaign)
    assert attribute(county.panel, county.campaign, None, rule).reason == "no_measures"
    few = replace(
        county.panel, villages=county.panel.villages.assign(listed=(np.arange(400) < 8).astype(int))
    )
    doses = np.full((8, 17), 0.5)
    assert attribute(few, county.campaign, None, rule, doses).reason == "too_few_listed"
    early = replace(
        county.panel,
        months=county.panel.months[:64],
        petitions=county.panel.petitions[:, :64],
        income=None,
    )
    assert (
        attribute(early, county.campaign, None, rule, county.doses[county.panel.listed]).reason
        == "window_not_observed"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_never_call_a_measure_effective(found, lang):
    lines = (
        measure_words.sentences(found, lang)
        + measure_words.kind_sentences(found, lang)
        + measure_words.more_sentences(found, lang)
    )
    text = "\n".join(lines)
    assert len(lines) >= 8 and not re.search(r"\bnan\b|\(None|None[,%]|[{}]", text)
    assert not any(word in text for word in ("was effective", "worked", "由它造成", "效果显著"))


@pytest.mark.slow
def test_groups_are_covered_and_little_is_discovered_by_chance():
    from village_eval.certify.attribution import certify_attribution, summarise_attribution

    table = summarise_attribution(certify_attribution(30, seed=401))
    groups = table[table["level"] == "group"].set_index("setting")
    by_chance = groups[groups.index.str.startswith("doses by chance")]
    assert (by_chance["coverage"] + 2 * by_chance["coverage_mc"] > 0.93).all()
    assert (table["false"] <= 0.10 + 2 * np.sqrt(0.1 * 0.9 / 30)).all()
    assert (groups.loc[groups.index.str.startswith("doses follow"), "alarm"] > 0.8).all()


def test_doses_that_shun_trouble_are_doubted_in_their_own_words(found):
    """A correlation is told by its sign: more was done where petitions ran low."""
    calm = pd.DataFrame({"outcome": ["petitions"], "year": [2021], "p_value": [0.9]})
    shuns = replace(found, follows=(-0.5, 0.001), placebo=calm)
    assert shuns.doubtful and shuns.doubts == ("shuns",)
    assert "ran low" in measure_words.doubts(shuns, "en")[0]
    assert "信访偏少" in measure_words.doubts(shuns, "zh")[0]
    both = replace(shuns, follows=(0.5, 0.001), placebo=calm.assign(p_value=0.001))
    assert both.doubts == ("follows", "earlier") and "2021" in measure_words.doubts(both, "en")[1]
    none = replace(shuns, follows=(-0.5, 0.2))
    assert not none.doubtful and len(measure_words.doubts(none, "en")) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_kind_without_an_estimate_is_called_few_only_where_it_is(found, lang):
    row = {"kind": "village_type", "key": "economy", "actual": 60.0, "expected": 66.0}
    empty = dict.fromkeys(("estimate", "ci_low", "ci_high"), np.nan)
    for villages, few in ((14, True), (15, False)):
        kinds = pd.DataFrame([row | {"villages": villages} | empty])
        text = measure_words.kind_sentences(replace(found, kinds=kinds), lang)[0]
        assert ("15" in text.replace(f"{villages}", "", 1)) == few, text
        assert "60" in text and "66" in text


def test_measures_none_of_which_began_have_no_first_month(county_folder):
    import pandas as pd

    import village_eval as ve
    from village_eval.measures.timing import by_start

    county = ve.read_county(county_folder)
    planned = county.measures.assign(start_date=pd.NaT)
    planned["start_date"] = planned["start_date"].astype("datetime64[ns]")
    assert by_start(ve.Panel.of(county), county.campaign, planned) is None
