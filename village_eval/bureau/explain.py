"""What was taken for what: each table of a delivery on a line or two, for one screen."""

from __future__ import annotations

from pathlib import Path

from village_eval.bureau import own_words
from village_eval.bureau.delivery import Delivery, take_in
from village_eval.bureau.layout import Block
from village_eval.bureau.notes import Notes
from village_eval.bureau.settings import read_setting
from village_eval.bureau.source import source_of
from village_eval.bureau.unknown_words import standard
from village_eval.bureau.values import MONEY
from village_eval.county.problems import InputError, by_kind, problem
from village_eval.folder.bounded import MINUTES
from village_eval.folder.campaign_file import FILE, read_campaign
from village_eval.folder.cells import fold
from village_eval.words import wording
from village_eval.words.catalogue import DEFAULT, entry
from village_eval.words.said import Said

MOST_YEARS = 3


def explain(folder: str | Path, lang: str, minutes: float = MINUTES) -> str:
    """The tables of a delivery and what was not read; nothing is written.

    Raises InputError when there is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError([problem("no_folder", str(folder), lang)])
    delivery = Delivery(Notes(), minutes)
    notes = delivery.notes
    own = own_words.read_words(read_setting(folder, own_words.FILE, notes), notes)
    with own_words.used(own):
        keys, problems, _ = read_campaign(read_setting(folder, FILE, notes))
        keys = keys or {}
        source = source_of(folder, keys, notes)
        take_in(folder, delivery, keys.pop("ignore", ()), source, keys)
        lines = [line for each in _by_file(delivery) for line in _told(each, notes, lang)]
        lines += not_read(delivery, lang)
    wrong = [f"  - {found.text(lang)}" for found in by_kind([*problems, *notes.problems()])]
    if wrong:
        lines += ["", say("problems", lang, count=len(wrong)), *wrong]
    return "\n".join(lines)


def became(delivery: Delivery, lang: str) -> list[str]:
    """A line for every table of an import: what it was taken for, and how many rows."""
    return [
        *(
            "  "
            + say(
                "became",
                lang,
                table=_head(blocks, delivery.notes, lang),
                written=_written(blocks, delivery.notes, lang),
            )
            for blocks in _by_file(delivery)
        ),
        *(f"  {line}" for line in not_read(delivery, lang)),
    ]


def _written(blocks: list[Block], notes: Notes, lang: str) -> str:
    """Where the rows went: 写入income.csv."""
    sources = dict.fromkeys(block.sheet.source for block in blocks)
    reasons = (r for s in sources for step, _, r, _ in notes.lines_of(s) if step == "kept")
    texts = (entry(lang, f"importing.reason.{reason}") for reason in dict.fromkeys(reasons))
    return wording.several(texts, lang)


def not_read(delivery: Delivery, lang: str) -> list[str]:
    """A line for each file and sheet that is no table of ours, with the reason."""
    notes = delivery.notes
    tables = {block.sheet.source for blocks in delivery.blocks.values() for block in blocks}
    lines = []
    for source in dict.fromkeys(notes.sources()):
        reasons = [r for step, _, r, _ in notes.lines_of(source) if step == "dropped"]
        if source not in tables and reasons:
            reason = entry(lang, f"importing.reason.{reasons[0]}")
            lines.append(say("not_read", lang, source=notes.named(source), reason=reason))
    return lines


def _by_file(delivery: Delivery) -> list[list[Block]]:
    """The tables, those of one kind in one file with the same columns together."""
    groups: dict[tuple, list[Block]] = {}
    for blocks in delivery.blocks.values():
        for block in blocks:
            key = (block.sheet.file, block.kind, tuple(block.headers.items()), block.unit)
            groups.setdefault(key, []).append(block)
    return list(groups.values())


def _head(blocks: list[Block], notes: Notes, lang: str) -> str:
    first = blocks[0]
    sheets = [notes.named(b.sheet.name) for b in blocks if b.sheet.name is not None]
    about = {
        "file": notes.named(first.sheet.file),
        "sheets": f"[{wording.several(dict.fromkeys(sheets), lang)}]" if sheets else "",
        "kind": Said(f"importing.kind.{first.kind}"),
        "rows": sum(len(b.cells) for b in blocks),
    }
    return say("table", lang, **about)


def _told(blocks: list[Block], notes: Notes, lang: str) -> list[str]:
    first = blocks[0]
    details = [say("header", lang, row=str(first.row))] if first.row else []
    if first.kind == "income":
        units = dict.fromkeys([*first.units.values(), *([first.unit] if first.unit else [])])
        names = [name for unit in units for name, factor in MONEY.items() if factor == unit]
        unit = wording.several(names[:1] if len(units) == 1 else names, lang) or say("none", lang)
        details.append(say("unit", lang, unit=unit))
        years = sorted({y for b in blocks for y in next((y for y in b.years.values() if y), ())})
        shown = [str(y) for y in years] or [say("none", lang)]
        row = len(years) > MOST_YEARS and years[-1] - years[0] == len(years) - 1
        period = f"{years[0]}–{years[-1]}" if row else wording.several(shown, lang)
        details.append(say("period", lang, period=period))
    columns = {header: column for column, header in first.headers.items()}
    lines = [
        _head(blocks, notes, lang) + say("details", lang, details=wording.several(details, lang)),
        "  " + columns_told(first.kind, columns, lang),
    ]
    left = {
        reason: tuple(
            dict.fromkeys(
                c
                for b in blocks
                for _, _, r, d in notes.lines_of(b.sheet.source)
                if r == reason
                for c in d["columns"]  # type: ignore[attr-defined]
            )
        )
        for reason in ("unknown_columns", "personal_columns")
    }
    lines += [
        "  " + Said(f"importing.reason.{reason}", {"columns": columns}).text(lang)
        for reason, columns in left.items()
        if columns
    ]
    return lines


def columns_told(kind: str, columns: dict[str, str], lang: str) -> str:
    """Which header was taken for which column: 受理时间→登记日期."""
    told = [
        header if fold(header) == fold(name) else f"{header}→{name}"
        for header, column in columns.items()
        if (name := standard(kind, column) if lang == DEFAULT else column)
    ]
    return say("columns", lang, columns=wording.several(told, lang))


def say(key: str, lang: str, **details: object) -> str:
    """A sentence of ``[explained]``."""
    return Said(f"importing.explained.{key}", details).text(lang)
