"""Sentences of what many counties say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from village_eval.findings.grading import EXCLUDED, EXCLUDED_POINTS
from village_eval.many.lot_words import lot_points, lot_remarks, lot_steps
from village_eval.report.amounts import signed, size
from village_eval.words import wording as w
from village_eval.words.vocabulary import name

NAMED = 4
"""Measures that page one names, those told most clearly; the table has them all."""


def finding_sentence(row: Mapping[str, Any], lang: str) -> str:
    """One pooled finding: its mean over counties with range, and where counties' own lie."""
    t = w.words(lang, "many")["finding"]
    scale = row["scale"]
    about = {
        "noun": row["label"][lang],
        "window": row["window_label"][lang],
        "size": size(row["estimate"], scale, lang),
        "n": w.count(row["counties"], lang),
        "all": w.count(row["counties_in_all"], lang),
        "grade": row["grade"],
        "least": _least(row, lang),
        **_range(row, "ci", scale, lang),
    }
    said = t[row["conclusion"]].format(**about)
    if row["tau"] and abs(row["prediction_high"] - row["prediction_low"]) > 0:
        said = w.sentences(
            [said, t["spread"].format(**_range(row, "prediction", scale, lang))], lang
        )
    return said


def _least(row: Mapping[str, Any], lang: str) -> str:
    if row["scale"] == "share":
        return w.points(EXCLUDED_POINTS, lang)
    return w.percent(EXCLUDED[row["family"]], lang)


def _range(row: Mapping[str, Any], kind: str, scale: str, lang: str) -> dict[str, str]:
    return {end: signed(row[f"{kind}_{end}"], scale, lang) for end in ("low", "high")}


def observed(rows: Sequence[Mapping[str, Any]], outcome: str) -> list[Mapping[str, Any]]:
    """The rows of an outcome on doses that officials chose; those by lot are told apart."""
    by_lot = "assigned"
    return [r for r in rows if r["outcome"] == outcome and r.get("level_of_doses") != by_lot]


def measure_name(row: Mapping[str, Any], lang: str) -> str:
    """What a row on measures is of: all measures, a group, or a measure."""
    if row["level"] == "overall":
        return str(w.words(lang, "attribution")["all"])
    if row["level"] == "group":
        return name("measure_group", row["group"], lang)
    return name("measure", row["measure"], lang)


def measure_sentence(row: Mapping[str, Any], lang: str) -> str:
    """One measure, group or all: what it went with, never what it did."""
    t = w.words(lang, "many")["measure"]
    noun = w.words(lang, "attribution")["outcome"][row["outcome"]]
    about = {"name": w.capital(measure_name(row, lang), lang), "noun": noun}
    about["n"] = w.count(row["counties"], lang)
    if row.get("estimate") is None:
        return str(t["too_little" if row["counties"] else "never"].format(**about))
    about |= {"signed": signed(row["estimate"], "log_ratio", lang)}
    about |= _range(row, "ci", "log_ratio", lang)
    about["dose"] = t["full" if row["level"] == "measure" else "given"]
    said = [t[row["conclusion"]].format(**about)]
    if row["conclusion"] != "cannot_be_told":
        said += [t["warned"]] if row["warned"] else []
        said += [_between(row, lang)] if row.get("between_counties") is not None else []
        if row.get("times_severity") is not None and row["times_severity"] < 100:
            said.append(t["unseen"].format(times=w.ratio(row["times_severity"], lang)))
    return w.sentences(said, lang)


def _between(row: Mapping[str, Any], lang: str) -> str:
    t = w.words(lang, "many")["measure"]
    p = row["within_less_between_p"]
    key = "between_unlike" if p is not None and p < 0.05 else "between"
    return str(t[key].format(signed=signed(row["between_counties"], "log_ratio", lang)))


def points(content: Mapping[str, Any], lang: str) -> list[str]:
    """Page one: petitions, how counties differ, income, measures."""
    t = w.words(lang, "many")["point"]
    told = {f["id"]: f for f in content["findings"]}
    said = []
    head = told.get("petitions.first_year")
    if head is None:
        said.append(t["no_headline"])
    else:
        said += [finding_sentence(head, lang), _where(content, lang)]
        said += _traits(head, lang) if any(_found(x) for x in head["traits"]) else []
    first = [f for f in content["findings"] if f["family"] == "income" and not f["secondary"]]
    income = first[0] if first else None
    said += [finding_sentence(income, lang)] if income else []
    return [*said, *lot_points(content, lang), _which(content, lang)]


