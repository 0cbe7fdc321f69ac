"""A page over many results: search, sort, state, link.

Opens from a folder, and is a plain table where scripts do not run.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from village_eval.county.problems import InputError, problem
from village_eval.expectation.outcomes import primary
from village_eval.folder.overwriting import refuse_file, writing_file
from village_eval.report import read_back
from village_eval.report.compare import estimate_words, grade_words
from village_eval.report.export import address, write_page
from village_eval.report.fragment import TEMPLATES, piece
from village_eval.words import wording as w
from village_eval.words.plain import plain

DEEP = 3
"""Folders below the one that is given."""


def index(folder: Path, lang: str = "zh") -> Path:
    """Write ``folder``/index.html over the results below it and return its path.

    InputError when there is none.
    """
    path = folder / "index.html"
    refuse_file(path, lang=lang)
    found = results(folder)
    if not found:
        raise InputError([problem("no_results", str(folder), lang)])
    t = w.words(lang, "index")
    title, rows = t["title"].format(n=len(found)), [_row(folder, path, lang) for path in found]
    body = piece(
        "results",
        title=title,
        search=t["search"],
        shown=t["shown"],
        earlier=t["earlier"],
        page=t["page"],
        later=t["later"],
        caption=t["caption"],
        heads=t["columns"].values(),
        rows=rows,
    )
    script = (TEMPLATES / "index.js").read_text("utf-8")
    with writing_file(path, lang=lang) as made:
        write_page([body], made, lang, title, False, script)
    return path


def results(folder: Path) -> list[Path]:
    """Folders below that hold a result or a log of one that failed, by name.

    At most DEEP folders down.
    """
    names = [
        "*/" * depth + name for depth in range(1, DEEP + 1) for name in ("findings.json", "run.log")
    ]
    places = {path.parent for name in names for path in folder.glob(name)}
    return sorted(place for place in places if not _is_hidden(place.relative_to(folder)))


def _is_hidden(place: Path) -> bool:
    """Whether it lies in a hidden folder, as what a killed run left does."""
    return any(part.startswith(".") for part in place.parts)


@dataclass(frozen=True)
class Link:
    """A link of a cell: where it leads and what it says."""

    address: str
    text: str


@dataclass(frozen=True)
class Cell:
    """``text``, or ``links`` in its place; rows are sorted by ``key``."""

    key: str
    text: str
    links: tuple[Link, ...] = ()


def _row(root: Path, folder: Path, lang: str) -> list[Cell]:
    """One line of the table; what is no result of ours is not finished, and stops no other."""
    try:
        return _done(root, folder, lang)
    except (OSError, ValueError):
        t, nothing = w.words(lang, "index"), Cell("", "—")
        place = plain(str(folder.relative_to(root)))
        return [_same(place), *[nothing] * 5, _same(t["failed"]), nothing]


def _done(root: Path, folder: Path, lang: str) -> list[Cell]:
    t, place = w.words(lang, "index"), folder.relative_to(root)
    result, made = read_back.result_of(folder), read_back.manifest_of(folder)["made"][:10]
    by_id = {f["id"]: f for f in result["findings"]}
    reports = sorted(folder.glob("report.*.html"), key=lambda p: p.suffixes[0] != f".{lang}")
    links = (
        Link(address(place / p.name), t["link"].get(p.suffixes[0][1:], plain(p.name)))
        for p in reports
    )
    county = result["county"]
    named = w.words(lang, "form")["with_place"].format(name=county, place=plain(str(place)))
    cells = [Cell(county, named), _same(result["campaign"]["start"])]
    head, income = primary(by_id)
    for question in (head, income):
        f = by_id.get(question.id)
        key = "" if f is None or f["estimate"] is None else f"{f['estimate']:.6f}"
        graded = grade_words(f, lang) if f else ""
        cells.append(Cell(key, f"{estimate_words(f, lang)} {graded}".strip()))
    conclusion = by_id.get(head.id, {}).get("conclusion")
    said = t["conclusion"].get(conclusion or "refused", conclusion)
    cells += [_same(said), _same(made), _same(t["done"])]
    return [*cells, Cell("", t["numbers_only"], tuple(links))]


def _same(text: str) -> Cell:
    return Cell(text, text)
