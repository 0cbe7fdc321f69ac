"""The whole must look like a county: each slip that no single cell shows gets its warning, in both
languages, in `check` and `import` alike; a usual county gets none."""

import pytest
from bureau_delivery import deliver, income_sheet, register, roster
from conftest import county_rows, write_folder

from village_eval.bureau.importing import import_folder
from village_eval.folder.reading import read_county
from village_eval.words.catalogue import LANGUAGES


def warned(tmp_path, rows):
    return {w.kind: w for w in read_county(write_folder(tmp_path / "county", rows)).warnings}


def test_a_usual_county_gets_no_warning(tmp_path):
    assert not warned(tmp_path, county_rows())


def each(table, change):
    def spoil(rows):
        for number, row in enumerate(rows[table]):
            change(number, row)

    return spoil


def put(**values):
    return lambda number, row: row.update(values)


def drop(table, unless):
    def spoil(rows):
        rows[table] = [row for number, row in enumerate(rows[table]) if unless(number, row)]

    return spoil


def copied_calls(rows):
    calls = [dict(r) for r in rows["petitions"] if r["channel"] == "phone"]
    rows["petitions"] += [
        {**r, "petition_id": f"H{i}", "channel": "visit"} for i, r in enumerate(calls)
    ]


CASES = {
    "many_listed": each("villages", put(listed=1, village_type="economy")),
    "none_listed": each("villages", put(listed=0, village_type="")),
    "population_level": each("villages", lambda n, r: r.update(population=2)),
    "more_households": each("villages", lambda n, r: r.update(households=9000 * (n == 3) + 200)),
    "persons_a_household": each("villages", lambda n, r: r.update(households=50)),
    "same_name": each("villages", lambda n, r: r.update(village_name="王家庄村")),
    "rows_a_year": drop("petitions", lambda n, r: r["date"][:4] != "2021" or n % 9 == 0),
    "villages_a_year": drop(
        "petitions", lambda n, r: r["date"][:4] != "2021" or int(r["village_code"][-2:]) < 3
    ),
    "in_future": each(
        "petitions", lambda n, r: r.update(resolved_date="2099-01-01" if n == 5 else "")
    ),
    "hotline_twice": copied_calls,
    "income_level": each("income", lambda n, r: r.update(operating=3, contracting=2)),
    "unit_suspect": each(
        "income",
        lambda n, r: (
            str(r["period"]) == "2020"
            and r.update({s: r[s] * 10_000 for s in ("operating", "contracting", "investment")})
        ),
    ),
    "unit_of_township": each(
        "income",
        lambda n, r: (
            r["village_code"][6:9] == "103"
            and r.update({s: r[s] / 10_000 for s in ("operating", "contracting", "investment")})
        ),
    ),
    "listed_without_income": drop("income", lambda n, r: str(r["period"]) != "2023" or n // 6 % 2),
    "no_campaign_year": drop("income", lambda n, r: str(r["period"]) != "2023"),
    "measure_far_away": each("measures", put(start_date="2033-05-01", end_date="2033-06-01")),
    "tiny_doses": each("measures", lambda n, r: r.update(dose=0.004 + n / 1e5)),
    "one_dose": each("measures", put(dose=1)),
}
ALONE = {
    "income_level": ("investment", "subsidy", "other"),
    "unit_of_township": ("subsidy", "other"),
}


@pytest.mark.parametrize("kind", CASES)
def test_what_no_cell_shows_is_warned_of(tmp_path, kind):
    rows = county_rows()
    CASES[kind](rows)
    for column in ALONE.get(kind, ()):
        each("income", put(**{column: 0}))(rows)
    if kind == "one_dose":
        rows["measures"] = [
            {**row, "measure": m, "dose": 1}
            for row in rows["measures"]
            for m in ("affairs_disclosure", "self_governance", "assessment")
        ]
    found = warned(tmp_path, rows)
    assert kind in found, sorted(found)
    for lang in LANGUAGES:
        assert found[kind].text(lang)


def test_import_says_the_same_of_the_bureaus_own_file(tmp_path):
    rows, sheets = roster(), {f"{year}年": income_sheet(year) for year in (2021, 2022, 2023)}
    for row in rows[3:-1]:
        row[5] = 2
        row[4] = 1
    for sheet in sheets.values():
        sheet[1][-1] = "单位:元"
    county = import_folder(
        deliver(tmp_path / "in", roster=rows, income=sheets, register=register()),
        tmp_path / "out",
    )
    imported = {w.kind: w for w in county.warnings}
    checked = {w.kind for w in read_county(tmp_path / "out").warnings}
    assert {"population_level", "income_level"} <= set(imported)
    assert {"population_level", "income_level"} <= checked
    assert imported["population_level"].text("zh").startswith("村庄基本情况.xlsx")
    assert imported["income_level"].file == "村集体经济收入.xlsx"
