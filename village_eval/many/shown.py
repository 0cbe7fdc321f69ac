"""What notebook and province's report show of pooled.json."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from village_eval.county.problems import InputError, problem
from village_eval.expectation.outcomes import earned
from village_eval.many.figures import counties_forest, measures_forest
from village_eval.many.lot_words import by_lot, lot_name
from village_eval.many.words import measure_name, observed, points, remarks, steps
from village_eval.report.amounts import signed
from village_eval.report.fragment import Fragment, box, bullets, heading, join, paragraph, piece
from village_eval.report.table import Table
from village_eval.report.tables.made import made
from village_eval.words import wording as w

SCHEMA = "village-eval/pooled/1"
FILE = "pooled.json"
Content = Mapping[str, Any]


def open_pooled(result: str | Path, lang: str) -> dict[str, Any]:
    """The content of a folder's pooled.json. Raises InputError when there is none."""
    try:
        content: dict[str, Any] = json.loads((Path(result) / FILE).read_text("utf-8"))
        if content.get("schema") != SCHEMA:
            raise ValueError(SCHEMA)
    except (OSError, ValueError):
        raise InputError([problem("no_pooled", str(result), lang)]) from None
    return content


def front(content: Content, lang: str) -> Fragment:
    """Page one: did it work, where more and where less, which measures, what to do."""
    t = w.words(lang, "many")["report"]
    return box(
        "page-one",
        paragraph(w.words(lang, "report")["synthetic"], "synthetic")
        if content["synthetic"]
        else None,
        heading(1, title(content, lang)),
        paragraph(meta(content, lang), "meta"),
        bullets(points(content, lang), "answers", ordered=True),
        counties_forest(content, lang),
        heading(2, t["next"], "next"),
        bullets(steps(content, lang), "next", ordered=True),
    )


def title(content: Content, lang: str) -> str:
    """Of the report."""
    return str(
        w.words(lang, "many")["report"]["title"].format(n=w.count(content["counties"], lang))
    )


def meta(content: Content, lang: str) -> str:
    """Counties, years and how many are left out, in a line."""
    years = [str(y) for y in content["years"]]
    return str(
        w.words(lang, "many")["report"]["meta"].format(
            n=w.count(content["counties"], lang),
            years=w.several(years, lang),
            left=w.count(len(content["left_out"]), lang),
        )
    )


def findings_table(content: Content, lang: str) -> Table | None:
    """All pooled findings."""
    t, rows = w.words(lang, "many"), []
    for f in content["findings"]:
        both = w.words(lang)["range"]["both"]
        scale = f["scale"]
        ends = [signed(f[k], scale, lang) for k in ("ci_low", "ci_high")]
        own = [signed(f[k], scale, lang) for k in ("prediction_low", "prediction_high")]
        rows.append(
            (
                w.capital(f["label"][lang], lang),
                f["window_label"][lang],
                f["counties"],
                signed(f["estimate"], scale, lang),
                both.format(low=ends[0], high=ends[1]),
                both.format(low=own[0], high=own[1]),
                f["i2"],
                f["p_adjusted"],
                f["grade"],
                t["conclusion"][f["conclusion"]],
            )
        )
    kinds = {"counties": "count", "i2": "share", "p": "p"}
    return made("pooled_findings", rows, lang, **kinds) if rows else None


def income_of(content: Content) -> str:
    """The outcome that tells what villages earn, of those that were pooled."""
    return earned(f["id"] for f in content["findings"]).name


def measures_table(content: Content, lang: str, outcome: str = "petitions") -> Table | None:
    """All measures of an outcome: within counties, between them, on earlier years."""
    t, rows = w.words(lang, "many"), []
    for m in observed(content["measures"], outcome):
        known = m.get("estimate") is not None
        told = [
            None if m.get(k) is None else signed(m[k], "log_ratio", lang)
            for k in ("estimate", "ci_low", "ci_high", "between_counties", "placebo")
        ]
        spread = w.words(lang)["range"]["both"].format(low=told[1], high=told[2])
        rows.append(
            (
                w.capital(measure_name(m, lang), lang),
                m["counties"],
                told[0],
                spread if known else None,
                m.get("p_adjusted"),
                told[3],
                told[4],
                m.get("tau"),
                m.get("times_severity"),
                t["conclusion"][m["conclusion"]],
            )
        )
    kinds = {"counties": "count", "p": "p", "tau": "two", "times": "one"}
    return made("pooled_measures", rows, lang, **kinds) if rows else None


def lots_table(content: Content, lang: str) -> Table | None:
    """Rounds drawn by lot: what they did, and the same lots on the months before the start."""
    t, both, rows = w.words(lang, "many"), w.words(lang)["range"]["both"], []
    for m in by_lot(content):
        ends = [signed(m[k], "log_ratio", lang) for k in ("ci_low", "ci_high")]
        before = m["placebo"]
        rows.append(
            (
                w.capital(lot_name(m, lang), lang),
                m["counties"],
                m["villages"],
                m["months"],
                signed(m["estimate"], "log_ratio", lang),
                both.format(low=ends[0], high=ends[1]),
                m["p_adjusted"],
                None if before is None else signed(before, "log_ratio", lang),
                t["conclusion"][m["conclusion"]],
            )
        )
    kinds = {"counties": "count", "villages": "count", "months": "count", "p": "p"}
    return made("pooled_lots", rows, lang, **kinds) if rows else None


def lots(content: Content, lang: str) -> Fragment | None:
    """The section on rounds drawn by lot; none where no county drew one."""
    rows = by_lot(content)
    if not rows:
        return None
    t = w.words(lang, "many")["report"]
    return join(
        heading(2, t["lots"], "lots"),
        bullets(row["sentence"][lang] for row in rows),
        lots_table(content, lang),
    )


def left_out_table(content: Content, lang: str) -> Table | None:
    """Counties whose headline is not pooled, and why."""
    t = w.words(lang, "many")["left_out"]
    rows = [(c["county"], t.get(c["reason"], t["other"])) for c in content["left_out"]]
    return made("left_out", rows, lang) if rows else None


def page(content: Content, lang: str, reports: Sequence[tuple[str, str]] = ()) -> list[Fragment]:
    """The province's report: page one, then all numbers, measures, what to keep in mind.

    ``reports``: address and name of the counties' own.
    """
    t = w.words(lang, "many")["report"]
    return [
        front(content, lang),
        join(
            heading(2, t["findings"], "findings"),
            bullets(f["sentence"][lang] for f in content["findings"] if not f["secondary"]),
            findings_table(content, lang),
        ),
        *([by_lot_] if (by_lot_ := lots(content, lang)) else []),
        join(
            heading(2, t["measures"], "measures"),
            measures_forest(content["measures"], "petitions", lang),
            measures_table(content, lang),
        ),
        join(
            heading(2, t["limits"], "limits"),
            bullets(remarks(content, lang)),
            left_out_table(content, lang),
        ),
        *([_own_reports(reports, lang)] if reports else []),
        join(heading(2, t["method_heading"], "method"), paragraph(t["method"])),
    ]


def _own_reports(reports: Sequence[tuple[str, str]], lang: str) -> Fragment:
    t = w.words(lang, "many")["report"]
    return join(heading(2, t["own"], "own"), piece("links", label=t["own"], links=reports))
