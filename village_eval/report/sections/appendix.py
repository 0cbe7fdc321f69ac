"""The appendix: method in plain words, data, glossary, how to reproduce. Four pages at most."""

from __future__ import annotations

import platform

from village_eval import __version__
from village_eval.expectation.results import Finding
from village_eval.findings.evaluation import Evaluation
from village_eval.report import tables
from village_eval.report.delivery import full_ledger
from village_eval.report.fragment import Fragment, Shown, box, bullets, heading, paragraph, piece
from village_eval.report.page_one import find
from village_eval.report.sentences import excludes_zero
from village_eval.words import wording as w


def appendix_method(evaluation: Evaluation, lang: str) -> Fragment:
    """The method in plain words, step by step, and its sources."""
    t = w.words(lang, "report")
    found = evaluation.listing["found"] if evaluation.listing else None
    headline, panel = find(evaluation, "petitions.first_year"), evaluation.panel
    townships = len(set(panel.township[panel.listed]))
    about = {
        "found": w.NONE if found is None else w.share(found, lang),
        "quiet": headline.quiet_years if headline else 0,
        "later": _later(evaluation, lang),
        "townships": townships,
        "df": max(townships - 1, 0),
    }
    steps = [t["method"][f"p{i}"].format(**about) for i in range(1, 6)]
    if headline and excludes_zero(headline) and (breakdown := _breakdown(headline)):
        steps.append(t["method"]["breakdown"].format(breakdown=w.ratio(breakdown, lang)))
    return box(
        "part",
        heading(2, t["section"]["appendix"], "appendix"),
        heading(3, t["sub"]["method"], "method"),
        bullets(steps),
        paragraph(t["method"]["refs"]),
        *_other_designs(evaluation, lang),
    )


def _other_designs(evaluation: Evaluation, lang: str) -> list[Shown | None]:
    """Other designs' answers, in a sentence and a table."""
    t, shown = w.words(lang, "report")["method"], tables.other_designs(evaluation, lang)
    if shown is None:
        return []
    change = shown.frame.iloc[:, 1]
    said = t["other_designs"].format(lowest=change.iloc[0], highest=change.iloc[-1])
    return [paragraph(said), shown]


def _later(evaluation: Evaluation, lang: str) -> str:
    """How many comparison years the later windows have; empty where they are not observed."""
    after, second = (find(evaluation, f"petitions.{k}") for k in ("after", "after_13_24"))
    if after is None or second is None or None in (after.estimate.value, second.estimate.value):
        return ""
    form = w.words(lang, "report")["method"]["p4_later"]
    return str(form.format(after=after.quiet_years, second=second.quiet_years))


def _breakdown(headline: Finding) -> float | None:
    """What the headline would withstand, as a multiple of a quiet year's largest deviation."""
    for check in headline.checks:
        value = check.value("breakdown") if check.name == "quiet_year_stability" else None
        if value is not None:
            return float(value)
    return None


def appendix_data(evaluation: Evaluation, lang: str) -> Fragment:
    """What was delivered, and in one sentence what was done to it."""
    t = w.words(lang, "report")
    return box(
        "part",
        heading(3, t["sub"]["data"], "data"),
        paragraph(w.sentences([t["data"]["intro"], _handled(evaluation, lang)], lang)),
        tables.data_overview(evaluation, lang),
    )


def _handled(evaluation: Evaluation, lang: str) -> str:
    """The ledger in one sentence: how many lines of each step."""
    t, steps = w.words(lang, "report")["data"], w.words(lang, "tables")["step"]
    lines = full_ledger(evaluation, lang)
    if lines.empty:
        return ""
    each = [
        t["step"].format(step=steps.get(step, step), n=w.count(n, lang))
        for step, n in lines["step"].value_counts(sort=False).items()
    ]
    return t["handled"].format(n=w.count(len(lines), lang), steps=w.join(each, lang))


def glossary(evaluation: Evaluation, lang: str) -> Fragment:
    """The words of the report, explained."""
    t = w.words(lang, "report")
    terms = [(entry["term"], entry["text"]) for entry in t["glossary"].values()]
    return box("part", heading(3, t["sub"]["glossary"], "glossary"), piece("terms", pairs=terms))


def appendix_reproduce(evaluation: Evaluation, lang: str) -> Fragment:
    """The command, the versions, where the hashes of the inputs are."""
    t, folder, given = w.words(lang, "report"), evaluation.county.folder, evaluation.options
    said, day = t["reproduce"], given.get("as_of")
    command = said["command"].format(
        folder=folder.name if folder else evaluation.campaign.county,
        lang=lang,
        draws=given["draws"],
        seed=given["seed"],
        as_of=f" --as-of {day}" if day else "",
    )
    versions = said["p2"].format(version=__version__, python=platform.python_version())
    return box(
        "part",
        heading(3, t["sub"]["reproduce"], "reproduce"),
        paragraph(said["p1"]),
        paragraph(command, "command"),
        paragraph(versions),
    )
