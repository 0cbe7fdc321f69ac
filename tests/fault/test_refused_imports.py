"""An import that is refused writes nothing, wherever the fault is found; what stood there stays."""

import pytest
from bureau_delivery import deliver, income_sheet, roster
from conftest import write_folder

from village_eval.bureau.importing import import_folder
from village_eval.cli.main import main
from village_eval.county.problems import InputError


def misplaced():
    """Longitude and latitude exchanged: every cell is a number, only the finished table shows."""
    rows = roster()
    for n, row in enumerate(rows):
        row += [None, None] if n < 2 or row[0] == "合计" else [34.8, 117.8]
    rows[2][-2:] = ["经度", "纬度"]
    for row in rows[3:-1]:
        row[-1] = 117.8
    return rows


def years_and_a_quarter():
    return {"2022年": income_sheet(2022), "2023年第一季度": income_sheet(2023)}


FOUND_LATE = {
    "a column out of range": {"roster": misplaced()},
    "years and quarters in one table": {"income": years_and_a_quarter()},
    "a campaign that the register does not cover": {
        "campaign": 'county = "测试县"\nstart = 2023-03-01\nobserved = ["2018-01", "2022-12"]\n'
    },
}


def everything(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


@pytest.mark.parametrize("wrong", FOUND_LATE.values(), ids=FOUND_LATE)
def test_a_refused_import_leaves_the_older_county(tmp_path, wrong):
    out = tmp_path / "made" / "county"
    import_folder(deliver(tmp_path / "good"), out)
    before = everything(out.parent)
    with pytest.raises(InputError) as caught:
        import_folder(deliver(tmp_path / "bad", **wrong), out)
    assert {p.kind for p in caught.value.problems} <= {
        "above",
        "mixed_periods",
        "part_of_year",
        "start_not_observed",
    }
    assert everything(out.parent) == before


@pytest.mark.parametrize("wrong", FOUND_LATE.values(), ids=FOUND_LATE)
def test_a_refused_import_makes_no_folder(tmp_path, wrong):
    folder = deliver(tmp_path / "bad", **wrong)
    out = tmp_path / "made" / "county"
    out.parent.mkdir()
    assert main(["import", str(folder), "--out", str(out), "--lang", "zh"]) == 2
    assert list(out.parent.iterdir()) == []


def test_a_county_that_somebody_made_is_not_replaced(tmp_path):
    county = write_folder(tmp_path / "county")
    before = everything(county)
    with pytest.raises(InputError, match=r"\S"):
        import_folder(deliver(tmp_path / "good"), county)
    assert main(["simulate", "--out", str(county), "--villages", "60", "--townships", "5"]) == 2
    assert everything(county) == before


def test_a_county_that_somebody_corrected_is_not_replaced(tmp_path):
    out = tmp_path / "county"
    import_folder(deliver(tmp_path / "good"), out)
    text = (out / "villages.csv").read_text("utf-8").replace("王家村", "王村")
    (out / "villages.csv").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"villages\.csv"):
        import_folder(tmp_path / "good", out)
    assert (out / "villages.csv").read_text("utf-8") == text
