"""What many counties say together: pooled.json (docs: output contract)."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from village_eval.county.door import is_a
from village_eval.folder.overwriting import refuse_file, writing_file
from village_eval.many.each import handed_back
from village_eval.many.findings import pool_findings, usable, why_not
from village_eval.many.lot_words import lot_sentence
from village_eval.many.lots import pool_lots
from village_eval.many.measures import pool_measures
from village_eval.many.results import Result, read_results
from village_eval.many.shown import FILE, SCHEMA, page, title
from village_eval.many.words import finding_sentence, measure_sentence, remarks
from village_eval.report.export import address, write_page
from village_eval.words import wording as w
from village_eval.words.catalogue import BOTH, LANGUAGES
from village_eval.words.messages import locale_lang

HEADLINE = "petitions.first_year"


def pool_results(
    folder: str | Path, out: str | Path | None = None, *, lang: str | None = None
) -> Path:
    """Pool the results below ``folder`` into ``out`` (``folder`` itself if None).

    Writes pooled.json and the province's report, report.zh.html and report.en.html.

    Parameters
    ----------
    folder
        Holds results at any depth: folders that ``evaluate``, ``report`` or ``batch`` wrote.
    out
        Where to write; ``folder`` itself if None.
    lang
        The language of problems; the reports are in both.

    Returns
    -------
    Path
        That of pooled.json: findings, measures, counties shrunk, as docs/many_counties.md says.

    Raises
    ------
    InputError
        When there is no folder or no result, or when a file of such a name is not ours.
    """
    is_a(folder, (str, Path), "folder", '"reports"')
    folder, lang = Path(folder), lang or locale_lang()
    place = Path(out) if out is not None else folder
    pages = {one: place / f"report.{one}.html" for one in BOTH}
    for path in (place / FILE, *pages.values()):
        refuse_file(path, lang=lang)
    content = pooled(*read_results(folder, lang))
    place.mkdir(parents=True, exist_ok=True)
    for one, path in pages.items():
        with writing_file(path, lang=lang) as made:
            parts = page(content, one, county_reports(content, folder, place, one))
            write_page(parts, made, one, title(content, one), content["synthetic"])
    with writing_file(place / FILE, lang=lang) as made:
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
        made.write_text(text + "\n", "utf-8")
    return place / FILE


def county_reports(
    content: dict[str, Any], folder: Path, place: Path, lang: str
) -> list[tuple[str, str]]:
    """Address and name of every county's report that is there, as seen from ``place``.

    In the language of the page, else in another.
    """
    named = [(c["county"], c["title"]) for c in content["counties_by_name"]]
    twice = {title for title, n in Counter(title for _, title in named).items() if n > 1}
    form, found = w.words(lang, "form")["with_place"], []
    for name, told in named:
        reports = [folder / name / f"report.{one}.html" for one in (lang, *BOTH)]
        path = next((p for p in reports if p.is_file()), None)
        address = None if path is None else address_of(path, place)
        if address is not None:
            text = form.format(name=told, place=name) if told in twice else told
            found.append((address, text))
    return found


def address_of(path: Path, place: Path) -> str | None:
    """A file's address in a page in ``place``: relative, encoded; None on another drive."""
    try:
        relative = os.path.relpath(path.resolve(), place.resolve())
    except ValueError:
        return None
    return "./" + address(Path(relative))


def pooled(results: Sequence[Result], refused: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """The content of pooled.json."""
    findings = pool_findings(results)
    measures, doses = pool_measures(results)
    by_lot, lots = pool_lots(results)
    for row in findings:
        row["sentence"] = {one: finding_sentence(row, one) for one in LANGUAGES}
    for row in measures:
        row["sentence"] = {one: measure_sentence(row, one) for one in LANGUAGES}
    for row in by_lot:
        row["sentence"] = {one: lot_sentence(row, one) for one in LANGUAGES}
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "counties": len(results),
        "synthetic": any(r.content["campaign"].get("synthetic") for r in results),
        "years": sorted({r.year for r in results}),
        "provinces": sorted({r.province for r in results}),
        "left_out": [*refused, *left_out(results)],
        "level_of_doses": "observed",
        "findings": findings,
        "headlines": headlines(results),
        "counties_by_name": [{"county": r.name, "title": r.content["county"]} for r in results],
        "measures": measures + by_lot,
        "doses": doses,
        "lots": lots,
        **handed_back(results),
    }
    content["remarks"] = {one: remarks(content, one) for one in LANGUAGES}
    return content


def headlines(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Each county's headline, as far as it is pooled."""
    told = []
    for result in results:
        head = next((f for f in result.content["findings"] if f["id"] == HEADLINE), None)
        if head is not None and usable(head):
            numbers = {k: head[k] for k in ("estimate", "ci_low", "ci_high", "grade")}
            about = {"county": result.name, "title": result.content["county"], "id": HEADLINE}
            told.append(about | numbers)
    return told


def left_out(results: Sequence[Result]) -> list[dict[str, str]]:
    """Counties whose headline is not pooled, with the reason; other findings count theirs."""
    told = []
    for result in results:
        head = next((f for f in result.content["findings"] if f["id"] == HEADLINE), None)
        if head is None:
            told.append({"county": result.name, "reason": "not_asked", "id": HEADLINE})
        elif not usable(head):
            told.append({"county": result.name, "reason": why_not(head), "id": HEADLINE})
    return told
