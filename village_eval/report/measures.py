"""Words on measures, from an Attribution: what went with what, never what caused it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from village_eval.measures import Attribution
from village_eval.measures.attribute import BEFORE, FOLLOWS
from village_eval.measures.doses import varies
from village_eval.measures.kinds import ENOUGH
from village_eval.report.amounts import signed
from village_eval.words import wording as w
from village_eval.words.vocabulary import MEASURES, name

SEEN = 0.05
WIDE = 2.0
"""A range of the log effect that goes from −63 % to nearly three times as many says nothing."""


def sentences(a: Attribution, lang: str) -> list[str]:
    """What one county can say of measures, outcome by outcome; then bundles and doubts."""
    t, lines = w.words(lang, "attribution"), []
    for outcome in a.rows["outcome"].unique():
        rows, noun = a.rows[a.rows["outcome"] == outcome], t["outcome"][outcome]
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
    """Why a relation may be no effect: doses followed trouble, or went with earlier years."""
    t, lines = w.words(lang, "attribution")["doubt"], []
    if a.follows is not None and a.follows[1] < FOLLOWS:
        lines.append(t["follows"].format(r=w.ratio(a.follows[0], lang)))
    earlier = a.placebo[a.placebo["outcome"] == "petitions"]
    if len(earlier) and earlier["p_value"].min() * len(earlier) < BEFORE:
        lines.append(
            t["earlier"].format(year=int(earlier.loc[earlier["p_value"].idxmin(), "year"]))
        )
    return lines or [t["none"]]


def kind_sentences(a: Attribution, lang: str) -> list[str]:
    """By type of village: effect, or description where a type has few villages."""
    t, lines = w.words(lang, "attribution")["kinds"], []
    for row in a.kinds[a.kinds["kind"] == "village_type"].itertuples() if len(a.kinds) else ():
        about = {"kind": w.capital(name("village_type", row.key, lang), lang), "n": row.villages}
        if w.missing(row.estimate):
            lines.append(
                t["few"].format(
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
        verdict = t["matched"][
            "better" if m["ci_high"] < 0 else "worse" if m["ci_low"] > 0 else "same"
        ]
        lines.append(
            t["matched"]["known"].format(
                share=w.share(m["share"], lang), verdict=verdict, **_ends(m["difference"], m, lang)
            )
        )
    if a.timing is not None:
        m = a.timing
        if m["ci_high"] - m["ci_low"] > WIDE:
            return [*lines, t["timing"]["wide"]]
        verdict = t["timing"]["fell" if m["ci_high"] < 0 else "rose" if m["ci_low"] > 0 else "same"]
        before = t["timing"]["before_seen" if m["before_p_value"] < SEEN else "before_none"]
        lines.append(
            t["timing"]["known"].format(
                verdict=verdict, before=before, **_ends(m["effect"], m, lang)
            )
        )
    return lines


def _overall(rows: pd.DataFrame, noun: str, lang: str) -> str:
    row = next(rows[rows["level"] == "overall"].itertuples())
    form = "none" if row.p_adjusted >= SEEN else "fell" if row.estimate < 0 else "rose"
    return _sentence(w.words(lang, "attribution")["overall"][form], row, noun, lang)


def _groups(rows: pd.DataFrame, noun: str, lang: str) -> str:
    t, groups = (
        w.words(lang, "attribution")["group"],
        rows[(rows["level"] == "group") & rows["estimate"].notna()],
    )
    seen = groups[groups["p_adjusted"] < SEEN]
    if seen.empty:
        return t["none"].format(outcome=noun, mde=_detectable(groups, lang))
    items = [
        t["item"].format(group=name("measure_group", r.group, lang), **_range(r, lang))
        for r in seen.itertuples()
    ]
    return t["seen"].format(outcome=noun, list=w.join(items, lang))


def _measures(rows: pd.DataFrame, noun: str, lang: str) -> str:
    t, single = (
        w.words(lang, "attribution")["measure"],
        rows[(rows["level"] == "measure") & rows["estimate"].notna()],
    )
    seen = single[single["p_adjusted"] < SEEN]
    if seen.empty:
        return t["none"].format(
            n=len(single), all=len(MEASURES), outcome=noun, mde=_detectable(single, lang)
        )
    items = [
        t["item"].format(measure=name("measure", r.measure, lang), **_range(r, lang))
        for r in seen.itertuples()
    ]
    return t["seen"].format(outcome=noun, list=w.join(items, lang))


def _detectable(rows: pd.DataFrame, lang: str) -> str:
    """What would be seen, in the middle of the rows; “—” without any."""
    return (
        w.detectable(
            rows["minimum_detectable"].median(), rows["outcome"].iloc[0] == "petitions", lang
        )
        if len(rows)
        else "—"
    )


def _sentence(template: str, row, noun: str, lang: str) -> str:
    return template.format(
        outcome=noun,
        mde=w.detectable(row.minimum_detectable, row.outcome == "petitions", lang),
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
