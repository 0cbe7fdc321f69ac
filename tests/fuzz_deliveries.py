"""Whole deliveries with slips of clerks and of machines: imported, or refused in words.

``python tests/fuzz_deliveries.py FIRST LAST`` tries seeds. Unlike ``fuzz_readers`` what was read
goes the whole way: names, register, list, measures, income, the county, marked copies.
"""

from __future__ import annotations

import io
import random
import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from bureau_delivery import deliver
from fuzz_readers import mutated, packed

SLIPS = """
- 合计 小计 全镇 同上 / 无 是 否 2023年 2023-13-45 45000 1e999 =1+1 0 -1 4月 第一季度 王家村 李庄村
青石镇 371324100200 3.71324E+11 信访突出 作废 万元 序号 村名 登记日期 备注 附件 ２０２３．４．１ \u202e
"""
CELLS = (*SLIPS.split(), "", "9" * 270, "长" * 500)
"""What may stand anywhere by mistake."""


def in_cells(content: bytes, rng: random.Random) -> bytes:
    """A workbook with other cells, and rows and columns too many or too few."""
    import openpyxl
    from openpyxl.cell.cell import Cell

    book = openpyxl.load_workbook(io.BytesIO(content))
    for _ in range(rng.choice([1, 1, 2, 4, 8])):
        sheet = rng.choice(book.worksheets)
        row, column = rng.randint(1, sheet.max_row + 1), rng.randint(1, sheet.max_column + 1)
        what = rng.random()
        cell = sheet.cell(row, column)
        if what < 0.6 and isinstance(cell, Cell):  # no merged one, which holds nothing
            cell.value = rng.choice(CELLS)
        elif what < 0.8:
            (sheet.delete_rows if what < 0.7 else sheet.delete_cols)(min(row, column))
        else:
            (sheet.insert_rows if what < 0.9 else sheet.insert_cols)(min(row, column))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def in_rows(content: bytes, rng: random.Random) -> bytes:
    """A csv with other cells, and rows twice."""
    lines = content.decode("gb18030", "replace").splitlines()
    for _ in range(rng.choice([1, 2, 4])):
        at = rng.randrange(len(lines))
        cells = lines[at].split(",")
        cells[rng.randrange(len(cells))] = rng.choice(CELLS)
        lines[at] = ",".join(cells)
        if rng.random() < 0.2:
            lines.insert(rng.randrange(len(lines)), rng.choice(lines))
    return "\n".join(lines).encode("gb18030")


def changed(content: bytes, rng: random.Random) -> bytes:
    """A file after somebody's slips or a machine's."""
    if content[:4] != b"PK\x03\x04":
        return in_rows(content, rng) if content and rng.random() < 0.7 else mutated(content, rng)
    try:
        return in_cells(content, rng) if rng.random() < 0.8 else packed(content, rng)
    except (
        ValueError,
        KeyError,
        SyntaxError,
        zipfile.BadZipFile,
    ):  # changed before, and no workbook now
        return mutated(content, rng)


def tried(seed: int, place: Path) -> str:
    """What became of a delivery; its faults are raised as they are."""
    from village_eval.bureau import importing
    from village_eval.county.problems import InputError

    rng = random.Random(f"delivery {seed}")
    folder = deliver(place / "delivery")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for _ in range(rng.choice([1, 1, 2])):
        path = rng.choice(files)
        path.write_bytes(changed(path.read_bytes(), rng))
    lang = rng.choice(["zh", "en"])
    try:
        importing.import_delivery(
            folder, place / "out", lang=lang, key=b"k", annotate=place / "notes"
        )
    except InputError as error:
        assert error.text("zh").strip() and error.text("en").strip()
        assert not (place / "out").exists() and (place / "notes").is_dir()
        return "refused"
    return "imported"


if __name__ == "__main__":
    counted: Counter[str] = Counter()
    for number in range(*map(int, sys.argv[1:])):
        scratch = Path(tempfile.mkdtemp(prefix="delivery-"))
        try:
            counted[tried(number, scratch)] += 1
        except Exception as error:
            counted["FAILED"] += 1
            print(f"{number}: {type(error).__name__}: {error}", flush=True)
        shutil.rmtree(scratch, ignore_errors=True)
    print(dict(counted), flush=True)
