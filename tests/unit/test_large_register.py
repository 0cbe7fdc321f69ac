"""One register of several counties to county folders: the same facts as the import of each alone,
every row accounted for, nothing written where something is wrong."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import polars as pl
import pytest

from village_eval.bureau.importing import import_folder
from village_eval.bureau.province import import_province
from village_eval.cli.main import main
from village_eval.county.problems import InputError
from village_eval.folder.reading import read_county

SETTINGS = """register = "{register}"
villages = "村庄.csv"
[campaign]
start = 2023-03-01
days = 100
listing_window = ["2022-03", "2023-02"]
[counties]
371324 = "兰陵县"
371325 = {{ county = "费县", start = 2023-05-01, listing_window = ["2022-05", "2023-04"] }}
"""
CAMPAIGN = {
    "371324": 'county = "兰陵县"\nstart = 2023-03-01\nlisting_window = ["2022-03", "2023-02"]\n',
    "371325": 'county = "费县"\nstart = 2023-05-01\nlisting_window = ["2022-05", "2023-04"]\n',
}
PEOPLE = [("欧阳明远", "371324198001018313"), ("诸葛小亮", "37132419470101481X"), ("", "")]


def villages() -> pd.DataFrame:
    codes = [f"{c}1{t:02}2{v:02}" for c in CAMPAIGN for t in (0, 1) for v in range(1, 7)]
    return pd.DataFrame(
        {
            "统计用区划代码": codes,
            "村名": [f"第{c[-2:]}村" for c in codes],
            "乡镇": ["青石镇" if c[6:9] == "100" else "白水乡" for c in codes],
            "人口": 1180,
            "是否后进村": ["是" if c.endswith("01") else "否" for c in codes],
            "后进类型": ["信访突出" if c.endswith("01") else "" for c in codes],
        }
    )


def register(rows: int = 600) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    days = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 1150, rows), "D")
    who = rng.integers(0, 3, rows)
    frame = pd.DataFrame(
        {
            "登记编号": [f"P{i:06}" for i in range(rows)],
            "村编码": rng.choice(villages()["统计用区划代码"], rows),
            "登记时间": [f"{d:%Y-%m-%d} {i % 24:02}:{i % 60:02}:00" for i, d in enumerate(days)],
            "信访人": [PEOPLE[w][0] for w in who],
            "身份证号": [PEOPLE[w][1] for w in who],
            "信访形式": rng.choice(["来访", "来信", "网上信访"], rows),
            "初访重访": rng.choice(["初访", "重访"], rows),
            "问题类别": rng.choice(["土地纠纷", "村务公开"], rows),
            "人数": rng.integers(1, 9, rows),
            "办结日期": [f"{d + pd.Timedelta(days=20):%Y年%m月%d日}" for d in days],
            "满意度": rng.choice(["满意", "不满意", "未评价"], rows),
            "经办情况": "略",
        }
    )
    return pd.concat([frame, frame.iloc[[3]]]).sample(frac=1, random_state=1)  # one entered twice


@pytest.fixture
def province(tmp_path):
    """Writes a delivery of two counties; the register as csv or Parquet."""

    def deliver(table=None, ending="csv", roster=None):
        folder = tmp_path / "全市 (1)"
        folder.mkdir(exist_ok=True)
        name = f"台账.{ending}"
        (folder / "counties.toml").write_text(SETTINGS.format(register=name), "utf-8")
        (villages() if roster is None else roster).to_csv(folder / "村庄.csv", index=False)
        table = register() if table is None else table
        write = table.to_csv if ending == "csv" else table.to_parquet
        write(folder / name, index=False)
        return folder

    return deliver


def refused(folder, tmp_path) -> str:
    with pytest.raises(InputError) as caught:
        import_province(folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    return "\n".join(map(str, caught.value.problems))


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_each_county_has_the_facts_that_its_own_import_gives(province, tmp_path, ending):
    table = register()
    if ending == "parquet":
        table["登记时间"] = pd.to_datetime(table["登记时间"])
    made = import_province(province(table, ending), tmp_path / "out", key=b"test")
    assert (made.counties, made.read, made.kept) == (2, 601, 600)
    for code, name in (("371324", "兰陵县"), ("371325", "费县")):
        alone = tmp_path / code
        alone.mkdir()
        (alone / "campaign.toml").write_text(CAMPAIGN[code], "utf-8")
        for what, whole, column in (
            ("村庄", villages(), "统计用区划代码"),
            ("台账", register(), "村编码"),
        ):
            own = whole[whole[column].str.startswith(code)]
            own.to_csv(alone / f"{what}.csv", index=False, quoting=csv.QUOTE_ALL)
        one = import_folder(alone, tmp_path / f"{code}_out", key=b"test")
        many = read_county(tmp_path / "out" / name)
        assert many.campaign == one.campaign
        pd.testing.assert_frame_equal(many.villages, one.villages, check_like=True)
        facts = [c for c in one.petitions if c != "petition_id"]
        frames = [
            t[facts].sort_values(facts).reset_index(drop=True)
            for t in (many.petitions, one.petitions)
        ]
        pd.testing.assert_frame_equal(*frames, check_dtype=False)


def test_every_row_is_in_the_ledgers_and_no_person_in_any_file(province, tmp_path):
    import_province(province(), tmp_path / "out")
    lines = pd.read_csv(tmp_path / "out" / "ledger.csv")
    by_step = lines.groupby("step")["rows"].sum()
    assert by_step["read"] == by_step["kept"] + by_step["dropped"] == 601
    written = [p for p in (tmp_path / "out").rglob("*") if p.is_file()]
    said = b"".join(p.read_bytes() for p in written if p.suffix != ".parquet").decode()
    for path in (p for p in written if p.suffix == ".parquet"):
        said += pl.read_parquet(path).write_csv()
    assert not [part for person in PEOPLE for part in person if part and part in said]
    assert (tmp_path / "out" / "counties.txt").read_text("utf-8") == "兰陵县\n费县\n"


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("村编码", "371399100201", ["没有这个代码", "371399100201", "第2行"]),
        ("村编码", "3.71324E+11", ["不是完整的区划代码"]),
        ("登记时间", "去年", ["不是有效的日期", "去年"]),
        ("信访形式", "飞鸽", ["飞鸽"]),
        ("人数", "几个", ["几个"]),
        ("初访重访", "也许", ["也许"]),
        ("办结日期", "2019-01-01", ["早于登记日期"]),
        ("村编码", "", ["不能为空"]),
    ],
)
def test_what_cannot_be_read_is_said_with_its_row_and_nothing_is_written(
    province, tmp_path, column, value, words
):
    table = register().astype({column: object})
    table.iloc[0, table.columns.get_loc(column)] = value
    said = refused(province(table), tmp_path)
    assert all(word in said for word in words), said


def test_all_problems_come_at_once(province, tmp_path):
    table = register().astype(object)
    table.iloc[0, table.columns.get_loc("登记时间")] = "去年"
    table.iloc[5, table.columns.get_loc("信访形式")] = "飞鸽"
    said = refused(province(table), tmp_path)
    assert "去年" in said and "飞鸽" in said and "第7行" in said


def test_counties_that_nobody_named_and_campaigns_that_cannot_be_are_refused(province, tmp_path):
    roster = pd.concat([villages(), villages().iloc[[0]].assign(统计用区划代码="371399100201")])
    assert "371399" in refused(province(roster=roster), tmp_path)
    folder = province()
    written = (folder / "counties.toml").read_text("utf-8")
    (folder / "counties.toml").write_text(written.replace("2023-05-01", "1999-05-01"), "utf-8")
    assert "counties.371325" in refused(folder, tmp_path)


def test_an_encoding_that_cannot_be_streamed_is_said(province, tmp_path):
    folder = province()
    register().to_csv(folder / "台账.csv", index=False, encoding="gb18030")
    assert "UTF-8" in refused(folder, tmp_path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_says_what_it_made(province, tmp_path, capsys, lang):
    out = tmp_path / "各县"
    assert main(["import", str(province()), "--out", str(out), "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert "601" in said and "600" in said and str(out / "counties.txt") in said
    assert main(["check", str(out / "兰陵县"), str(out / "费县"), "--lang", lang]) == 0


def test_void_petitions_of_a_large_register_are_dropped_with_a_reason(province, tmp_path):
    table = register().assign(办理状态="已办结")
    table.iloc[:7, table.columns.get_loc("办理状态")] = "作废"
    folder = province(table)
    made = import_province(folder, tmp_path / "out", lang="zh")
    assert made.read - made.kept in (7, 8)  # one row was entered twice
    ledger = pd.read_csv(tmp_path / "out" / "兰陵县" / "ledger.csv")
    assert ledger["reason"].str.contains("办理状态").any()
    assert ledger["reason"].notna().all()


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_what_a_remark_calls_void_is_dropped_from_a_large_register(province, tmp_path, ending):
    table = register().assign(办理状态="已办结", 备注="", 处理情况="已答复")
    at = table.columns.get_loc
    table.iloc[3:8, at("备注")] = [
        "作废",
        "重复登记。",
        "作 废（重复件）",
        "已作废",
        "作废了又恢复",
    ]
    table.iloc[7:9, at("处理情况")] = "不予受理"
    table.iloc[:4, at("办理状态")] = "作废"
    folder = province(table, ending=ending)
    import_province(folder, tmp_path / "out", lang="zh")
    ledger = pd.read_csv(tmp_path / "out" / "ledger.csv")
    void = ledger[ledger["reason"].str.contains("不予受理，不计")]
    by = {h: void.loc[void["reason"].str.contains(h), "rows"].sum() for h in table.columns[-3:]}
    assert by == {"办理状态": 4, "备注": 3, "处理情况": 2}


def test_a_large_delivery_is_explained_and_its_problems_listed(province, tmp_path, capsys):
    folder = province(register().rename(columns={"问题类别": "不知何物"}))
    assert main(["import", str(folder), "--explain", "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "2个县" in told and "登记时间→登记日期" in told and "不知何物" in told
    assert "欧阳" not in told
    wrong = register().assign(人数="不止")
    folder, out, marked = province(wrong), tmp_path / "out", tmp_path / "marked"
    words = ["import", str(folder), "--out", str(out), "--annotate", str(marked), "--lang", "zh"]
    assert main(words) == 2 and not out.exists()
    assert {p.name for p in marked.iterdir()} >= {"problems.xlsx", "problems.json"}
    assert "不止" in (marked / "problems.json").read_text("utf-8")
