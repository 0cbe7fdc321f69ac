"""Archives and names as they come from other systems: read, or refused in words, and nothing that a
name says is done."""

import csv
import io
import json
import os
import struct
import sys
import zipfile

import openpyxl
import pytest
from bureau_delivery import deliver, income_sheet, register
from conftest import write_folder

from village_eval.bureau.importing import import_folder
from village_eval.cli.main import main
from village_eval.county.problems import InputError

REGISTER = "信访登记台账.csv"


def text(rows) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("gb18030")


@pytest.fixture
def folder(tmp_path):
    """A delivery whose register is to come in an archive."""
    return deliver(tmp_path / "in", register=None, income=None, measures=None)


def packed_on_windows(path, names: dict[str, bytes]) -> None:
    """An archive with names in GBK, not marked as UTF-8."""
    packed, raw = io.BytesIO(), {}
    with zipfile.ZipFile(packed, "w") as archive:
        for i, (name, content) in enumerate(names.items()):
            spelled = name.encode("gb18030")
            raw[chr(65 + i) * len(spelled)] = spelled
            archive.writestr(chr(65 + i) * len(spelled), content)
    content = packed.getvalue()
    for placeholder, spelled in raw.items():
        content = content.replace(placeholder.encode(), spelled)
    path.write_bytes(content)


