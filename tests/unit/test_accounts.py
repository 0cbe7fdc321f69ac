"""The accounts of 2024: seen, said, and compared only where comparable."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from bureau_delivery import INCOME_HEADER, deliver, income, income_sheet

from village_eval.bureau.importing import import_folder
from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.county import accounts
from village_eval.findings.assessment import assess
from village_eval.findings.order import OPEN
from village_eval.report.sentences import cap_sentences
from village_eval.words.catalogue import LANGUAGES
from village_eval.words.vocabulary import INCOME_SOURCES

OPERATING, CONTRACTING, INVESTMENT = map(
    INCOME_SOURCES.index, ("operating", "contracting", "investment")
)


@pytest.mark.parametrize(
    ("contracting", "begin"),
    [
        ([[1, 1, 0], [2, 0, 0]], 2024),
        ([[1, 1, 1], [2, 0, 0]], None),  # a village still reports some
        ([[0, 0, 0], [0, 0, 0]], None),  # nobody ever did
        ([[1, 0, 0], [2, 0, 0]], 2023),  # kept a year early
        ([[1, 1, np.nan], [2, 2, 0]], 2024),
        ([[1, 1, np.nan], [2, 2, np.nan]], None),  # nothing is known of the year
    ],
)
def test_the_break_is_zero_contracting_in_every_village_from_2024_on(contracting, begin):
    found = accounts.since([2022, 2023, 2024], np.array(contracting, float))
    assert found == begin


def test_a_year_without_contracting_before_2024_is_no_sign():
    assert accounts.since([2021, 2022, 2023], np.array([[1.0, 1.0, 0.0]])) is None


def test_sums_that_hold_all_or_none_of_what_moved_compare():
    assert accounts.comparable(INCOME_SOURCES) and accounts.comparable(["subsidy"])
    assert accounts.comparable(["operating", "contracting", "investment"])
    assert not accounts.comparable(["operating"])
    assert not accounts.comparable(["operating", "contracting"])


@pytest.fixture(scope="module")
def panel():
    return simulate(SCENARIOS["plain"], 3, parts=False)


def moved(panel, year, to_investment=0.5):
    """The panel with its books kept in the new accounts from a year on."""
    income = panel.income.copy()
    new = np.asarray(panel.income_periods.year) >= year
    amount = income[:, new, CONTRACTING]
    income[:, new, OPERATING] += (1 - to_investment) * amount
    income[:, new, INVESTMENT] += to_investment * amount
    income[:, new, CONTRACTING] = 0
    return replace(panel, income=income)


def test_findings_across_the_break_are_grade_c_at_most_and_the_comparable_sum_is_asked(
    panel, monkeypatch
):
    year = panel.campaign.income_year()
    monkeypatch.setattr(accounts, "FIRST", year)
    plain = assess(panel.panel, panel.campaign, draws=99)
    across = assess(moved(panel.panel, year), panel.campaign, draws=99)
    found = {f.id: f for f in across.findings}
    before = {f.id: f for f in plain.findings}
    for name in ("operating_income", "earned_income", "earned_income.first_year.typical"):
        finding = found[name if "." in name else f"{name}.first_year"]
        assert "accounts" in finding.capped or finding.grade in "DX"
        assert finding.grade not in "AB"
    assert "accounts" not in found["total_income.first_year"].capped
    assert found["total_income.first_year"].estimate.value == pytest.approx(
        before["total_income.first_year"].estimate.value
    )
    assert "own_income.first_year" in found and "own_income.first_year" not in before
    assert "accounts" not in found["own_income.first_year"].capped
    first = found["own_income.first_year.typical"]
    assert first.gate == OPEN and first.estimate.second_opinions is None
    assert found["own_income.first_year"].estimate.second_opinions is not None
    assert before["earned_income.first_year"].estimate.second_opinions is not None
    assert {found[i].gate for i in ("earned_income.first_year", "total_income.first_year")} <= {
        OPEN,
        first.id,
        "own_income.first_year",
    }
    for lang in LANGUAGES:
        said = cap_sentences(list(found.values()), lang)
        assert [s for s in said if "2024" in s]


def test_no_break_no_word(panel):
    assert panel.panel.new_accounts is None


def test_a_blank_line_of_the_new_accounts_is_zero_and_no_missing_report():
    years = np.array([2023, 2024])
    income = np.ones((3, 2, len(INCOME_SOURCES)))
    income[:, :, CONTRACTING] = [[2, np.nan], [np.nan, np.nan], [3, np.nan]]
    filled, count = accounts.fill_contracting(years, income)
    assert count == 3 and (filled[:, 1, CONTRACTING] == 0).all()
    assert np.isnan(filled[1, 0, CONTRACTING])  # a year of the old accounts


def test_a_delivery_in_the_new_accounts_is_read_and_said(tmp_path):
    at = INCOME_HEADER.index("发包及上交收入")
    new = income_sheet(2024)
    new = [[*row[:at], *row[at + 1 :]] if len(row) > at else row for row in new]
    for row in new[3:]:
        row[2] = 2.5 if row[0] != "合计" else 30
    county = import_folder(
        deliver(tmp_path / "in", income={**income(), "2024年": new}), tmp_path / "out"
    )
    of_2024 = county.income[county.income["period"].astype(str) == "2024"]
    assert (of_2024["contracting"] == 0).all() and (of_2024["operating"] == 25_000).all()
    told = [w.text("zh") for w in county.warnings]
    assert any("新会计制度" in t and t.startswith("村集体经济收入.xlsx") for t in told), told
    assert not any("没有“发包及上交收入”一列" in t for t in told)
    assert county.ledger["key"].str.endswith("no_contracting_line").any()
    assert isinstance(county.income, pd.DataFrame)
