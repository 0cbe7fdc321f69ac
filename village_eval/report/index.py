"""A page over many results: search, sort, state, link; opens from a folder, and is a plain table
where scripts do not run."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from village_eval.county.problems import InputError, problem
from village_eval.folder.ours import refuse_file, wrote_file
from village_eval.report.compare import estimate_words
from village_eval.report.export import write_page
from village_eval.words import wording as w

DEEP = 3
"""Folders below the one that is given."""
SHOWN = ("petitions.first_year", "earned_income.first_year")


def index(folder: Path, lang: str = "zh") -> Path:
    """Write ``folder``/index.html over the results below it and return its path. InputError when
    there is none."""
    path = folder / "index.html"
    refuse_file(path, lang=lang)
    found = results(folder)
    if not found:
        raise InputError([problem("no_results", str(folder), lang)])
    t = w.words(lang, "index")
    title, rows = t["title"].format(n=len(found)), [_row(folder, path, lang) for path in found]
    heads = "".join(
        '<th scope="col" aria-sort="none"><button type="button"'
        f" hidden>{escape(h)}</button><span>{escape(h)}</span></th>"
        for h in t["columns"].values()
    )
    search = (
        f'<p id="find" hidden><label for="search">{escape(t["search"])}</label> <input id="search"'
        ' type="search"> <span id="shown" role="status" aria-live="polite"'
        f' data-text="{escape(t["shown"])}"></span></p>'
    )
    table = (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}"><table'
        ' id="results"><caption>'
        f"{escape(t['caption'])}</caption><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
    body = f"<h1>{escape(title)}</h1>{search}{table}"
    script = (Path(__file__).with_name("templates") / "index.js").read_text("utf-8")
    write_page([body], path, lang, title, False, script)
    wrote_file(path)
    return path


def results(folder: Path) -> list[Path]:
    """Folders below (at most DEEP) that hold a result or a log of one that failed, in order of
    their names."""
    names = [
        "*/" * depth + name for depth in range(1, DEEP + 1) for name in ("findings.json", "run.log")
    ]
    return sorted({path.parent for name in names for path in folder.glob(name)})


def _row(root: Path, folder: Path, lang: str) -> str:
    """One line of the table; the sorting key of a cell is in data-key."""
    t, place = w.words(lang, "index"), folder.relative_to(root)
    try:
        result = json.loads((folder / "findings.json").read_text("utf-8"))
        made = json.loads((folder / "manifest.json").read_text("utf-8"))["made"][:10]
    except (OSError, ValueError, KeyError):
        cells = [
            (str(place), escape(str(place))),
            *[("", "—")] * 4,
            ("", "—"),
            (t["failed"], escape(t["failed"])),
            ("", "—"),
        ]
        return "<tr>" + "".join(f'<td data-key="{escape(k)}">{c}</td>' for k, c in cells) + "</tr>"
    by_id = {f["id"]: f for f in result["findings"]}
    reports = sorted(folder.glob("report.*.html"), key=lambda p: p.suffixes[0] != f".{lang}")
    links = " ".join(
        f'<a href="{escape((place / p.name).as_posix())}">'
        f"{escape(t['link'].get(p.suffixes[0][1:], p.name))}</a>"
        for p in reports
    )
    cells = [
        (
            result["county"],
            escape(w.words(lang, "form")["with_place"].format(name=result["county"], place=place)),
        )
    ]
    cells.append((result["campaign"]["start"], escape(result["campaign"]["start"])))
    for ident in SHOWN:
        f = by_id.get(ident)
        key = "" if f is None or f["estimate"] is None else f"{f['estimate']:.6f}"
        cells.append((key, escape(f"{estimate_words(f, lang)} {f['grade'] if f else ''}".strip())))
    conclusion = by_id.get(SHOWN[0], {}).get("conclusion")
    said = t["conclusion"].get(conclusion or "refused", conclusion)
    cells += [
        (said, escape(said)),
        (made, escape(made)),
        (t["done"], escape(t["done"])),
        ("", links or escape(t["numbers_only"])),
    ]
    return "<tr>" + "".join(f'<td data-key="{escape(k)}">{c}</td>' for k, c in cells) + "</tr>"