NAMES = {
    "in GBK": "台账/信访登记台账.csv",
    "with backslashes": "台账\\信访登记台账.csv",
    "absolute": "/etc/信访登记台账.csv",
    "of a drive": "C:\\台账.csv",
    "above": "../../../信访登记台账.csv",
    "of a device": "CON.csv",
    "of another device": "NUL/aux.csv",
    "long": "长" * 300 + ".csv",
    "with a colon": "台账:2022.csv",
    "with a line": "台账\nERROR: lost.csv",
    "that is a tag": "<img src=x onerror=alert(1)>.csv",
    "that is a formula": "=cmd|' /C calc'!A1.csv",
    "with an escape": "\x1b[2J台账.csv",
    "with braces": "{0.__class__}.csv",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_an_archive_is_a_name(folder, tmp_path, capsys, name):
    packed_on_windows(folder / "台账.zip", {NAMES[name]: text(register())})
    before = {p for p in tmp_path.parent.rglob("*") if p.is_file()}
    out, marked = tmp_path / "out", tmp_path / "marked"
    words = ["import", str(folder), "--out", str(out), "--annotate", str(marked), "--lang", "en"]
    assert main(words) == 0
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err and "\nERROR: lost" not in told.out + told.err
    made = {p for p in tmp_path.parent.rglob("*") if p.is_file()} - before
    assert made and all(p.is_relative_to(out) or p.is_relative_to(marked) for p in made)
    assert len((out / "petitions.csv").read_text("utf-8").splitlines()) > 60


def test_two_files_of_one_name_in_other_capitals(folder, tmp_path):
    half = len(register()) // 2
    first, second = register()[:half], [register()[0], *register()[half:]]
    packed_on_windows(folder / "a.zip", {"Register.csv": text(first), "REGISTER.CSV": text(second)})
    assert len(import_folder(folder, tmp_path / "out", key=b"k").petitions) == len(register()) - 1


def test_the_same_file_twice_in_an_archive_does_not_count_twice(folder, tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed = zipfile.ZipFile(folder / "a.zip", "w")
        with packed:
            packed.writestr("台账.csv", text(register()))
            packed.writestr("台账.csv", text(register()))
    try:
        made = import_folder(folder, tmp_path / "out", key=b"k")
    except InputError as error:
        assert "a.zip" in str(error)
    else:
        assert len(made.petitions) == len(register()) - 1


def _wrong_checksum(content):
    at = content.index(b"PK\x01\x02")
    return content[: at + 16] + b"\0\0\0\1" + content[at + 20 :]


def _wrong_stream(content):
    return content[:60] + b"\xff" * 40 + content[100:]


def _unknown_method(content):
    at = content.index(b"PK\x01\x02")
    return (
        content[:8]
        + struct.pack("<H", 99)
        + content[10 : at + 10]
        + struct.pack("<H", 99)
        + (content[at + 12 :])
    )


def _with_a_password(content):
    at = content.index(b"PK\x01\x02")
    return content[:6] + b"\x01" + content[7 : at + 8] + b"\x01" + content[at + 9 :]


def _cut(content):
    return content[: len(content) // 2]


def _no_archive(content):
    return b"Rar!\x1a\x07\x00" + content


SPOILT = (_wrong_checksum, _wrong_stream, _unknown_method, _with_a_password, _cut)


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_damaged_archive_is_said_to_be_one(folder, tmp_path, spoil):
    path = folder / "台账.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("register.csv", text(register()))
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(InputError) as caught:
        import_folder(folder, tmp_path / "out", key=b"k")
    said = "".join(p.text("en") for p in caught.value.problems)
    assert "台账.zip" in said and "archive cannot be opened" in said and ".xlsx" not in said


def test_a_bomb_behind_other_bytes_is_measured(folder, tmp_path):
    """An archive may begin anywhere in a file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(3):
            archive.writestr(f"{i}.csv", b"0" * 200_000_000)
    (folder / "a.zip").write_bytes(b"MZ" + b"\0" * 100 + packed.getvalue())
    with pytest.raises(InputError, match="MB"):
        import_folder(folder, tmp_path / "out", key=b"k")


def test_a_csv_is_never_said_to_have_a_password(folder, tmp_path):
    rows = register()
    (folder / REGISTER).write_bytes(text(rows) + b'"' + b"x" * 200_000 + b'"\n')
    (folder / "页.html").write_text("<html><p>信访</p></html>", "utf-8")
    with pytest.raises(InputError) as caught:
        import_folder(folder, tmp_path / "out", key=b"k")
    for lang, word in (("zh", "密码"), ("en", "password")):
        said = "".join(p.text(lang) for p in caught.value.problems)
        assert REGISTER in said and "页.html" in said and word not in said


@pytest.mark.parametrize("close", [False, True], ids=["never", "in a later row"])
def test_an_open_quotation_mark_swallows_no_rows(folder, tmp_path, close):
    lines = text(register()).split(b"\r\n")
    lines[5] = lines[5].replace(b",", b',"', 1)
    if close:
        lines[12] = lines[12].replace(b",", b'",', 1)
    (folder / REGISTER).write_bytes(b"\r\n".join(lines))
    with pytest.raises(InputError) as caught:
        import_folder(folder, tmp_path / "out", key=b"k")
    (one,) = (p for p in caught.value.problems if p.kind == "unreadable_text")
    assert one.row == 6 and "quotation mark" in one.text("en")


def test_a_cell_of_several_lines_is_a_cell(folder, tmp_path):
    rows = register()
    rows[3][11] = "土地纠纷"
    rows[0] = [*rows[0], "备注"]
    for row in rows[1:]:
        row.append("一、土地；\n二、补偿，已答复\n三、其他")
    (folder / REGISTER).write_bytes(text(rows))
    assert len(import_folder(folder, tmp_path / "out", key=b"k").petitions) == len(rows) - 1


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes only there")
def test_names_that_an_unpacker_left_in_gbk(folder, tmp_path, capsys):
    """unzip on Linux leaves GBK's bytes as names, which are no text."""
    place = os.fsencode(folder) + b"/" + "信访台账.csv".encode("gb18030")
    with open(place, "wb") as file:
        file.write(text(register()))
    with open(os.fsencode(folder) + b"/" + "说明.docx".encode("gb18030"), "wb") as file:
        file.write(b"PK")
    out, marked = tmp_path / "out", tmp_path / "marked"
    words = ["import", str(folder), "--out", str(out), "--annotate", str(marked), "--lang", "zh"]
    assert main(words) == 0
    assert "信访台账.csv" in (out / "ledger.csv").read_text("utf-8")
    assert "说明.docx" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes only there")
@pytest.mark.parametrize("name", ["青石县".encode("gb18030"), b"\xff\xfe", b"a\nb"])
def test_a_county_in_a_folder_whose_name_is_no_text(tmp_path, capsys, name):
    folder = tmp_path / os.fsdecode(name)
    write_folder(folder)
    out = tmp_path / "out" / os.fsdecode(name)
    assert main(["check", str(folder), "--lang", "zh"]) == 0
    quick = ("--draws", "9", "--workers", "1", "--lang", "en")
    assert main(["evaluate", str(folder), "--out", str(out), *quick]) == 0
    assert main(["index", str(out.parent), "--lang", "en"]) == 0
    assert main(["pool", str(out), "--out", str(tmp_path / "p"), "--lang", "en"]) == 0
    assert main(["evaluate", str(folder), "--out", str(out), *quick]) == 0, "over our own"
    told = capsys.readouterr()
    assert "\nb" not in told.out
    made = json.loads(next(out.rglob("manifest.json")).read_text("utf-8"))
    assert made["county_folder"] in ("青石县", "", "a\nb")


def test_copies_for_the_clerk_take_the_place_of_nothing(folder, tmp_path, capsys):
    """Files of one name after flattening, of our own names, with cells no workbook takes."""
    bad = register()
    bad[2][1] = "no date\x0b\x1c"
    for name in ("problems.xlsx", "a/b.csv", "a_b.csv", "A_B.csv"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if name.endswith("csv"):
            path.write_bytes(text(bad))
        else:
            book = openpyxl.Workbook()
            for row in income_sheet(2022, "斤"):
                book.active.append(row)
            book.active["A1"] = "=1+1"
            book.save(path)
    marked = tmp_path / "marked"
    words = ["import", str(folder), "--out", str(tmp_path / "o"), "--annotate", str(marked)]
    assert main([*words, "--lang", "en"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    listed = openpyxl.load_workbook(marked / "problems.xlsx")
    assert len(listed.worksheets) == 2 and listed.worksheets[0].max_row > 1
    copies = sorted(p.name for p in marked.glob("*.xlsx"))
    assert len({name.lower() for name in copies}) == len(copies) >= 4
    for path in marked.glob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                assert not [c for c in row if c.data_type == "f"], path.name


def test_a_file_called_like_a_formula_is_none_in_the_list(folder, tmp_path):
    (folder / "=1+1.csv").write_bytes(b'"' + b"x" * 200_000)
    marked = tmp_path / "marked"
    words = ["import", str(folder), "--out", str(tmp_path / "o"), "--annotate", str(marked)]
    assert main([*words, "--lang", "en"]) == 2
    for sheet in openpyxl.load_workbook(marked / "problems.xlsx"):
        for row in sheet.iter_rows():
            assert not [c for c in row if c.data_type == "f"]


def _sheet(rows: bytes) -> bytes:
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    parts = {}
    with zipfile.ZipFile(made) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    start, _, _ = parts[name].partition(b"<sheetData")
    parts[name] = start + b"<sheetData>" + rows + b"</sheetData></worksheet>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, content in parts.items():
            archive.writestr(n, content)
    return out.getvalue()


FAR = {
    "a row beyond the last": b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>',
    "a far corner": b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "no number": b'<row r="one"><c r="??"><v>1</v></c></row>',
}


@pytest.mark.parametrize("name", FAR)
def test_a_countys_own_workbook_costs_what_it_holds(county_folder, capsys, name):
    (county_folder / "income.csv").unlink()
    (county_folder / "income.xlsx").write_bytes(_sheet(FAR[name]))
    assert main(["check", str(county_folder), "--lang", "en"]) == 2
    assert "income.xlsx" in capsys.readouterr().err


def test_a_countys_own_workbook_that_unpacks_to_far_more(county_folder, capsys):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 600_000_000)
    (county_folder / "income.csv").unlink()
    (county_folder / "income.xlsx").write_bytes(made.getvalue())
    assert main(["check", str(county_folder), "--lang", "en"]) == 2
    assert "MB" in capsys.readouterr().err
