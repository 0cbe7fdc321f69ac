"""Sheets with all that clerks put around a table, and the files that they save them in."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import xlwt
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

FORMATS = (
    *("xlsx", "gb18030.csv", "utf-8-sig.csv", "utf-8.csv", "xls", "utf-16.txt", "tsv", "html"),
    *("sep.csv", "gb18030.txt"),
)
MANY_SHEETS = ("xlsx", "xls", "html")
TOTALS = (
    "合计",
    "总计",
    "合 计",
    "全县合计",
    "共计",
    "本页小计",
    "过次页",
    "承前页",
    "{township}小计",
    "{township}合计",
)
AVERAGES = (
    *("全县平均", "平均", "平均值", "县均", "村均", "平均数", "各村平均", "均值"),
    *("上年同期", "比上年增长%", "同比增减"),
)
OF_THESE = ("其中：贫困村", "其中:脱贫村", "其中", "  其中：示范村", "#其中：易地搬迁村")
NOTES = (
    "填表人：赵明  审核人：钱亮",
    "注：人口为年末数，收入为全年数",
    "说明：按上级要求填报",
    "备注：无",
    "数据来源：县农业农村局",
    "单位负责人：孙文  统计负责人：李静  填表人：周远  联系电话：13812340000",
    "制表单位：县委组织部",
    "审核：",
    "2024年1月5日",
    "第1页，共1页",
    "（盖章）",
    "* 为易地搬迁安置村",
)


class Choices:
    """What a layout is composed of: the usual first, so that a failing case shrinks to it.

    ``pick(name, options)`` decides; what was decided otherwise than usual is kept in ``made``.
    """

    def __init__(self, pick: Callable, rare: int = 3):
        self._pick, self.rare, self.made = pick, rare, {}

    def one(self, name: str, *options):
        """One of the options; the first stands for the usual way and is as likely as ``rare`` others."""
        chosen = self._pick(name, [*[0] * self.rare, *range(1, len(options))])
        if chosen:
            self.made[name] = options[chosen]
        return options[chosen]

    def order(self, name: str, items: list) -> list:
        """The items as they are, or in another order."""
        if not self.one(f"{name}: other order", False, True):
            return list(items)
        left, ordered = list(items), []
        while left:
            ordered.append(left.pop(self._pick(name, list(range(len(left))))))
        return ordered


@dataclass
class Sheet:
    """Rows of cells, areas merged over them (zero-based top, left, bottom, right), rows hidden or
    struck through; whether figures are formulas (stored: with what they gave)."""

    name: str
    rows: list[list]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    struck_rows: list[int] = field(default_factory=list)
    hidden: bool = False
    formulas: str = ""


def _width(rows: list[list]) -> int:
    return max(map(len, rows), default=0)


def around(
    c: Choices, name: str, sheet: str, title: str, unit: str, header: list[list], body, areas
) -> Sheet:
    """A sheet: titles, a header of one or two rows, a body with merged areas, and what is below.

    ``header`` has the texts per column, the upper one first where it has two rows.
    """
    wide = max(map(len, header)) == 2
    width = len(header)
    above: list[list] = []
    if title:
        above.append([title])
    if unit:
        where = c.one(f"{name} unit line", "right", "left", "beside")
        line = [None] * width
        line[0 if where == "left" else -1] = unit
        if where == "beside":
            line[0] = c.one(
                f"{name} beside unit", "填报单位：元氏县农业农村局", "填报时间：第四季度"
            )
        above.append(line)
    above += [[]] * c.one(f"{name} blank rows above", 0, 1, 17)
    merged = []
    if above and title and c.one(f"{name} title merged", True, False):
        merged.append((0, 0, 0, width - 1))
    top = len(above)
    if wide:
        upper = [h[0] for h in header]
        for i, text in enumerate(upper):
            if i and text == upper[i - 1] and len(header[i]) == 2:
                upper[i] = None
        rows = [*above, upper, [h[-1] if len(h) == 2 else None for h in header]]
        for i, h in enumerate(header):
            if len(h) == 1:
                merged.append((top, i, top + 1, i))
            elif upper[i]:
                last = i
                while last + 1 < width and upper[last + 1] is None and len(header[last + 1]) == 2:
                    last += 1
                if last > i:
                    merged.append((top, i, top, last))
    else:
        rows = [*above, [h[0] for h in header]]
    if c.one(f"{name} columns numbered", False, True):
        rows.append(["甲", "乙", *range(1, width - 1)])
    begin = len(rows)
    rows += body
    made = Sheet(sheet, rows, merged + [(t + begin, x, b + begin, y) for t, x, b, y in areas])
    if c.one(f"{name} hidden row", False, True):
        made.hidden_rows.append(begin)
    if c.one(f"{name} struck row", False, True):
        made.struck_rows.append(begin + 1)
    for _ in range(c.one(f"{name} notes", 0, 1, 2)):
        note = c.one(f"{name} note", *NOTES)
        at = c.one(f"{name} note at", 0, 1, 2, width - 1)
        rows.append([*[None] * min(at, width - 1), note])
    if len(body) > 4 and not wide and c.one(f"{name} header again", False, True):
        _insert(made, begin + 3, [h[0] for h in header])
    if len(body) > 2 and c.one(f"{name} blank row between", False, True):
        _insert(made, begin + 2, [])
    if c.one(f"{name} broken headers", False, True):
        broken = made.rows[begin - 1]
        broken[:] = [f"{h[:2]}\n{h[2:]}" if _is_word(h) else h for h in broken]
    if c.one(f"{name} blank column", False, True):
        _column(made, min(3, width - 1))
    if c.one(f"{name} begins in B", False, True):
        _column(made, 0)
    made.formulas = c.one(f"{name} formulas", "", "stored", "stored", "stored", "lost")
    return made


def _is_word(header: object) -> bool:
    return isinstance(header, str) and len(header) > 3 and header.isalpha()


def _column(made: Sheet, at: int) -> None:
    """A blank column more; an area merged across it goes on."""
    for row in made.rows:
        row[at:at] = [None] * (len(row) > at)
    made.merged = [(t, x + (x >= at), b, y + (y >= at)) for t, x, b, y in made.merged]


def _insert(made: Sheet, row: int, cells: list) -> None:
    """A row more; an area merged across it ends there."""
    made.rows.insert(row, cells)
    made.merged = [
        (t + (t >= row), x, min(b, row - 1) if t < row else b + 1, y) for t, x, b, y in made.merged
    ]
    made.hidden_rows = [r + (r >= row) for r in made.hidden_rows]
    made.struck_rows = [r + (r >= row) for r in made.struck_rows]


def save(folder: Path, name: str, kind: str, sheets: list[Sheet]) -> None:
    """The sheets in one file (texts: a file each)."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "xlsx":
        (folder / f"{name}.xlsx").write_bytes(_xlsx(sheets))
    elif kind == "zip":
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
            archive.writestr(f"{name}/{name}.xlsx", _xlsx(sheets))
    elif kind == "xls":
        (folder / f"{name}.xls").write_bytes(_xls(sheets))
    elif kind == "html":
        page = "".join(map(_html, sheets))
        page = f'<html><head><meta charset="gbk"></head><body>{page}</body></html>'
        (folder / f"{name}.xls").write_bytes(page.encode("gb18030"))
    else:
        for sheet in sheets:
            text = io.StringIO(newline="")
            tabs = kind in ("tsv", "utf-16.txt", "gb18030.txt")
            mark = "\t" if tabs else ";" if kind == "sep.csv" else ","
            text.write("sep=;\n" if kind == "sep.csv" else "")
            csv.writer(text, delimiter=mark).writerows(_filled(sheet, True))
            encoding, _, suffix = kind.replace("sep.", "utf-8-sig.").rpartition(".")
            label = name if len(sheets) == 1 else f"{name}{sheet.name}"
            content = text.getvalue().encode(encoding or "gb18030")
            (folder / f"{label}.{suffix or kind}").write_bytes(content)


