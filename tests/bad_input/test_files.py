"""Files that are missing, damaged, or written in another way than expected."""

import openpyxl
import pandas as pd
import pytest
from conftest import county_rows, write_folder, write_rows

from village_eval.county.problems import InputError
from village_eval.folder.reading import read_county


def kinds(folder) -> set[str]:
    with pytest.raises(InputError) as caught:
        read_county(folder, lang="zh")
    assert all(str(p).strip() and "{" not in str(p) for p in caught.value.problems)
    return {p.kind for p in caught.value.problems}


def test_no_folder(tmp_path):
    assert kinds(tmp_path / "nowhere") == {"no_folder"}


def test_empty_folder_names_everything_that_is_missing(tmp_path):
    with pytest.raises(InputError) as caught:
        read_county(tmp_path, lang="en")
    assert [(p.kind, p.file) for p in caught.value.problems] == [
        ("no_campaign", "campaign.toml"),
        ("no_table", "villages"),
        ("no_table", "petitions"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("petitions.csv", b"", "empty_file"),
        ("petitions.csv", b"\n\n", "empty_file"),
        ("petitions.csv", b"PK\x03\x04rubbish", "unreadable"),
        ("petitions.csv", b"petition_id,village_code,date\x00\x01", "encoding"),
        ("petitions.csv", "petition_id,信访人".encode("utf-16")[2:], "encoding"),
        ("petitions.csv", "petition_id,信访人".encode("utf-16")[:-1], "encoding"),
        ("petitions.csv", "petition_id,village_code,date\n甲乙丙丁".encode()[:-1], "encoding"),
        (
            "petitions.csv",
            b"petition_id;village_code;date\nP1;371324101201;2020-01-01\n",
            "separator",
        ),
        (
            "petitions.csv",
            b"petition_id,village_code,date\nP1,371324101201\nP2,371324101201,2020-01-01,x\n",
            "ragged",
        ),
        (
            "petitions.csv",
            b'petition_id,village_code,date\n"P1,371324101201,2020-01-01\n',
            "unreadable",
        ),
        ("petitions.csv", b"petition_id,village_code,date\n", "no_rows"),
        (
            "petitions.csv",
            b"petition_id,village_code,date,date\nP1,371324101201,2020-01-01,2020-01-01\n",
            "duplicate_column",
        ),
        ("petitions.csv", b"petition_id,village_code\nP1,371324101201\n", "register_or_counts"),
        (
            "petitions.csv",
            b"village_code,date,month\n371324101201,2020-01-01,2020-01\n",
            "register_and_counts",
        ),
        (
            "petitions.csv",
            b"petition_id,village,date\nP1,371324101201,2020-01-01\n",
            "similar_column",
        ),
        ("petitions.csv", b"village_code,date\n371324101201,2020-01-01\n", "missing_column"),
        ("petitions.xlsx", b"PK\x03\x04 this is no workbook", "unreadable"),
        ("petitions.xlsx", b"rubbish", "unreadable"),
    ],
)
def test_damaged_file(county_folder, name, content, kind):
    (county_folder / "petitions.csv").unlink()
    (county_folder / name).write_bytes(content)
    assert kind in kinds(county_folder)


def test_missing_columns_of_all_tables_are_named_together(tmp_path):
    rows = county_rows()
    for table, column in (("villages", "listed"), ("income", "subsidy"), ("measures", "dose")):
        for row in rows[table]:
            del row[column]
    with pytest.raises(InputError) as caught:
        read_county(write_folder(tmp_path / "c", rows), lang="zh")
    assert [(p.file, p.column) for p in caught.value.problems] == [
        ("villages.csv", "listed"),
        ("income.csv", "subsidy"),
        ("measures.csv", "dose"),
    ]


def test_two_files_for_one_table(county_folder):
    (county_folder / "villages.xlsx").write_bytes(b"x")
    assert kinds(county_folder) == {"two_files"}


def test_gb18030_and_bom_read_the_same(county_folder, tmp_path):
    plain = read_county(county_folder)
    for encoding in ("gb18030", "utf-8-sig"):
        folder = write_folder(tmp_path / encoding)
        write_rows(folder / "villages.csv", county_rows()["villages"], encoding)
        pd.testing.assert_frame_equal(read_county(folder).villages, plain.villages)


