"""Persons planted wherever a delivery may hold them: nothing that a run writes or says names one."""

import logging
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from bureau_delivery import (
    CAMPAIGN,
    deliver,
    income,
    listing,
    measures,
    register,
    roster,
    write_csv,
    write_workbook,
)

from village_eval.bureau.importing import import_folder
from village_eval.cli.main import main
from village_eval.county.problems import InputError

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["慕容雪晴", "端木青云", "鲁大有", "阿依古丽", "买买提·吐尔逊", "柳如烟"]
IDENTITIES = [
    "371324198803156017",
    "37132419880315601X",
    "371324880315601",
    "371324 19880315 6033",
    "３７１３２４１９８８０３１５６０４Ｘ",
]
TELEPHONES = ["13987654321", "0539-7654321", "139 8765 4322", "+86 13987654323"]
ADDRESSES = ["青石镇王家村3组27号", "富强小区5号楼2单元301室", "幸福路88号"]


def pick(plants: list[str], i: int) -> str:
    return plants[i % len(plants)]


def in_their_columns(parts, _):
    for i, row in enumerate(parts["register"][1:]):
        row[4:7] = pick(NAMES, i), pick(IDENTITIES, i), pick(TELEPHONES, i)


def after_the_village(parts, _):
    ways = (
        "（{n}）",
        " {n}",
        "、{n}",
        "，{n} {t}",
        "（{d}）",
        "村民{n}",
        "支书：{n}",
        " {t}",
        "{n}{d}",
    )
    for i, row in enumerate(parts["register"][1:40]):
        row[3] += pick(ways, i).format(
            n=pick(NAMES, i), t=pick(TELEPHONES, i), d=pick(IDENTITIES, i)
        )


def after_the_village_in_the_roster(parts, _):
    parts["roster"][4][2] += f"（{NAMES[5]}）"
    parts["roster"][5][2] += NAMES[2]
    parts["roster"][6][2] += f" {NAMES[0]} {TELEPHONES[0]}"


def in_the_numbers_of_petitions(parts, _):
    ways = ("{n}", "{d}", "{t}", "2023-{n}-1", "XF{d}", "{n}信访件", "信访字〔2023〕{n}")
    for i, row in enumerate(parts["register"][1:30]):
        row[0] = pick(ways, i).format(
            n=pick(NAMES, i), t=pick(TELEPHONES, i), d=pick(IDENTITIES, i)
        )


def where_terms_and_dates_stand(parts, _):
    for column in (1, 7, 8, 9, 10, 11, 12, 13):
        for i, row in enumerate(parts["register"][1 + 4 * column : 5 + 4 * column]):
            row[column] = pick([NAMES[i], IDENTITIES[i], f"{NAMES[i]}电话{TELEPHONES[i]}"], i)