def _filled(sheet: Sheet, text: bool = False) -> list[list]:
    rows = [list(r) for r in sheet.rows]
    width = _width(rows)
    rows = [[*r, *[None] * (width - len(r))] for r in rows]
    return [["" if v is None else _text(v) for v in r] for r in rows] if text else rows


def _text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%Y/%m/%d %H:%M}"
    if isinstance(value, dt.date):
        return f"{value.year}/{value.month}/{value.day}"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _xlsx(sheets: list[Sheet]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        made = book.create_sheet(sheet.name)
        for row in _filled(sheet):
            made.append(row)
        for top, left, bottom, right in sheet.merged:
            made.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
        for row in sheet.hidden_rows:
            made.row_dimensions[row + 1].hidden = True
        for row in sheet.struck_rows:
            for column in range(1, _width(sheet.rows) + 1):
                made[f"{get_column_letter(column)}{row + 1}"].font = Font(strike=True)
        if sheet.hidden and len(sheets) > 1:
            made.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return _with_formulas(content.getvalue(), [s.formulas for s in sheets])


def _with_formulas(content: bytes, kinds: list[str]) -> bytes:
    """Figures of the sheets as formulas: openpyxl writes none with what it gave."""
    if not any(kinds):
        return content
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for item in old.namelist():
            text = old.read(item)
            if number := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", item):
                kind = kinds[int(number[1]) - 1]
                stored = rb"<v>\1</v>" if kind == "stored" else b"<v></v>"
                figure = rb"(?<=t=\"n\">)<v>(-?\d{1,10}(?:\.\d+)?)</v>"
                text = re.sub(figure, rb"<f>SUM(\1)</f>" + stored, text) if kind else text
            new.writestr(item, text)
    return made.getvalue()


def save_parts(folder: Path, c: Choices, name: str, kind: str, sheets: list[Sheet]) -> None:
    """The sheets in one file, or in two."""
    if len(sheets) < 2 or not c.one(f"{name} in two files", False, True):
        save(folder, name, kind, sheets)
        return
    half = len(sheets) // 2
    save(folder, f"{name}（一）", kind, sheets[:half])
    save(folder / "补报", f"{name}（二）", kind, sheets[half:])


def _xls(sheets: list[Sheet]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for sheet in sheets:
        made = book.add_sheet(sheet.name)
        covered = {
            (r, k): (t, x, b, y)
            for t, x, b, y in sheet.merged
            for r in range(t, b + 1)
            for k in range(x, y + 1)
        }
        for i, row in enumerate(_filled(sheet)):
            for k, value in enumerate(row):
                if value is None or (i, k) in covered:
                    continue
                made.write(i, k, value, day) if isinstance(value, dt.date) else made.write(
                    i, k, value
                )
        for t, x, b, y in sheet.merged:
            cells = _filled(sheet)
            made.write_merge(t, b, x, y, cells[t][x] if x < len(cells[t]) else None)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _html(sheet: Sheet) -> str:
    spans = {(t, x): (b - t + 1, y - x + 1) for t, x, b, y in sheet.merged}
    covered = {
        (r, k)
        for t, x, b, y in sheet.merged
        for r in range(t, b + 1)
        for k in range(x, y + 1)
        if (r, k) != (t, x)
    }
    lines = []
    for i, row in enumerate(_filled(sheet, True)):
        cells = []
        for k, value in enumerate(row):
            if (i, k) not in covered:
                down, right = spans.get((i, k), (1, 1))
                cells.append(f"<td rowspan={down} colspan={right}>{escape(value)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"
