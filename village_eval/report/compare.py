"""Two results of one county side by side: what changed, and why (data, options, program)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from village_eval.county.problems import InputError, problem
from village_eval.folder.overwriting import refuse_file, refuse_near, writing_file
from village_eval.report import read_back
from village_eval.report.amounts import signed
from village_eval.report.export import write_page
from village_eval.report.fragment import Fragment, bullets, heading, join, paragraph
from village_eval.report.table import Table
from village_eval.words import names
from village_eval.words import wording as w

Row = dict[str, Any]
"""A finding, a check or a whole result, as findings.json holds it."""
MOVED = 0.02
"""A log effect that moved by less says the same."""


def read_result(folder: Path, lang: str) -> tuple[dict, dict]:
    """findings.json and manifest.json of a result folder; InputError when it is none."""
    try:
        return read_back.result_of(folder), read_back.manifest_of(folder)
    except read_back.Misshapen:
        raise InputError([problem("old_result", str(folder), lang)]) from None
    except (OSError, ValueError):
        raise InputError([problem("no_result", str(folder), lang)]) from None


def compare(old: Path, new: Path, out: Path, lang: str = "zh") -> Path:
    """Write ``out``/compare.<lang>.html on two result folders and return its path.

    Raises InputError.
    """
    (before, made_before), (after, made_after) = read_result(old, lang), read_result(new, lang)
    path = out / f"compare.{lang}.html"
    refuse_near(out, [old, new], lang=lang)
    refuse_file(path, lang=lang)
    t = w.words(lang, "compare")
    title = t["title"].format(county=after["county"])
    when = t["meta"].format(old=made_before["made"][:10], new=made_after["made"][:10])
    rows = changes(before, after, lang)
    parts = [
        heading(1, title),
        paragraph(when, "meta"),
        heading(2, t["why"], "why"),
        bullets(reasons(before, after, made_before, made_after, lang)),
        heading(2, t["what"], "what"),
        paragraph(t["same"]) if rows.empty else _table(rows, lang),
        *_sentences(before, after, rows, lang),
        bullets(checks(before, after, lang)),
    ]
    out.mkdir(parents=True, exist_ok=True)
    synthetic = bool(after["campaign"].get("synthetic"))
    with writing_file(path, lang=lang) as made:
        write_page([join(*parts)], made, lang, title, synthetic)
    return path


def in_language(texts: Mapping[str, str], lang: str) -> str:
    """What a result says in one language; in its first one where it was made without that."""
    return texts.get(lang) or next(iter(texts.values()))


def reasons(before: dict, after: dict, made_before: dict, made_after: dict, lang: str) -> list[str]:
    """Which files, options and versions differ; that nothing does."""
    t, lines = w.words(lang, "compare")["reason"], []
    if before["schema"] != after["schema"]:
        lines.append(t["rules"])
    if (
        before["county"] != after["county"]
        or before["campaign"]["start"] != after["campaign"]["start"]
    ):
        lines.append(t["other"].format(old=before["county"], new=after["county"]))
    old, new = made_before["inputs"], made_after["inputs"]
    for key, files in {
        "changed": [n for n in new if n in old and new[n] != old[n]],
        "added": [n for n in new if n not in old],
        "gone": [n for n in old if n not in new],
    }.items():
        if files:
            lines.append(t[key].format(files=w.join(sorted(files), lang)))
    old, new = made_before["parameters"], made_after["parameters"]
    for name in sorted(set(old) | set(new)):
        if name not in ("lang", "format") and old.get(name) != new.get(name):
            lines.append(
                t["option"].format(name=name, old=_none(old.get(name)), new=_none(new.get(name)))
            )
    versions = (
        made_before["versions"].get("village-eval"),
        made_after["versions"].get("village-eval"),
    )
    if versions[0] != versions[1]:
        lines.append(t["version"].format(old=versions[0], new=versions[1]))
    return lines or [t["nothing"]]


def changes(before: dict, after: dict, lang: str) -> pd.DataFrame:
    """Findings that differ: id, name, old, new (change with range and grade) and what changed."""
    t = w.words(lang, "compare")["change"]
    old, new = ({f["id"]: f for f in result["findings"]} for result in (before, after))
    rows = []
    for ident in dict.fromkeys([*new, *old]):
        a, b = old.get(ident), new.get(ident)
        what = [t["added"]] if a is None else [t["gone"]] if b is None else _differences(a, b, t)
        if what:
            rows.append(
                (
                    ident,
                    finding_name(b or old[ident], lang),
                    _told(a, lang),
                    _told(b, lang),
                    w.join(what, lang),
                )
            )
    return pd.DataFrame(rows, columns=["id", "name", "old", "new", "what"])


def checks(before: dict, after: dict, lang: str) -> list[str]:
    """Checks whose verdict is another."""
    form = w.words(lang, "compare")["change"]["check"]
    named = {f["id"]: finding_name(f, lang) for f in after["findings"]}
    old, new = (
        {(c["finding"], c["name"]): c for c in result["checks"]} for result in (before, after)
    )
    return [
        form.format(
            finding=named[ident],
            check=in_language(new[ident, name]["label"], lang),
            old=names.verdict(old[ident, name]["verdict"], lang),
            new=names.verdict(new[ident, name]["verdict"], lang),
        )
        for ident, name in new
        if (ident, name) in old and new[ident, name]["verdict"] != old[ident, name]["verdict"]
    ]


def finding_name(f: Row, lang: str) -> str:
    """A finding's outcome and window as its report names them."""
    noun, window = (in_language(f[key], lang) for key in ("label", "window_label"))
    return names.finding(noun, window, lang)


