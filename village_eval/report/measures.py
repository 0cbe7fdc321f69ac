"""Words on measures, from an Attribution: what went with what, never what caused it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.expectation.outcomes import outcome
from village_eval.findings.grading import EXCLUDED
from village_eval.findings.may_say import relation
from village_eval.findings.order import LEVEL
from village_eval.measures import Attribution
from village_eval.measures.doses import varies
from village_eval.measures.kinds import ENOUGH
from village_eval.report.amounts import signed
from village_eval.words import wording as w
from village_eval.words.vocabulary import MEASURES, name

FOUND = ("fell", "rose")
WIDE = 2.0
"""A range of the log effect that goes from −63 % to nearly three times as many says nothing."""


def sentences(a: Attribution, lang: str) -> list[str]:
    """What one county can say of measures, outcome by outcome; then bundles and doubts."""
    t, lines = w.words(lang, "attribution"), []
    for of in a.rows["outcome"].unique():
        rows, noun = a.rows[a.rows["outcome"] == of], t["outcome"][of]
        lines += [
            _overall(rows, noun, lang),
            _groups(rows, noun, lang),
            _measures(rows, noun, lang),
        ]
    if (alike := [m for m, v in zip(MEASURES, varies(a.doses), strict=True) if not v]) and len(
        alike
    ) < len(MEASURES):
        lines.append(t["measure"]["constant"].format(list=_names(alike, lang)))
    lines += [t["bundles"]["line"].format(list=_names(b, lang)) for b in a.bundles] or [
        t["bundles"]["none"]
    ]
    return lines + doubts(a, lang)


def doubts(a: Attribution, lang: str) -> list[str]:
    """Why a relation may be no effect, a sentence for each of ``Attribution.doubts``."""
    t, about = w.words(lang, "attribution")["doubt"], {}
    if a.follows is not None:
        about["r"] = w.ratio(a.follows[0], lang)
    earlier = a.placebo[a.placebo["outcome"] == "petitions"]
    if len(earlier):
        about["year"] = str(earlier.loc[earlier["p_value"].idxmin(), "year"])
    return [t[doubt].format(**about) for doubt in a.doubts] or [t["none"]]


def kind_sentences(a: Attribution, lang: str) -> list[str]:
    """By type of village: effect, or description where a type has few villages."""
    t, lines = w.words(lang, "attribution")["kinds"], []
    for row in a.kinds[a.kinds["kind"] == "village_type"].itertuples() if len(a.kinds) else ():
        about = {"kind": w.capital(name("village_type", row.key, lang), lang), "n": row.villages}
        if w.missing(row.estimate):
            lines.append(
                t["few" if row.villages < ENOUGH else "unknown"].format(
                    **about,
                    enough=ENOUGH,
                    actual=w.count(row.actual, lang),
                    expected=w.count(row.expected, lang),
                )
            )
        else:
            lines.append(t["known"].format(**about, **_range(row, lang)))
    return lines or [t["none"]]


def more_sentences(a: Attribution, lang: str) -> list[str]:
    """Prescribed against other measures, and timing; nothing where they are not known."""
    t, lines = w.words(lang, "attribution"), []
    if a.matched is not None:
        m = a.matched
        form = relation(m["ci_low"], m["ci_high"], "petitions")
        lines.append(
            t["matched"]["known"].format(
                share=w.share(m["share"], lang),
                verdict=t["matched"][form],
                **_ends(m["difference"], m, lang),
            )
        )
    if a.timing is not None:
        m = a.timing
        if m["ci_high"] - m["ci_low"] > WIDE:
            return [*lines, t["timing"]["wide"]]
        form = relation(m["ci_low"], m["ci_high"], "petitions")
        before = t["timing"]["before_seen" if m["before_p_value"] < LEVEL else "before_none"]
        lines.append(
            t["timing"]["known"].format(
                verdict=t["timing"][form], before=before, **_ends(m["effect"], m, lang)
            )
        )
    return lines


def _overall(rows: pd.DataFrame, noun: str, lang: str) -> str:
    row = next(rows[rows["level"] == "overall"].itertuples())
    form = row_form(row)
    return _sentence(w.words(lang, "attribution")["overall"][form], row, noun, lang)


def row_form(row) -> str:
    """What may be said of a row of Attribution.rows: may_say.relation of its family."""
    family = outcome(row.outcome).family
    return relation(row.ci_low, row.ci_high, family, row.p_adjusted, row.estimate)


def _groups(rows: pd.DataFrame, noun: str, lang: str) -> str:
    groups = rows[(rows["level"] == "group") & rows["estimate"].notna()]
    return _several("group", "measure_group", groups, noun, lang)[1]


def group_sentence(a: Attribution, of: str, lang: str) -> tuple[str, str]:
    """Of the four groups: found, none_seen or unclear, and the sentence that says so."""
    rows = a.rows[(a.rows["outcome"] == of) & (a.rows["level"] == "group")]
    known = rows[rows["estimate"].notna()]
    noun = w.words(lang, "attribution")["outcome"][of]
    return _several("group", "measure_group", known, noun, lang)


def _measures(rows: pd.DataFrame, noun: str, lang: str) -> str:
    single = rows[(rows["level"] == "measure") & rows["estimate"].notna()]
    return _several("measure", "measure", single, noun, lang)[1]


def _several(level: str, words: str, rows: pd.DataFrame, noun: str, lang: str) -> tuple[str, str]:
    """What may be said of groups or of single measures: those found, else how little is known.

    found, none_seen or unclear, and the sentence.

    Named are only those that hold up after correction for several tests.
    """
    t = w.words(lang, "attribution")[level]
    forms = [row_form(row) for row in rows.itertuples()]
    found = [r for r, form in zip(rows.itertuples(), forms, strict=True) if form in FOUND]
    if found:
        items = [
            t["item"].format(name=name(words, getattr(r, level), lang), **_range(r, lang))
            for r in found
        ]
        return "found", t["found"].format(outcome=noun, list=w.join(items, lang))
    form = "none_seen" if forms and set(forms) == {"none_seen"} else "unclear"
    widest = max(rows.itertuples(), key=lambda r: r.ci_high - r.ci_low, default=None)
    ends = {"low": w.NONE, "high": w.NONE} if widest is None else _range(widest, lang)
    said = t[form].format(
        n=len(rows),
        all=len(MEASURES),
        outcome=noun,
        mde=_detectable(rows, lang),
        least=_least(rows, lang),
        low=ends["low"],
        high=ends["high"],
    )
    return form, said


def _detectable(rows: pd.DataFrame, lang: str) -> str:
    """What would be seen, from the least to the most of the rows; “—” without any."""
    if not len(rows):
        return w.NONE
    fall = rows["outcome"].iloc[0] == "petitions"
    sizes = rows["minimum_detectable"]
    ends = [w.detectable(v, fall, lang) for v in (sizes.min(), sizes.max())]
    if ends[0] == ends[1]:
        return ends[0]
    form = w.words(lang, "attribution")["text"]["span"]
    return str(form.format(least=ends[0], most=ends[1]))


def _least(rows: pd.DataFrame, lang: str) -> str:
    """The size of relation that a range must exclude; “—” without rows."""
    return (
        w.percent(EXCLUDED[outcome(rows["outcome"].iloc[0]).family], lang) if len(rows) else w.NONE
    )


def _sentence(template: str, row, noun: str, lang: str) -> str:
    return template.format(
        outcome=noun,
        mde=w.detectable(row.minimum_detectable, row.outcome == "petitions", lang),
        least=w.percent(EXCLUDED[outcome(row.outcome).family], lang),
        **_range(row, lang),
    )


def _range(row, lang: str) -> dict[str, str]:
    return {
        "signed": _signed(row.estimate, lang),
        "low": _signed(row.ci_low, lang),
        "high": _signed(row.ci_high, lang),
    }


def _ends(value: float, m: dict, lang: str) -> dict[str, str]:
    return {
        "signed": signed(value, "log_ratio", lang),
        "low": _signed(m["ci_low"], lang),
        "high": _signed(m["ci_high"], lang),
    }


def _signed(value: float, lang: str) -> str:
    return w.signed_percent(100 * np.expm1(min(value, 4.0)), lang)


def _names(keys: list[str], lang: str) -> str:
    return w.join([name("measure", key, lang) for key in keys], lang)
