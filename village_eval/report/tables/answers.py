"""The answers as tables: findings, other outcomes, quiet years, windows, other designs."""

from __future__ import annotations

from collections.abc import Iterable

from village_eval.designs import Discontinuity
from village_eval.expectation.outcomes import PETITIONS
from village_eval.expectation.results import Estimate
from village_eval.findings.may_say import effect
from village_eval.report import disagreement
from village_eval.report.amounts import p_text, signed
from village_eval.report.sentences import (
    design_label,
    excluded,
    interval,
    noun,
    reason,
    topic,
    window_words,
)
from village_eval.report.table import Table
from village_eval.report.tables.made import (
    amount_text,
    detectable,
    made,
)
from village_eval.words import wording as w
from village_eval.words.catalogue import DEFAULT


def findings(evaluation, lang: str = DEFAULT) -> Table:
    """Every finding: change, range, absolute, what would have been seen, grade."""
    rows = []
    for f in evaluation.findings:
        e = f.estimate
        known = e.value is not None
        amount = None if not known or w.missing(e.absolute) else e.absolute
        rows.append(
            (
                noun(f, lang),
                window_words(f, lang),
                signed(e.value, e.scale, lang) if known else reason(f, lang),
                interval(f, lang) if known else None,
                amount_text(amount, f.question.outcome.unit, lang),
                detectable(f, lang),
                f.p_adjusted,
                w.words(lang)["grade"][f.grade],
            )
        )
    return made("findings", rows, lang, p="p")


def other_outcomes(evaluation, lang: str = DEFAULT) -> Table | None:
    """The outcomes beside petitions and income.

    Which way is better, change, range, what would have been seen, grade.
    """
    t, rows = w.words(lang, "tables"), []
    for f in evaluation.findings:
        e = f.estimate
        if topic(f) != "other":
            continue
        better = t["better"]["more" if e.question.outcome.favourable > 0 else "fewer"]
        known = e.value is not None
        told = signed(e.value, e.scale, lang) if known else reason(f, lang)
        told_range = interval(f, lang) if known else None
        grade = w.words(lang)["grade"][f.grade]
        rows.append(
            (
                noun(f, lang),
                window_words(f, lang),
                better,
                told,
                told_range,
                detectable(f, lang),
                f.p_adjusted,
                grade,
            )
        )
    return made("other_outcomes", rows, lang, p="p") if rows else None


def others_in_brief(evaluation, lang: str = DEFAULT) -> Table | None:
    """The same for the report: all that could be assessed, welcome or not, and what may be said."""
    t, rows = w.words(lang, "tables")["others_in_brief"], []
    for f in evaluation.findings:
        if topic(f) == "other" and f.estimate.value is not None:
            told = t["said"][effect(f).removesuffix("_weak")].format(excluded=excluded(f, lang))
            change = t["change"].format(
                change=signed(f.estimate.value, f.estimate.scale, lang), range=interval(f, lang)
            )
            rows.append((noun(f, lang), window_words(f, lang), change, detectable(f, lang), told))
    return made("others_in_brief", rows, lang) if rows else None


def quiet_years(
    evaluation, lang: str = DEFAULT, ident: str = "petitions.first_year"
) -> Table | None:
    """Each quiet year's change of villages like the listed, by themselves."""
    quiet = next((f.estimate.quiet for f in evaluation.findings if f.id == ident), None)
    if quiet is None or quiet.empty:
        return None
    unusual = quiet["unusual"] if "unusual" in quiet else [False] * len(quiet)
    yes = w.words(lang, "tables")["yes"]
    rows = [
        (
            str(y),
            *(None if w.missing(float(v)) else signed(v, "log_ratio", lang) for v in (m, lo, hi)),
            yes if u else "",
        )
        for y, m, lo, hi, u in zip(
            quiet["year"],
            quiet["estimate"],
            quiet["ci_low"],
            quiet["ci_high"],
            unusual,
            strict=True,
        )
    ]
    return made("quiet_years", rows, lang)


def persistence(evaluation, lang: str = DEFAULT) -> Table:
    """Windows during and after the campaign: change and range, or when they can be known."""
    t, names, rows = w.words(lang, "tables")["persistence"], w.words(lang)["window"], []
    by_window = {
        f.question.window: f for f in evaluation.findings if f.question.outcome == PETITIONS
    }
    for row in evaluation.persistence.windows.itertuples():
        f = by_window.get(row.window)
        change = reach = None
        if f is not None and f.estimate.value is None:
            change = reason(f, lang)
        elif f is not None:
            change = signed(f.estimate.answer, f.estimate.scale, lang)
            reach = interval(f, lang)
        known = t["known"] if row.known else t["needs"].format(month=w.month(row.needs, lang))
        rows.append((names[row.window], change, reach, known))
    return made("persistence", rows, lang)


def designs(evaluation, lang: str = DEFAULT, ident: str = "petitions.first_year") -> Table:
    """The headline and other designs for one finding: change and range in per cent."""
    headline = [f.estimate for f in evaluation.findings if f.id == ident]
    rows = []
    for e in headline + [o for o in evaluation.sensitivity if o.id == ident]:
        if not w.missing(e.value):
            low, high = (
                None if w.missing(v) else signed(v, e.scale, lang) for v in (e.ci_low, e.ci_high)
            )
            rows.append(
                (
                    design_label(e, lang) + _density(e, evaluation.discontinuities, lang),
                    signed(e.value, e.scale, lang),
                    low,
                    high,
                    e.n_treated,
                )
            )
    return made("designs", rows, lang, n="count")


def other_designs(
    evaluation, lang: str = DEFAULT, ident: str = "petitions.first_year"
) -> Table | None:
    """The headline beside other designs, from the lowest answer to the highest.

    Change, range, and to which side each is known to err; None without another design.
    """
    finding = evaluation.find(ident)
    if finding is None or finding.estimate.value is None:
        return None
    t, headline, rows = w.words(lang, "tables")["other_designs"], finding.estimate, []
    for e in disagreement.designs(finding, evaluation.sensitivity):
        low, high = (None if w.missing(v) else signed(v, e.scale, lang) for v in e.ends)
        reach = w.words(lang)["range"]["both"].format(low=low, high=high) if low and high else None
        errs = "used" if e is headline else disagreement.errs(e, headline)
        name = disagreement.design_name(e, lang)
        rows.append((name, signed(e.answer, e.scale, lang), reach, t["errs"][errs]))
    return made("other_designs", rows, lang) if len(rows) > 1 else None


def _density(e: Estimate, found: Iterable[Discontinuity], lang: str) -> str:
    """What tells whether to believe a design at the cut-off.

    Whether villages bunch on one side of it, and how many there are.
    """
    of_it = next((d for d in found if d.estimate is e), None)
    if of_it is None or of_it.density_p_value is None:
        return ""
    return w.words(lang, "tables")["designs"]["density"].format(
        p=p_text(of_it.density_p_value, lang), above=of_it.n_above, below=of_it.n_below
    )
