"""A small delivery as bureaus write it: 12 villages in 3 townships, one name in two of them. Tests
change one part at a time."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

from openpyxl import Workbook

CAMPAIGN = (
    'county = "测试县"\nstart = 2023-03-01\ndays = 100\nlisting_window = ["2022-03", "2023-02"]\n'
)
PLACES = {
    "青石镇": ["王家村", "李庄村", "赵楼村", "大沟村"],
    "白水乡": ["王家村", "孙店村", "周坡村", "吴桥村"],
    "红旗镇": ["郑湾村", "冯屯村", "陈寨村", "褚河村"],
}
PEOPLE = [
    ("欧阳明远", "371324198001018313", "13812345678"),
    ("诸葛小亮", "37132419470101481X", "13912345678"),
    ("司徒文静", "371324470101481", "0539-5212345"),
    ("钱多多", "", "15012345678"),
    ("", "", ""),
]
LEADERS = ["皇甫县长", "尉迟书记"]


def code(township: int, village: int) -> int:
    return 371324100200 + township * 1000 + village


def roster() -> list[list]:
    rows = [
        ["全县村级基本情况统计表"],
        [None] * 5 + ["填报单位:县委办公室"],
        ["序号", "乡镇", "村名", "统计用区划代码", "户数", "人口", "党员人数", "年度考核扣分"],
    ]
    n = 0
    for t, (township, villages) in enumerate(PLACES.items()):
        for v, village in enumerate(villages):
            n += 1
            written = str(code(t, v)) if n % 2 else float(code(t, v))
            people = ["１１８０", "1180人", 1180, "1,180"][v]
            rows.append(
                [
                    n,
                    township if v == 0 else None,
                    village + " " * (v == 1),
                    written,
                    300 + n,
                    people,
                    30 + n,
                    round(0.1 * n - 0.5, 2),
                ]
            )
    return [*rows, ["合计", None, None, None, 3678, 14160, 438, None]]


def listing() -> list[list]:
    head = [
        ["后进村“百日集中整治”对象名单"],
        ["序号", "乡镇", "村名", "后进类型", "主要问题", "包村县级领导"],
    ]
    rows = [
        [1, "青石镇", "王家村", "信访突出", "历史遗留土地纠纷、班子软弱涣散", LEADERS[0]],
        [2, "白水乡", "孙店村", "经济薄弱", "集体经济空壳", LEADERS[1]],
        [3, "红旗镇", "郑湾村", "班子不团结", "内部矛盾突出、畏难", LEADERS[0]],
    ]
    return [*head, *rows, ["合计", "3个村"]]


REGISTER_HEADER = [
    "登记编号",
    "登记日期",
    "乡镇",
    "村名",
    "信访人",
    "身份证号",
    "联系电话",
    "信访形式",
    "信访去向",
    "初访重访",
    "人数",
    "问题类别",
    "办结日期",
    "满意度",
]


def register(months: int = 40) -> list[list]:
    rows, styles = (
        [],
        ["{0}-{1:02}-{2:02}", "{0}/{1}/{2}", "{0}年{1}月{2}日", "{0}.{1:02}.{2:02}", "serial"],
    )
    places = [(t, v) for t, villages in PLACES.items() for v in villages]
    for i in range(months * 2):
        year, month, day = 2021 + i // 2 // 12, i // 2 % 12 + 1, 3 + i % 20
        style = styles[i % 5]
        date = (
            (dt.date(year, month, day) - dt.date(1899, 12, 30)).days
            if style == "serial"
            else style.format(year, month, day)
        )
        who = PEOPLE[i % len(PEOPLE)]
        township, village = places[i * 5 % 12]
        resolved = f"{year}-{month:02}-{day + 5:02}"
        rows.append(
            [
                f"P{i:06}",
                date,
                township,
                village,
                *who,
                "来访",
                "到县",
                "初访",
                i % 3 + 1,
                "土地纠纷",
                resolved,
                "满意",
            ]
        )
    return [REGISTER_HEADER, *rows]


INCOME_HEADER = [
    "乡镇",
    "村名",
    "经营收入",
    "发包及上交收入",
    "投资收益",
    "补助收入",
    "其他收入",
    "合计",
]


def income_sheet(year: int, unit: str = "万元") -> list[list]:
    scale = 1 if unit == "万元" else 10_000
    rows = [[f"{year}年度村集体经济收入统计表"], [None] * 7 + [f"单位:{unit}"], INCOME_HEADER]
    for township, villages in PLACES.items():
        rows += [
            [township, village, "-", 2.5 * scale, 0, 1.25 * scale, 0, 3.75 * scale]
            for village in villages
        ]
    return [*rows, ["合计", None, 0, 30 * scale, 0, 15 * scale, 0, 45 * scale]]


def income() -> dict[str, list[list]]:
    return {
        "2021年": income_sheet(2021),
        "2022年": income_sheet(2022, "元"),
        "2023年": income_sheet(2023),
    }


MEASURES_HEADER = [
    "乡镇",
    "村名",
    "措施类别",
    "具体措施",
    "责任单位",
    "开始日期",
    "完成日期",
    "落实程度(%)",
    "投入资金(万元)",
    "是否销号",
]


def measures() -> list[list]:
    head = [["后进村整治措施落实台账"], MEASURES_HEADER]
    return [
        *head,
        [
            "青石镇",
            "王家村",
            "完善制度体系",
            "矛盾纠纷调解机制",
            "县民政局",
            "3月24日",
            dt.datetime(2023, 4, 21),
            22,
            0.44,
            "是",
        ],
        [
            "青石镇",
            "王家村",
            "提升服务水平",
            "互联网+政务服务",
            "县农业局、水利局",
            "4月28日",
            None,
            45,
            0.83,
            "否",
        ],
        [
            "白水乡",
            "孙店村",
            "优化干部队伍结构",
            "微腐败治理",
            "县委组织部",
            "3月5日",
            dt.datetime(2023, 5, 1),
            100,
            1,
            "是",
        ],
    ]


def write_workbook(
    path: Path,
    sheets: dict[str, list[list]],
    merge: dict[str, list[str]] | None = None,
    hidden: tuple = (),
) -> None:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in (merge or {}).get(name, ()):
            sheet.merge_cells(area)
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)


def write_csv(path: Path, rows: list[list], encoding: str = "gb18030") -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def deliver(folder: Path, **parts) -> Path:
    """Write the delivery; a part given as None is left out, one given as rows (or sheets) replaces
    the usual one."""
    folder.mkdir(parents=True, exist_ok=True)
    usual = {
        "campaign": CAMPAIGN,
        "roster": roster(),
        "listing": listing(),
        "register": register(),
        "income": income(),
        "measures": measures(),
    }
    parts = usual | parts
    if parts["campaign"] is not None:
        (folder / "campaign.toml").write_text(parts["campaign"], "utf-8")
    if parts["register"] is not None:
        write_csv(folder / "信访登记台账.csv", parts["register"])
    for part, file in {
        "roster": "村庄基本情况.xlsx",
        "listing": "后进村名单.xlsx",
        "measures": "整治措施台账.xlsx",
        "income": "村集体经济收入.xlsx",
    }.items():
        rows = parts[part]
        if rows is not None:
            write_workbook(
                folder / file,
                rows if isinstance(rows, dict) else {"Sheet1": rows},
                {} if isinstance(rows, dict) else {"Sheet1": ["A1:F1"]},
            )
    return folder