def _where(content: Mapping[str, Any], lang: str) -> str:
    """How many counties show it alone, and what a ranking of them is worth."""
    each = content["headlines"]
    about = {
        "n": len(each),
        "lower": sum(c["ci_high"] < 0 for c in each),
        "higher": sum(c["ci_low"] > 0 for c in each),
    }
    form = w.words(lang, "many")["point"]["where"]
    return str(form.format(**{k: w.count(v, lang) for k, v in about.items()}))


def _which(content: Mapping[str, Any], lang: str) -> str:
    """Which measures petitions went with, as far as can be said."""
    t = w.words(lang, "many")["point"]
    single = [
        m for m in content["measures"] if m["level"] == "measure" and m["outcome"] == "petitions"
    ]
    if not single:
        return str(t["no_measures"])
    found = [m for m in single if m["conclusion"] != "cannot_be_told"]
    if not found:
        return str(t["none_found"])
    listed = [
        t["item"].format(
            name=measure_name(m, lang), signed=signed(m["estimate"], "log_ratio", lang)
        )
        for m in sorted(found, key=lambda m: m["p_adjusted"] or 0)[:NAMED]
    ]
    key = "found_warned" if found[0]["warned"] else "found"
    more = len(found) - len(listed)
    told = w.join(listed, lang) + (t["more"].format(n=w.count(more, lang)) if more else "")
    return str(t[key].format(list=told))


def steps(content: Mapping[str, Any], lang: str) -> list[str]:
    """What to do next, from what was found."""
    t = w.words(lang, "many")["step"]
    head = next((f for f in content["findings"] if f["id"] == "petitions.first_year"), None)
    found = any(
        m["level"] == "measure" and m["conclusion"] != "cannot_be_told" for m in content["measures"]
    )
    said = lot_steps(content, lang) or [t["lottery_found" if found else "lottery"]]
    if head is not None:
        success = head["conclusion"] == "fell" and head["grade"] in "AB"
        said.insert(0, t["success" if success else "open"])
    said.append(t["no_ranking"])
    if content["left_out"]:
        said.append(t["left_out"].format(n=w.count(len(content["left_out"]), lang)))
    return said


def remarks(content: Mapping[str, Any], lang: str) -> list[str]:
    """What a reader must know beside the numbers: years, doses, counties left out, small ones."""
    t, said = w.words(lang, "many")["remark"], []
    years = content["years"]
    if len(years) == 1:
        said.append(t["one_year"].format(year=years[0]))
    else:
        said.append(t["years"].format(first=years[0], last=years[-1], n=len(years)))
    if content["left_out"]:
        said.append(t["left_out"].format(n=w.count(len(content["left_out"]), lang)))
    for outcome, doses in content["doses"].items():
        noun = w.words(lang, "attribution")["outcome"][outcome]
        said.append(t["not_by_lot"].format(noun=noun))
        if doses["follows"]:
            said.append(t["follows"])
        if doses["earlier"]:
            said.append(t["earlier"].format(noun=noun))
        if not doses["doubtful"]:
            said.append(t["no_doubt"].format(noun=noun))
    said += lot_remarks(content, lang)
    for row in content["findings"]:
        told = row["small_counties"]
        if told and row["id"].endswith(".first_year") and abs(told["t"]) > 2:
            key = "small_more" if told["slope"] * row["estimate"] > 0 else "small_less"
            said.append(t[key].format(noun=w.capital(row["label"][lang], lang)))
        said += _traits(row, lang) if row["id"] == "petitions.first_year" else []
    return said


def _traits(row: Mapping[str, Any], lang: str) -> list[str]:
    t, noun = w.words(lang, "many")["trait"], w.capital(row["label"][lang], lang)
    found = [x for x in row["traits"] if _found(x)]
    if not row["traits"]:
        return []
    if not found:
        return [t["none"].format(noun=noun)]
    return [
        t[x["trait"]].format(
            noun=noun,
            signed=w.signed_percent(100 * float(np.expm1(x["estimate"])), lang),
        )
        for x in found
    ]


def _found(trait: Mapping[str, Any]) -> bool:
    return bool(trait["p_adjusted"] < 0.05)
