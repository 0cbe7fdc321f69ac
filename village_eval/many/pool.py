"""What many counties say together: pooled.json (docs: output contract)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from village_eval.folder.overwriting import refuse_file, sha256, wrote_file
from village_eval.many.each import handed_back
from village_eval.many.findings import pool_findings, usable, why_not
from village_eval.many.measures import pool_measures
from village_eval.many.results import Result, read_results
from village_eval.many.state import write_whole
from village_eval.many.words import finding_sentence, measure_sentence, remarks
from village_eval.words.catalogue import LANGUAGES
from village_eval.words.messages import locale_lang

SCHEMA = "village-eval/pooled/1"
FILE = "pooled.json"
HEADLINE = "petitions.first_year"


def pool_results(
    folder: str | Path, out: str | Path | None = None, *, lang: str | None = None
) -> Path:
    """Pool the results below ``folder`` into ``out``/pooled.json (``folder`` itself if None).

    Returns its path. Raises InputError when there is no result, or when a file of that name is not
    ours.
    """
    folder, lang = Path(folder), lang or locale_lang()
    place = Path(out) if out is not None else folder
    path = place / FILE
    refuse_file(path, lang=lang)
    results, refused = read_results(folder, lang)
    text = json.dumps(pooled(results, refused), ensure_ascii=False, indent=1, allow_nan=False)
    place.mkdir(parents=True, exist_ok=True)
    # Never a moment with a file that its list does not know: such a file is somebody else's.
    path.unlink(missing_ok=True)
    made = path.with_name(f".writing-{path.name}")
    write_whole(made, (text + "\n").encode("utf-8"))
    wrote_file(path, sha256(made))
    made.replace(path)
    return path


def pooled(results: Sequence[Result], refused: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """The content of pooled.json."""
    findings = pool_findings(results)
    measures, doses = pool_measures(results)
    for row in findings:
        row["sentence"] = {one: finding_sentence(row, one) for one in LANGUAGES}
    for row in measures:
        row["sentence"] = {one: measure_sentence(row, one) for one in LANGUAGES}
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "counties": len(results),
        "synthetic": any(r.content["campaign"].get("synthetic") for r in results),
        "years": sorted({r.year for r in results}),
        "provinces": sorted({r.province for r in results}),
        "left_out": [*refused, *left_out(results)],
        "level_of_doses": "observed",
        "findings": findings,
        "measures": measures,
        "doses": doses,
        **handed_back(results),
    }
    content["remarks"] = {one: remarks(content, one) for one in LANGUAGES}
    return content


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
