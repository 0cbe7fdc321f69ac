"""The specification curve in words: the spread of answers to one question, and other questions."""

from __future__ import annotations

import pandas as pd

from village_eval.findings import specification
from village_eval.report.amounts import signed
from village_eval.report.options import option_name
from village_eval.words import wording as w


def curve_sentences(curve: pd.DataFrame, lang: str) -> list[str]:
    """How the headline stands among every reasonable choice; empty without a curve."""
    found, t = specification.summary(curve), w.words(lang, "report")["robustness"]
    if found is None:
        return []
    answers = {k: _signed(v, lang) for k, v in found.answers.items()}
    own = curve[curve["headline"]].iloc[0]
    answers |= {k: _signed(own[k], lang) for k in ("ci_low", "ci_high")}
    said = [t["curve"].format(**answers, n=w.count(found.n, lang))]
    by = specification.by_choice(curve)
    return said + _moves(by, lang) + _others(by, curve, lang)


def _moves(by: pd.DataFrame, lang: str) -> list[str]:
    """Which choice moves the answer most, by the medians of its options."""
    by = by[~by["choice"].isin(specification.ESTIMAND)]
    span = by.groupby("choice", sort=False)["median"].agg(lambda m: m.max() - m.min())
    if not len(span) or span.max() <= 0:
        return []
    most = by[by["choice"] == span.idxmax()].sort_values("median")
    first, last = most.iloc[0], most.iloc[-1]
    return [
        w.words(lang, "report")["robustness"]["moves"].format(
            choice=w.words(lang, "figures")["specification_choice"][first["choice"]],
            low_option=option_name(first["choice"], first["option"], lang),
            high_option=option_name(last["choice"], last["option"], lang),
            low=_signed(first["median"], lang),
            high=_signed(last["median"], lang),
        )
    ]


def _others(by: pd.DataFrame, curve: pd.DataFrame, lang: str) -> list[str]:
    """Other windows and other things counted, each with the spread of its own answers."""
    t, own = w.words(lang, "report")["robustness"], curve[curve["headline"]].iloc[0]
    items = [
        t["other_item"].format(
            option=option_name(r.choice, r.option, lang),
            **{k: _signed(getattr(r, k), lang) for k in ("median", "lowest", "highest")},
        )
        for r in by[by["choice"].isin(specification.ESTIMAND)].itertuples()
        if r.option != own[r.choice]
    ]
    return [t["other"].format(list=w.join(items, lang))] if items else []


def _signed(value: float, lang: str) -> str:
    return signed(value, "log_ratio", lang)