def where_places_stand(parts, _):
    for i, row in enumerate(parts["register"][1:13]):
        row[2 + i % 2] = pick([pick(NAMES, i), pick(IDENTITIES, i), pick(ADDRESSES, i)], i // 2)


def where_money_stands(parts, _):
    for i, row in enumerate(parts["income"]["2022年"][3:9]):
        row[3] = pick([pick(NAMES, i), pick(IDENTITIES, i), pick(TELEPHONES, i)], i)


def where_codes_and_counts_stand(parts, _):
    rows = parts["roster"]
    rows[4][3], rows[5][3], rows[6][4] = IDENTITIES[0], TELEPHONES[0], NAMES[0]


def in_files_and_sheets(parts, folder):
    books, rows = parts["register"], parts["income"]
    parts["income"] = {
        f"2021年{NAMES[0]}": rows["2021年"],
        f"2022年 {TELEPHONES[0]}": rows["2022年"],
        f"2023年{IDENTITIES[0]}": rows["2023年"],
    }
    folder.mkdir()
    write_csv(folder / f"{NAMES[1]}报送{TELEPHONES[0]}.csv", [books[0], *books[1:20]])
    write_csv(folder / f"{IDENTITIES[0]}.csv", [["x", "y"], [1, 2]])
    (folder / f"{NAMES[3]}.docx").write_bytes(b"x")


def in_headers(parts, _):
    more = [NAMES[0], f"联系{TELEPHONES[0]}", IDENTITIES[0]]
    books = parts["register"]
    parts["register"] = [[*books[0], *more], *([*row, "有", "x", "y"] for row in books[1:])]


def in_titles_and_notes(parts, _):
    parts["listing"].insert(0, [f"联系人：{NAMES[2]} {TELEPHONES[1]}"])
    parts["listing"].append([f"填表人：{NAMES[3]}  电话：{TELEPHONES[0]}"])
    parts["roster"].append([f"经办人 {NAMES[5]}"])


def in_what_is_told_of_a_village(parts, _):
    rows = parts["listing"]
    rows[2][4] = f"{NAMES[0]}（{IDENTITIES[0]}）长期上访，住{ADDRESSES[0]}，电话{TELEPHONES[0]}"
    rows[3][4] = f"村民{NAMES[1]}与{NAMES[2]}纠纷"


def in_kinds_and_measures(parts, _):
    parts["listing"][2][3] = f"信访突出（{NAMES[2]}）"
    parts["listing"][3][3] = f"{NAMES[3]}{TELEPHONES[0]}"
    parts["measures"][2][3] = f"走访{NAMES[3]}家"


def in_departments(parts, _):
    rows = parts["measures"]
    rows[2][4], rows[3][4] = f"县民政局{NAMES[0]}", f"{NAMES[2]}、县农业局"
    rows[4][4] = f"县委组织部（{NAMES[5]} {TELEPHONES[0]}）"


def in_unknown_columns(parts, _):
    books = parts["register"]
    more = [
        [
            f"{pick(NAMES, i)}反映低保，住{pick(ADDRESSES, i)}",
            pick(ADDRESSES, i),
            f"已告知{NAMES[0]}",
        ]
        for i in range(len(books))
    ]
    heads = ["反映内容", "家庭住址", "处理意见"]
    parts["register"] = [
        [*books[0], *heads],
        *([*row, *m] for row, m in zip(books[1:], more, strict=False)),
    ]


def in_a_table_of_no_kind(_, folder):
    rows = [["王家村", pick(NAMES, i), pick(TELEPHONES, i), pick(ADDRESSES, i)] for i in range(30)]
    folder.mkdir()
    write_workbook(folder / "通讯录.xlsx", {"表": [["村名", "姓名", "电话", "住址"], *rows]})


def in_campaign_toml(parts, _):
    parts["campaign"] = CAMPAIGN + f'contact = "{NAMES[0]} {TELEPHONES[0]}"\n'


PLANTS = [
    *(in_their_columns, after_the_village, after_the_village_in_the_roster),
    *(in_the_numbers_of_petitions, where_terms_and_dates_stand, where_places_stand),
    *(where_money_stands, where_codes_and_counts_stand, in_files_and_sheets, in_headers),
    *(in_titles_and_notes, in_what_is_told_of_a_village, in_kinds_and_measures, in_departments),
    *(in_unknown_columns, in_a_table_of_no_kind, in_campaign_toml),
]
READ = {
    *("in_their_columns", "after_the_village", "after_the_village_in_the_roster"),
    *("in_the_numbers_of_petitions", "in_files_and_sheets", "in_headers", "in_titles_and_notes"),
    *("in_departments", "in_unknown_columns", "in_campaign_toml", "in_what_is_told_of_a_village"),
}
"""Plants that do not hinder the import: the facts beside them are read."""


def seen(text: str) -> list[str]:
    """The plants that a text shows, however it is spaced."""
    bare = re.sub(r"[\s-]", "", text)
    plants = [*NAMES, *IDENTITIES, *TELEPHONES, *ADDRESSES]
    return [p for p in plants if p in text or re.sub(r"[\s-]", "", p) in bare]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_nothing_that_a_run_writes_or_says_names_a_person(plant, tmp_path, capsys, caplog):
    caplog.set_level(logging.DEBUG)
    parts = {"roster": roster(), "listing": listing(), "register": register()}
    parts |= {"income": income(), "measures": measures()}
    plant(parts, tmp_path / "in")
    deliver(tmp_path / "in", **parts)
    status = main(["import", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--lang", "zh"])
    assert status == (0 if plant.__name__ in READ else 2)
    said = [*capsys.readouterr(), caplog.text]
    try:
        county = import_folder(tmp_path / "in", tmp_path / "out", lang="en")
        said += [*map(str, county.warnings), county.ledger.to_csv()]
    except InputError as refused:
        said += [str(refused), repr(refused.problems)]
    written = [p for p in tmp_path.rglob("*") if p.is_file() and tmp_path / "in" not in p.parents]
    said += [f"{p.name} {p.read_text('utf-8', errors='replace')}" for p in written]
    assert not seen("\n".join(said))


@pytest.mark.parametrize(
    "number", ["信访字〔2023〕第12号", "P000123", "鲁信2021-15", "青石镇2021-003", "县信网20210304"]
)
def test_numbers_of_registers_stay_as_they_are(number, tmp_path):
    books = register()
    books[1][0] = number
    folder = deliver(tmp_path / "in", register=books, income=None, measures=None)
    county = import_folder(folder, tmp_path / "out", key=b"test")
    assert number in set(
        county.petitions["petition_id"].str.replace("[", "〔").str.replace("]", "〕")
    )


@pytest.mark.parametrize(
    "name", ["石桥村", "高家", "（石玄）步村", "大村高家", "李村（东）", "金山社区"]
)
def test_village_names_stay_as_they_are(name, tmp_path):
    rows, books = roster(), register()
    rows[5][2] = name
    for row in books:
        row[3] = row[3].replace("赵楼村", name)
    folder = deliver(tmp_path / "in", roster=rows, register=books, income=None, measures=None)
    county = import_folder(folder, tmp_path / "out", key=b"test")
    assert name.replace("（", "(").replace("）", ")") in set(county.villages["village_name"])


def text_of(path: Path) -> str:
    """All that a file says: cells of tables, parts of archives, else its bytes as text."""
    if path.suffix == ".parquet":
        return pd.read_parquet(path).to_csv()
    if path.suffix in (".xlsx", ".zip", ".docx"):
        with zipfile.ZipFile(path) as archive:
            parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        return "\n".join(re.sub("<[^>]*>", " ", part) for part in parts)
    return path.read_bytes().decode("utf-8", "replace")


@pytest.mark.slow
def test_nothing_on_the_way_from_delivery_to_report_keeps_a_person(tmp_path):
    """Kept results, temporary files, what a killed run leaves, notebooks, pages, tables."""
    parts = {"roster": roster(), "listing": listing(), "register": register(70)}
    parts |= {"income": income(), "measures": measures()}
    folder = tmp_path / "in"
    for plant in PLANTS:
        if plant.__name__ in READ - {"in_files_and_sheets"}:
            plant(parts, folder)
    deliver(folder, **parts)
    own = {"HOME": "home", "XDG_CACHE_HOME": "cache", "TMPDIR": "tmp", "IPYTHONDIR": "ipython"}
    for name in own.values():
        (tmp_path / name).mkdir()
    env = os.environ | {name: str(tmp_path / place) for name, place in own.items()}
    env |= {"PYTHONPATH": str(ROOT), "JUPYTER_RUNTIME_DIR": str(tmp_path / "tmp" / "runtime")}
    run = [sys.executable, "-m", "village_eval.cli.main"]
    said = []

    def done(*words: object, kill_after: float | None = None) -> int:
        command = [*run, *map(str, words)]
        process = subprocess.Popen(
            command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        try:
            out, _ = process.communicate(timeout=kill_after or 900)
        except subprocess.TimeoutExpired:
            process.kill()
            out, _ = process.communicate()
        said.append(out.decode("utf-8", "replace"))
        return process.returncode

    county, marked = tmp_path / "county", tmp_path / "marked"
    assert done("import", folder, "--explain") == 0
    assert done("import", folder, "--out", county, "--annotate", marked) == 0, said[-1]
    assert done("evaluate", county, "--out", tmp_path / "result", "--draws", 99) == 0, said[-1]
    done("report", county, "--out", tmp_path / "killed", "--draws", 99, kill_after=8)
    words = ["report", county, "--out", tmp_path / "report", "--draws", 99, "--lang", "both"]
    assert done(*words, "--full") == 0, said[-1]
    written = [p for p in tmp_path.rglob("*") if p.is_file() and folder not in p.parents]
    assert len(written) > 50 and any("cache" in str(p) for p in written)
    found = {str(p.relative_to(tmp_path)): seen(f"{p.name} {text_of(p)}") for p in written}
    found["said"] = seen("\n".join(said))
    assert {name: plants for name, plants in found.items() if plants} == {}