def estimate_words(f: Row | None, lang: str) -> str:
    """A finding's change with its range: ``−18%（−29%至−5%）``; a dash without a number."""
    if f is None or f["estimate"] is None:
        return "—"
    change, low, high = (signed(f[k], f["scale"], lang) for k in ("estimate", "ci_low", "ci_high"))
    return w.words(lang, "compare")["estimate"].format(change=change, low=low, high=high)


def grade_words(f: Row, lang: str) -> str:
    """A finding's grade, with its precision in a word where it has one (findings/2)."""
    precision = f.get("precision")
    if precision is None:
        return str(f["grade"])
    t = w.words(lang)
    return str(f["grade"]) + str(t["tail"]["precision"].format(word=t["precision"][precision]))


def _differences(a: dict, b: dict, t: dict) -> list[str]:
    known = a["estimate"] is not None and b["estimate"] is not None
    what = [t["number"]] if known and abs(a["estimate"] - b["estimate"]) >= MOVED else []
    if (a["estimate"] is None) != (b["estimate"] is None):
        what.append(t["now_known" if a["estimate"] is None else "now_unknown"])
    if a["conclusion"] != b["conclusion"] and known:
        what.append(t["conclusion"])
    if a["grade"] != b["grade"] and known:
        what.append(t["grade"].format(old=a["grade"], new=b["grade"]))
    return what


def _told(f: dict | None, lang: str) -> str:
    return "—" if f is None else f"{estimate_words(f, lang)} {grade_words(f, lang)}"


def _table(rows: pd.DataFrame, lang: str) -> Table:
    t = w.words(lang, "compare")
    frame = rows.drop(columns="id").set_axis(list(t["columns"].values()), axis=1)
    return Table("changes", t["caption"], frame, {}, lang)


def _sentences(before: dict, after: dict, rows: pd.DataFrame, lang: str) -> list[Fragment | None]:
    """Old and new sentence of findings that conclude otherwise."""
    t = w.words(lang, "compare")
    old, new = ({f["id"]: f for f in result["findings"]} for result in (before, after))
    turned = [
        i
        for i in rows["id"]
        if i in old and i in new and old[i]["conclusion"] != new[i]["conclusion"]
    ]
    parts: list[Fragment | None] = []
    if turned:
        parts.append(heading(2, t["sentences"], "sentences"))
    for ident in turned:
        lines = [
            t["then"].format(text=in_language(old[ident]["sentence"], lang)),
            t["now"].format(text=in_language(new[ident]["sentence"], lang)),
        ]
        head = heading(3, finding_name(new[ident], lang), ident.replace(".", "-"))
        parts += [head, bullets(lines)]
    return parts


def _none(value) -> str:
    return "—" if value is None else str(value)
