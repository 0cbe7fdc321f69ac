"""What speaks against an answer, as tables: checks, other choices, designs that disagree."""

from __future__ import annotations

from village_eval.expectation.outcomes import main_findings
from village_eval.findings import prior_scales as priors
from village_eval.findings import specification
from village_eval.report import disagreement
from village_eval.report.amounts import signed
from village_eval.report.check_words import check_name, check_sentence, could_see_words
from village_eval.report.options import option_name
from village_eval.report.sentences import (
    finding_name,
)
from village_eval.report.table import Table
from village_eval.report.tables.made import (
    made,
)
from village_eval.words import names
from village_eval.words import wording as w
from village_eval.words.catalogue import DEFAULT

VERDICTS = ("fail", "weak", "pass", "not_applicable")
NOT_PASSED = ("fail", "weak")


def _called(evaluation, lang: str) -> dict[str, str]:
    return {f.id: finding_name(f, lang) for f in evaluation.findings}


def checks(evaluation, lang: str = DEFAULT, main: bool = False) -> Table:
    """Every check: its finding, its verdict, what it found, could have seen; the worst first.

    ``main``: of the main findings, and what others did not pass.
    """
    rows: list[tuple] = []
    called = _called(evaluation, lang)
    first = main_findings(called)
    for c in sorted(evaluation.checks, key=lambda c: VERDICTS.index(c.verdict)):
        if main and c.finding not in first and c.verdict not in NOT_PASSED:
            continue
        verdict = names.verdict(c.verdict, lang)
        rows.append(
            (
                check_name(c, lang),
                called[c.finding],
                verdict,
                check_sentence(c, lang),
                None if c.verdict == "not_applicable" else could_see_words(c, lang),
                c.value("p_value"),
            )
        )
    return made("checks", rows, lang, p="p")


def not_passed(evaluation, lang: str = DEFAULT) -> Table | None:
    """Checks that are weak or failed, the worst and the main findings first; None without any."""
    called = _called(evaluation, lang)
    first = main_findings(called)
    order = {ident: k for k, ident in enumerate(called)}
    bad = [c for c in evaluation.checks if c.verdict in NOT_PASSED]
    bad.sort(key=lambda c: (VERDICTS.index(c.verdict), c.finding not in first, order[c.finding]))
    rows = [
        (
            check_name(c, lang),
            called[c.finding],
            names.verdict(c.verdict, lang),
            check_sentence(c, lang),
        )
        for c in bad
    ]
    return made("not_passed", rows, lang) if rows else None


def specifications(evaluation, lang: str = DEFAULT) -> Table | None:
    """What each choice of the specification curve does.

    How many specifications take it, and their answers.
    """
    if evaluation.specifications.empty:
        return None
    choices, rows = w.words(lang, "figures")["specification_choice"], []
    for r in specification.by_choice(evaluation.specifications).itertuples():
        answers = (signed(v, "log_ratio", lang) for v in (r.median, r.lowest, r.highest))
        rows.append((choices[r.choice], option_name(r.choice, r.option, lang), r.n, *answers))
    return made("specifications", rows, lang, n="count")


def prior_scales(
    evaluation, lang: str = DEFAULT, ident: str = "petitions.first_year"
) -> Table | None:
    """The headline's range under other assumptions of how much years differ."""
    finding = evaluation.find(ident)
    if finding is None or (table := priors.prior_scales(finding.estimate)).empty:
        return None
    t, scale, rows = w.words(lang, "tables")["prior_scales"], finding.estimate.scale, []
    for r in table.itertuples():
        label = w.percent(100 * r.scale, lang) + (t["used"] if r.used else "")
        ends = (signed(end, scale, lang) for end in (r.ci_low, r.ci_high))
        rows.append((label, *ends, r.p_value))
    return made("prior_scales", rows, lang, p="p")


def disagreements(evaluation, lang: str = DEFAULT) -> Table | None:
    """Every two designs that differ by more than the headline's own error, and why."""
    finding = next((f for f in evaluation.findings if f.id == "petitions.first_year"), None)
    if finding is None or finding.estimate.value is None:
        return None
    rows = [
        tuple(e.values()) for e in disagreement.explained(finding, evaluation.sensitivity, lang)
    ]
    return made("disagreements", rows, lang) if rows else None
