"""00_data: which villages are in the register, and what was not delivered or left blank."""

from dataclasses import replace

import pytest
from conftest import county_rows, write_folder
from fixtures_evaluation import worked

from village_eval.county.panel import build_panel
from village_eval.folder.reading import read_county
from village_eval.report import tables
from village_eval.report.figures.village_coverage import village_coverage
from village_eval.words.catalogue import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_villages_that_are_never_heard_of_are_counted_and_marked(tmp_path, lang):
    rows = county_rows()
    gone = {row["village_code"] for row in rows["villages"][:2]}
    rows["petitions"] = [row for row in rows["petitions"] if row["village_code"] not in gone]
    county = read_county(write_folder(tmp_path / "county", rows))
    panel = build_panel(county)
    picture = village_coverage(panel, county.campaign.start_month, lang)
    assert f"{int((panel.petitions.sum(1) == 0).sum())}" in picture.alt
    lines = [c for c in picture.figure.axes[0].collections if hasattr(c, "get_segments")]
    assert sum(len(c.get_segments()) for c in lines) == 2


def test_absent_tables_absent_columns_and_blank_cells_are_listed(tmp_path):
    rows = county_rows()
    del rows["measures"]
    for row in rows["petitions"][:7]:
        row["channel"] = ""
    county = read_county(write_folder(tmp_path / "county", rows))
    found = tables.missing(replace(worked(), county=county), "zh").frame
    of = {(a, b): (c, d) for a, b, c, d, _ in found.itertuples(index=False)}
    assert of["整治措施台账", ""][0] == "没有报送"
    assert of["信访台账", "信访形式"] == ("有空格", 7)
    assert of["村庄名单", "户数"][0] == "没有报送"
    # A village that is not listed owes no kind.
    assert not [b for a, b in of if a == "村庄名单" and "类型" in b]
