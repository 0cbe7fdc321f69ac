"""A table of a county is declared once: everything that handles tables follows the declaration."""

import pandas as pd
import pytest
from conftest import county_rows, write_folder

from village_eval.county import contracts
from village_eval.county.as_of import RULES, known_on
from village_eval.county.contracts import CONTRACTS, REQUIRED_TABLES, TABLES, Known
from village_eval.county.county import County
from village_eval.findings.evaluation import evaluate
from village_eval.folder.codebook import codebook
from village_eval.folder.raw import foreign_entries
from village_eval.folder.reading import read_county
from village_eval.folder.writing import write_county
from village_eval.words.catalogue import LANGUAGES

DAY = pd.Timestamp("2023-05-01")
DATED = {"date": ("2023-04-30", "2023-05-02"), "month": ("2023-04", "2023-05")}
DATED |= {"period": ("2022", "2023")}


def rows_of(contract, early, village):
    """A row of examples whose dates are a day before DAY, or a day after."""
    row = {}
    for name, column in CONTRACTS[contract].columns.items():
        dated = DATED.get(column.kind)
        row[name] = dated[0 if early else 1] if dated else column.example
    codes = {"village_code": village, "new_code": village, "township_code": village[:9]}
    return row | {name: code for name, code in codes.items() if name in row}


def county_with(contract, tmp_path):
    """A county that has this table, with a row early and a row late."""
    rows = county_rows()
    table = CONTRACTS[contract].file
    early, late = (rows["villages"][n]["village_code"] for n in (0, 5))
    if table != "villages":
        rows[table] = [rows_of(contract, True, early), rows_of(contract, False, late)]
        for key in ("petition_id", "old_code"):
            for n, row in enumerate(rows[table]):
                row |= {key: f"37132419990{n}"} if key in row else {}
    folder = tmp_path / "c"
    return folder, read_county(write_folder(folder, rows))


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_table_is_read_written_and_known_on_a_day(contract, tmp_path):
    folder, county = county_with(contract, tmp_path)
    table, known = CONTRACTS[contract].file, CONTRACTS[contract].known
    assert foreign_entries(folder) == []
    held = county.tables()[table]
    again = read_county(write_county(tmp_path / "again", county.campaign, county.tables()))
    pd.testing.assert_frame_equal(again.tables()[table], held)
    then = known_on(county, DAY).tables()[table]
    if known == Known():
        pd.testing.assert_frame_equal(then, held)
    if known.dated:
        assert len(held) == 2 and len(then) == 1 and (then[known.dated] <= DAY).all()
    if known.over:
        assert len(held) == 2 and then[known.over].astype(str).isin(["2022", "2023-04"]).all()
        assert len(then) == 1
    for date, told in known.later.items():
        shown = known_on(county, "2023-04-29").tables()[table]
        assert shown[[c for c in told if c in shown]].isna().all(axis=None)
        assert held[date].notna().all()


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_county_with_any_table_can_be_evaluated_as_of_a_day(contract, tmp_path):
    folder, _ = county_with(contract, tmp_path)
    assert evaluate(folder, draws=19, as_of="2023-05-01").findings


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_table_is_told_in_every_language_and_in_the_codebook(contract):
    for lang in LANGUAGES:
        assert contracts.title(contract, lang)
        assert all(contracts.meaning(contract, c, lang) for c in CONTRACTS[contract].columns)
    assert f"## {CONTRACTS[contract].file} " in codebook()


def test_the_declarations_hold_together():
    assert REQUIRED_TABLES == ("villages", "petitions")
    for contract in CONTRACTS.values():
        known = contract.known
        named = {*known.later, *(c for told in known.later.values() for c in told)}
        named |= {c for c in (known.dated, known.over) if c} | set(contract.unique)
        assert named <= set(contract.columns)
        assert known.rule is None or known.rule in RULES


def test_a_table_without_a_field_of_its_own_goes_along(tmp_path):
    county = read_county(write_folder(tmp_path / "c"))
    more = pd.DataFrame({"village_code": county.villages["village_code"][:2]})
    assert "drills" not in TABLES
    held = county.with_tables({"drills": more, "income": county.income[:3]})
    assert held.others["drills"] is more and len(held.income) == 3
    assert County.of(county.campaign, county.tables()).tables().keys() == county.tables().keys()