def test_row_numbers_count_blank_lines(county_folder):
    path = county_folder / "income.csv"
    lines = path.read_text("utf-8").splitlines()
    lines[3:3] = ["", ",,,,,,"]
    lines[9] = lines[9].replace(",2", ",20x", 1)
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(InputError) as caught:
        read_county(county_folder, lang="zh")
    assert [p.row for p in caught.value.problems] == [10]


def workbook(path, sheets: dict[str, list[list]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def test_workbook_with_numbers_and_dates_reads_like_csv(county_folder, tmp_path):
    plain = read_county(county_folder)
    rows = county_rows()
    villages, measures = rows["villages"], rows["measures"]
    for row in villages:
        row["village_code"] = float(row["village_code"])
    for row in measures:
        row["start_date"] = pd.Timestamp(row["start_date"]).to_pydatetime()
        row["village_code"] = int(row["village_code"])
    folder = write_folder(tmp_path / "xlsx")
    for name, table in (("villages", villages), ("measures", measures)):
        (folder / f"{name}.csv").unlink()
        workbook(
            folder / f"{name}.xlsx",
            {"说明": [], name: [list(table[0]), *(list(row.values()) for row in table)]},
        )
    county = read_county(folder)
    pd.testing.assert_frame_equal(county.villages, plain.villages)
    pd.testing.assert_frame_equal(county.measures, plain.measures)


def test_workbook_problems_name_the_sheet(county_folder):
    (county_folder / "villages.csv").unlink()
    rows = county_rows()["villages"]
    rows[0]["listed"] = "x"
    cells = [list(rows[0]), *(list(row.values()) for row in rows)]
    workbook(county_folder / "villages.xlsx", {"名单": cells})
    with pytest.raises(InputError) as caught:
        read_county(county_folder, lang="zh")
    (problem,) = caught.value.problems
    assert (problem.sheet, problem.row, problem.value) == ("名单", 2, "x")
    workbook(county_folder / "villages.xlsx", {"名单": cells, "旧名单": cells})
    assert kinds(county_folder) == {"several_sheets"}


def test_parquet(county_folder):
    plain = read_county(county_folder)
    (county_folder / "income.csv").unlink()
    try:
        pd.DataFrame(county_rows()["income"]).to_parquet(county_folder / "income.parquet")
    except ImportError:
        (county_folder / "income.parquet").write_bytes(b"PAR1")
        assert kinds(county_folder) == {"no_parquet"}
    else:
        pd.testing.assert_frame_equal(read_county(county_folder).income, plain.income)


def test_personal_columns_are_dropped_and_never_shown(tmp_path):
    rows = county_rows()
    identity, name, phone = "371324194701014810", "王某某", "13824695547"
    for row in rows["petitions"]:
        row |= {"信访人": name, "身份证号": identity, "联系电话": phone, "备注": "已答复"}
    county = read_county(write_folder(tmp_path / "good", rows), lang="zh")
    assert "备注" in county.petitions and not {"信访人", "身份证号", "联系电话"} & set(
        county.petitions
    )
    rows["petitions"][0]["date"] = identity
    rows["petitions"][1]["channel"] = f"电话{phone}"
    rows["petitions"][2]["petition_id"] = rows["petitions"][3]["petition_id"] = identity
    with pytest.raises(InputError) as caught:
        read_county(write_folder(tmp_path / "bad", rows), lang="zh")
    said = str(caught.value) + county.ledger.to_csv() + "".join(map(str, county.warnings))
    assert len(caught.value.problems) == 3
    assert not any(secret in said for secret in (identity, name, phone))


def test_numbers_of_persons_are_no_numbers_of_petitions(tmp_path):
    rows = county_rows()
    rows["petitions"][0]["petition_id"] = "371324194701014810"
    county = read_county(write_folder(tmp_path / "c", rows))
    assert not county.petitions["petition_id"].str.contains("37132419").any()
    assert county.petitions["petition_id"].is_unique
    assert len(county.petitions) == len(rows["petitions"])


def test_a_table_saved_as_unicode_text_is_read(county_folder):
    path = county_folder / "petitions.csv"
    plain = read_county(county_folder).petitions
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    assert read_county(county_folder).petitions.equals(plain)
