"""The report's sections, one function each, from an evaluation and a language to a Fragment.

Words and pictures only.
"""

from __future__ import annotations

import platform
from collections.abc import Callable

import pandas as pd

from village_eval import __version__
from village_eval.county import frames
from village_eval.county.audience import names_villages, shows_everything
from village_eval.expectation.results import Check, Finding
from village_eval.findings.evaluation import Evaluation
from village_eval.report import delivery, disagreement, gallery, tables
from village_eval.report import measures as measure_words
from village_eval.report.amounts import size
from village_eval.report.check_words import check_name, check_sentence
from village_eval.report.cost_words import bought_sentence, cost_sentences
from village_eval.report.curve_words import curve_sentences
from village_eval.report.fragment import (
    Fragment,
    Shown,
    box,
    bullets,
    heading,
    join,
    paragraph,
    piece,
)
from village_eval.report.lasting import mechanism_sentences, verdict_sentence
from village_eval.report.page_one import (
    Point,
    find,
    next_steps,
    not_improved,
    points,
    second_year_needs,
    stand,
    years_words,
)
from village_eval.report.plan_words import one_detectable, promise_sentence
from village_eval.report.sentences import (
    cap_sentences,
    excludes_zero,
    noun,
    reason,
    sentence,
    topic,
    window_words,
)
from village_eval.report.table import Table
from village_eval.words import wording as w

STEPS_ON_PAGE_ONE = 4
CHECKED = ("petitions.first_year", "earned_income.first_year", "total_income.first_year")
"""Findings whose checks are all shown; of the others, only those that are weak or failed."""
SHOWN_PETITIONS = ("petitions.first_year", "petitions.during", "petitions.after")
SHOWN_INCOME = (
    "earned_income.first_year",
    "earned_income.first_year.typical",
    "earned_income.first_year.share_earning",
    "total_income.first_year",
)
"""Findings that the text speaks of; the others are in the table of all findings."""


def title(evaluation: Evaluation, lang: str) -> str:
    """The report's title."""
    campaign, t = evaluation.campaign, w.words(lang, "report")
    return t["title" if campaign.days == 100 else "title_days"].format(
        county=campaign.county, days=campaign.days
    )


def page_one(evaluation: Evaluation, lang: str) -> Fragment:
    """Title, meta line, numbered sentences, the picture, what to do next: one sheet of A4."""
    t, campaign, listed = w.words(lang, "report"), evaluation.campaign, evaluation.panel.listed
    meta = t["meta"].format(
        start=w.date(campaign.start, lang),
        end=_end(campaign, lang),
        listed=w.count(listed.sum(), lang),
        others=w.count((~listed).sum(), lang),
        observed=w.month(evaluation.panel.months[-1], lang),
    )
    numbered = [_point(p, lang) for p in points(evaluation, lang)]
    return box(
        "page-one",
        paragraph(t["synthetic"], "synthetic") if campaign.synthetic else None,
        heading(1, title(evaluation, lang)),
        paragraph(meta, "meta"),
        piece("answers", points=numbered),
        gallery.progress(evaluation, lang)
        if evaluation.running
        else gallery.quiet_years(evaluation, lang),
        heading(2, t["next_heading"], "next"),
        bullets(next_steps(evaluation, lang)[:STEPS_ON_PAGE_ONE], "next", ordered=True),
        paragraph(t["filed"]["line"], "filed"),
    )


def contents(evaluation: Evaluation, lang: str) -> Fragment:
    """Links to the sections and appendices."""
    t = w.words(lang, "report")
    parts = [(k, v) for k, v in t["section"].items() if k != "appendix"]
    parts += [(k, t["sub"][k]) for k in ("method", "data", "tables", "reproduce", "glossary")]
    return piece("contents", label=t["sub"]["contents"], links=parts)


def glossary(evaluation: Evaluation, lang: str) -> Fragment:
    """The words of the report, explained."""
    t = w.words(lang, "report")
    terms = [(entry["term"], entry["text"]) for entry in t["glossary"].values()]
    return box("part", heading(3, t["sub"]["glossary"], "glossary"), piece("terms", pairs=terms))


def basics(evaluation: Evaluation, lang: str) -> Fragment:
    """The county, its list, how the listed stood, what the register covers."""
    t, campaign, panel = w.words(lang, "report"), evaluation.campaign, evaluation.panel
    first, last = campaign.listing_window
    intro = t["basics"]["intro"].format(
        county=campaign.county,
        villages=w.count(len(panel.villages), lang),
        townships=panel.villages["township_code"].nunique(),
        first=w.month(first, lang),
        last=w.month(last, lang),
        listed=w.count(panel.listed.sum(), lang),
        share=w.share(panel.listed.mean(), lang),
        start=w.date(campaign.start, lang),
        days=campaign.days,
    )
    covered = t["basics"]["covered"].format(
        first=w.month(panel.months[0], lang),
        last=w.month(panel.months[-1], lang),
        petitions=w.count(panel.petitions.sum(), lang),
        listed_petitions=w.count(panel.petitions[panel.listed].sum(), lang),
    )
    types = tables.types(evaluation, lang)
    known = types if len(types.frame) else paragraph(t["basics"]["no_types"])
    pictures = gallery.causes(evaluation, lang), gallery.ranking(evaluation, lang)
    return _section("basics", lang, paragraph(intro), paragraph(covered), known, *pictures)


def actions(evaluation: Evaluation, lang: str) -> Fragment:
    """What was done, by measure, department and township, and the money."""
    t, measures = w.words(lang, "report")["actions"], evaluation.county.measures
    state = stand(evaluation)
    if measures is None or state is None:
        return _section("actions", lang, paragraph(t["none"]))
    intro = t["intro"].format(
        measures=w.count(len(measures), lang),
        villages=w.count(measures["village_code"].nunique(), lang),
        funds=w.money(measures["funds"].sum(), lang),
        completed=w.share(measures["completed"].mean(), lang),
    )
    by_department, townships = (
        tables.departments(evaluation, lang),
        tables.township_actions(evaluation, lang),
    )
    return _section(
        "actions",
        lang,
        paragraph(intro),
        tables.measures(evaluation, lang),
        by_department and paragraph(t["doing"]),
        by_department,
        paragraph(_stand(evaluation, measures, state, lang)),
        tables.delivery(evaluation, lang),
        None
        if evaluation.running
        else gallery.progress(evaluation, lang),  # while it runs, page one shows it
        townships and paragraph(t["townships"]),
        townships,
        *_cost(evaluation, lang),
    )


def _stand(evaluation: Evaluation, measures: pd.DataFrame, state: dict[str, int], lang: str) -> str:
    """How the measures stand on the day that is looked at."""
    t = w.words(lang, "report")["actions"]
    counts = {k: w.count(v, lang) for k, v in state.items() if k != "funds"}
    said = t["stand"].format(
        day=w.date(evaluation.day, lang), funds=w.money(state["funds"], lang), **counts
    )
    ends = measures.get("planned_end")
    undated = ends is None or ends.isna().all()
    return w.sentences([said, t["undated"] if undated else ""], lang)


def _cost(evaluation: Evaluation, lang: str) -> list:
    """What came out per yuan; nothing while no effect can be estimated yet."""
    if all(c.reason == "window_not_observed" for c in evaluation.costs):
        return []
    return [
        bullets(cost_sentences(evaluation.costs, lang)),
        paragraph(w.words(lang, "report")["cost"]["note"])
        if any(c.verdict == "known" for c in evaluation.costs)
        else None,
        paragraph(said) if (said := bought_sentence(evaluation.county.measures, lang)) else None,
    ]


def effects(evaluation: Evaluation, lang: str) -> Fragment:
    """Why before-after misleads, petitions, income, and the checks."""
    t = w.words(lang, "report")
    sub = t["sub"]
    petitions, income = (
        [f for i in ids if (f := find(evaluation, i))] for ids in (SHOWN_PETITIONS, SHOWN_INCOME)
    )
    has_income = evaluation.county.income is not None
    return _section(
        "effects",
        lang,
        heading(3, sub["why"], "why"),
        regression_to_the_mean(evaluation, lang),
        tables.quiet_years(evaluation, lang),
        heading(3, sub["petitions"], "petitions"),
        bullets([sentence(f, lang) for f in petitions], "findings"),
        gallery.event_study(evaluation, lang),
        gallery.sensitivity(evaluation, lang),
        heading(3, sub["income"], "income"),
        paragraph(t["effects"]["income_intro" if has_income else "no_income"]),
        bullets([sentence(f, lang) for f in income], "findings") if has_income else None,
        gallery.income_sources(evaluation, lang) if has_income else None,
        heading(3, sub["checks"], "checks"),
        tables.checks(evaluation, lang, of=CHECKED),
        *other_outcomes(evaluation, lang),
    )


def other_outcomes(evaluation: Evaluation, lang: str) -> list[Fragment | Table]:
    """Heading, what these findings are, sentences on those that moved, and the table.

    Nothing when the county has none.
    """
    t, table = w.words(lang, "report"), tables.other_outcomes(evaluation, lang)
    if table is None:
        return []
    moved = [
        f for f in evaluation.findings if topic(f) == "other" and f.conclusion in ("fell", "rose")
    ]
    told = bullets([sentence(f, lang) for f in moved], "findings") or paragraph(t["others"]["none"])
    return [heading(3, t["sub"]["others"], "others"), paragraph(t["others"]["intro"]), told, table]


def robustness(evaluation: Evaluation, lang: str) -> Fragment:
    """The specification curve, and why other designs say something else.

    In words and as a picture.
    """
    return join(specifications(evaluation, lang), disagreements(evaluation, lang))


def specifications(evaluation: Evaluation, lang: str) -> Fragment:
    """How the headline stands among every reasonable choice: in words, then the picture."""
    t = w.words(lang, "report")["robustness"]
    if not (said := curve_sentences(evaluation.specifications, lang)):
        return paragraph(t["no_curve"])
    picture = gallery.specification_curve(evaluation, lang)
    return join(paragraph(w.sentences(said, lang)), picture)


def disagreements(evaluation: Evaluation, lang: str) -> Fragment:
    """Why other designs answer differently.

    The map, and a sentence on each that is further away than the headline's own error.
    """
    finding, t = find(evaluation, "petitions.first_year"), w.words(lang)["disagreement"]
    if finding is None or finding.estimate.value is None:
        return paragraph(w.words(lang, "report")["robustness"]["no_curve"])
    told = disagreement.sentences(finding, evaluation.sensitivity, lang)
    return join(
        gallery.disagreement(evaluation, lang), bullets(told, "findings") or paragraph(t["none"])
    )


def check(
    evaluation: Evaluation, name: str, lang: str, ident: str = "petitions.first_year"
) -> Fragment:
    """One check of a finding: its verdict in words, what it found, its picture."""
    finding, t = find(evaluation, ident), w.words(lang)
    asked = next((c for c in finding.checks if c.name == name), None) if finding else None
    if finding is None or asked is None:
        return paragraph(w.words(lang, "checks")["any"]["not_applicable"])
    about = {
        "window": window_words(finding, lang),
        "noun": noun(finding, lang),
        "verdict": t["verdict"][asked.verdict],
    }
    verdict = w.words(lang, "report")["robustness"]["verdict"].format(
        **about, what=check_sentence(asked, lang)
    )
    return join(paragraph(verdict), gallery.check(evaluation, ident, name, lang))


def warnings(evaluation: Evaluation, lang: str) -> Fragment:
    """What the people who delivered the data should check."""
    listed = bullets(delivery.warnings(evaluation, lang))
    return listed or paragraph(w.words(lang, "report")["data"]["no_warnings"])


def regression_to_the_mean(evaluation: Evaluation, lang: str) -> Fragment:
    """Plain words on why the worst look better next year anyway.

    With this county's own quiet years.
    """
    t, finding = w.words(lang, "report")["why"], find(evaluation, "petitions.first_year")
    before, listed = (
        frames.listing_year_petitions(evaluation.panel, evaluation.campaign),
        evaluation.panel.listed,
    )
    first, last = evaluation.campaign.listing_window
    means = {"listed_mean": w.number(before[listed].mean() if listed.any() else 0, lang, 1)}
    others_mean = before[~listed].mean() if (~listed).any() else 0
    means["others_mean"] = w.number(others_mean, lang, 1)
    parts = [
        paragraph(t["p1"].format(first=w.month(first, lang), last=w.month(last, lang), **means))
    ]
    amounts = finding.estimate.amounts if finding else None
    claimed, quiet = (amounts.before_after, amounts.before_after_quiet) if amounts else (None, None)
    years = years_words(finding, lang) if finding else ""
    if not years or w.missing(claimed) or w.missing(quiet):
        return join(*parts, paragraph(t["none"]))
    moved = {
        k: t["fell" if v < 0 else "rose"].format(size=size(v, "log_ratio", lang))
        for k, v in (("q", quiet), ("b", claimed))
    }
    parts.append(paragraph(t["p2"].format(years=years, quiet=moved["q"], before_after=moved["b"])))
    if amounts:
        sums = {
            k: w.count(v, lang)
            for k, v in (("actual", amounts.actual), ("expected", amounts.expected))
        }
        parts.append(paragraph(t["p3"].format(**sums)))
    return join(*parts)


def measures(evaluation: Evaluation, lang: str) -> Fragment:
    """Which measures the changes went with, for which villages and when.

    What one county can say.
    """
    t, a = w.words(lang, "attribution")["text"], evaluation.attribution
    if a.rows.empty:
        keys = {"no_measures": "no_measures", "too_few_listed": "too_few"}
        key = keys.get(a.reason or "", "none_yet")
        return _section(
            "measures",
            lang,
            paragraph(t[key].format(n=w.count(evaluation.panel.listed.sum(), lang))),
        )
    outcomes = w.join(
        [w.words(lang, "attribution")["outcome"][o] for o in a.rows["outcome"].unique()], lang
    )
    sub = w.words(lang, "report")["sub"]
    return _section(
        "measures",
        lang,
        paragraph(t["intro"].format(outcomes=outcomes)),
        bullets(measure_words.sentences(a, lang)),
        paragraph(t["pooling"]),
        gallery.measure_effects(evaluation, lang),
        gallery.together(evaluation, lang) if a.bundles else None,
        heading(3, sub["kinds"], "kinds"),
        bullets(measure_words.kind_sentences(a, lang) + measure_words.more_sentences(a, lang)),
    )


def villages(evaluation: Evaluation, lang: str) -> Fragment:
    """How many villages turned around, beside a plain comparison and quiet years.

    The list is in the appendix.
    """
    t, many = w.words(lang, "report")["villages_section"], evaluation.turnaround
    if many is None or evaluation.villages.empty:
        return _section("villages", lang, paragraph(t["none"]))
    counts = {
        "listed": many.listed,
        "improved": w.count(many.improved, lang),
        "low": many.low,
        "high": many.high,
        "sure": many.sure,
    }
    said = [t["count"].format(**counts)]
    if many.before_after is not None:
        said.append(t["announced"].format(announced=many.before_after))
    quiet = many.quiet["improved"]
    if len(quiet):
        ends = {
            "quiet": quiet.mean(),
            "least": quiet.min(),
            "most": quiet.max(),
            "quiet_sure": many.quiet["sure"].mean(),
        }
        said.append(t["quiet"].format(**{k: w.count(v, lang) for k, v in ends.items()}))
    else:
        said.append(t["no_quiet"])
    if n := not_improved(evaluation):
        said.append(
            t["revisit" if names_villages(evaluation.audience) else "revisit_public"].format(n=n)
        )
    picture = gallery.turnaround(evaluation, lang)
    return _section("villages", lang, bullets(said), paragraph(t["caution"]), picture)


def lasting(evaluation: Evaluation, lang: str) -> Fragment:
    """What is known about the time after the campaign, and when the rest can be."""
    t, after = w.words(lang, "report")["lasting_section"], find(evaluation, "petitions.after")
    later, p = find(evaluation, "petitions.after_13_24"), evaluation.persistence
    known: list[Shown | None] = [
        paragraph(sentence(f, lang)) for f in (after, later) if f and f.estimate.value is not None
    ]
    if after is not None and after.estimate.value is None:
        known.append(paragraph(t["cannot"].format(reason=reason(after, lang))))
    known += [
        paragraph(verdict_sentence(p, lang)),
        tables.persistence(evaluation, lang),
        gallery.persistence(evaluation, lang),
    ]
    if later is None or later.estimate.reason == "window_not_observed":
        known.append(
            paragraph(t["second"].format(month=second_year_needs(evaluation.campaign, lang)))
        )
    return _section("lasting", lang, paragraph(t["must"]), *known, mechanisms(evaluation, lang))


def mechanisms(evaluation: Evaluation, lang: str) -> Fragment | None:
    """Villages with a long-term mechanism against those without.

    Or that there is no record of any.
    """
    t, said = (
        w.words(lang, "report")["mechanisms"],
        mechanism_sentences(evaluation.persistence, lang),
    )
    if evaluation.county.mechanisms is None:
        return paragraph(t["no_record"])
    return join(paragraph(t["intro"]), bullets(said)) if said else None


def fading(evaluation: Evaluation, lang: str) -> Fragment:
    """Whether the effect fades, in words, and what is said of long-term mechanisms."""
    return join(
        paragraph(verdict_sentence(evaluation.persistence, lang)), mechanisms(evaluation, lang)
    )


def limits(evaluation: Evaluation, lang: str) -> Fragment:
    """What is assumed, which checks failed, what is thin in the data."""
    t, finding = w.words(lang, "report")["limits"], find(evaluation, "petitions.first_year")
    bad = [
        _bad_check(c, evaluation, lang) for c in evaluation.checks if c.verdict in ("weak", "fail")
    ]
    parts: list[Fragment | None] = [paragraph(t["assume"]), paragraph(t["list_effect"])]
    quiet = finding.estimate.quiet if finding else None
    if quiet is not None and "unusual" in quiet and quiet["unusual"].any():
        odd = [str(y) for y in quiet.loc[quiet["unusual"].astype(bool), "year"]]
        parts.append(paragraph(t["unusual"].format(n=len(odd), years=w.join(odd, lang))))
    parts += [bullets(capped)] if (capped := cap_sentences(evaluation.findings, lang)) else []
    if finding and 0 < finding.quiet_years < 3:
        parts.append(paragraph(t["few_quiet"].format(n=finding.quiet_years)))
    if finding and not w.missing(finding.exaggeration) and finding.exaggeration > 1.05:
        parts.append(paragraph(t["exaggeration"].format(times=w.ratio(finding.exaggeration, lang))))
    if bad:
        parts += [paragraph(t["failed"]), bullets(bad)]
    elif evaluation.checks:
        parts.append(paragraph(t["all_pass"]))
    if to_check := delivery.warnings(evaluation, lang):
        parts += [paragraph(t["warnings"]), bullets(to_check)]
    return _section("limits", lang, *parts)


def advice(evaluation: Evaluation, lang: str) -> Fragment:
    """All next steps, and what designs of a next round could detect."""
    intro = w.words(lang, "report")["advice"]["intro"]
    steps = bullets(next_steps(evaluation, lang), ordered=True)
    return _section(
        "advice",
        lang,
        paragraph(intro),
        steps,
        next_round(evaluation, lang),
        gallery.next_round(evaluation, lang),
    )


def next_round(evaluation: Evaluation, lang: str) -> Fragment | None:
    """What a phased roll-out, measures drawn by lot and a repeat could detect in this county."""
    t, rows = w.words(lang, "planning"), evaluation.next_round
    if not any(row["quiet_years"] for row in rows):
        return None
    sentences = bullets([promise_sentence(row, lang) for row in rows])
    same = one_detectable(rows, find(evaluation, "petitions.first_year"), lang)
    how = w.sentences([t["promise"]["how"], same], lang)
    return join(paragraph(t["advice"]["intro"]), sentences, paragraph(how))


def appendix_method(evaluation: Evaluation, lang: str) -> Fragment:
    """The method in plain words, the listing rule, other designs."""
    t = w.words(lang, "report")
    found = evaluation.listing["found"] if evaluation.listing else None
    headline, panel = find(evaluation, "petitions.first_year"), evaluation.panel
    townships = len(set(panel.township[panel.listed]))
    about = {
        "found": "—" if found is None else w.share(found, lang),
        "quiet": headline.quiet_years if headline else 0,
    }
    about |= {"townships": townships, "df": max(townships - 1, 0)}
    steps = [t["method"][f"p{i}"].format(**about) for i in range(1, 6)]
    if headline and excludes_zero(headline) and (breakdown := _breakdown(headline)):
        steps.append(t["method"]["breakdown"].format(breakdown=w.ratio(breakdown, lang)))
    shown = tables.listing_rule(evaluation, lang), gallery.listing_rule(evaluation, lang)
    head = (
        heading(2, t["section"]["appendix"], "appendix"),
        heading(3, t["sub"]["method"], "method"),
    )
    return box(
        "part",
        *head,
        bullets(steps),
        *shown,
        tables.findings(evaluation, lang),
        tables.designs(evaluation, lang),
        heading(4, t["sub"]["robustness"], "robustness"),
        robustness(evaluation, lang),
        paragraph(t["method"]["refs"]),
    )


def _breakdown(headline: Finding) -> float | None:
    """What the headline would withstand, as a multiple of a quiet year's largest deviation."""
    for check in headline.checks:
        value = check.value("breakdown") if check.name == "quiet_year_stability" else None
        if value is not None:
            return float(value)
    return None


def appendix_data(evaluation: Evaluation, lang: str) -> Fragment:
    """What was delivered, and the ledger of what was done to it."""
    t = w.words(lang, "report")
    parts = (
        tables.data_overview(evaluation, lang),
        gallery.coverage(evaluation, lang),
        tables.ledger(evaluation, lang),
    )
    return box("part", heading(3, t["sub"]["data"], "data"), paragraph(t["data"]["intro"]), *parts)


def appendix_tables(evaluation: Evaluation, lang: str) -> Fragment:
    """Townships, the listed villages one by one, the wall chart."""
    parts: list[Shown | None] = [
        tables.townships(evaluation, lang),
        tables.revisit(evaluation, lang),
        tables.villages(evaluation, lang),
        tables.measure_effects(evaluation, lang),
        tables.kinds(evaluation, lang),
        gallery.wall_chart(evaluation, lang),
    ]
    if shows_everything(evaluation.audience):
        more = gallery.county_map, tables.disagreements, tables.specifications
        parts += [make(evaluation, lang) for make in more]
    return box("part", heading(3, w.words(lang, "report")["sub"]["tables"], "tables"), *parts)


def appendix_reproduce(evaluation: Evaluation, lang: str) -> Fragment:
    """The command, the versions, the hashes of the inputs."""
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
    hashes = evaluation.county.inputs
    return box(
        "part",
        heading(3, t["sub"]["reproduce"], "reproduce"),
        paragraph(said["p1"]),
        paragraph(command, "command"),
        paragraph(versions),
        piece("hashes", heads=(said["file"], said["hash"]), rows=hashes.items())
        if hashes
        else None,
    )


def _end(campaign, lang: str) -> str:
    """The last day, its year left out where the language does so when it is the start's."""
    if campaign.end.year != campaign.start.year:
        return w.date(campaign.end, lang)
    return w.date(campaign.end, lang, w.words(lang, "report")["meta_end_same_year"])


def _bad_check(check: Check, evaluation: Evaluation, lang: str) -> str:
    """A weak or failed check: its name, the finding in question, what it found."""
    finding, name = evaluation[check.finding], check_name(check, lang)
    form = w.words(lang, "report")["limits"]["bad"]
    return form.format(
        name=name,
        window=window_words(finding, lang),
        noun=noun(finding, lang),
        what=check_sentence(check, lang),
    )


def _section(key: str, lang: str, *parts) -> Fragment:
    return box("part", heading(2, w.words(lang, "report")["section"][key], key), *parts)


def _point(point: Point, lang: str) -> dict[str, object]:
    """A numbered sentence that leads to its section.

    The confidence, and that a campaign was no success, in bold.
    """
    t = w.words(lang, "report")
    target = t["sub"].get(point.section) or t["section"][point.section]
    return {
        "lead": point.lead,
        "space": w.words(lang, "form")["between_sentences"],
        "runs": point.runs,
        "section": point.section,
        "see": t["see"].format(section=target),
    }


def page(evaluation: Evaluation, lang: str) -> list[Fragment]:
    """The whole report in its order: what notebooks/report.ipynb shows cell by cell."""
    return [section(evaluation, lang) for section in PAGE]


PAGE: tuple[Callable[[Evaluation, str], Fragment], ...] = (
    page_one,
    contents,
    basics,
    actions,
    effects,
    measures,
    villages,
    lasting,
    limits,
    advice,
    appendix_method,
    appendix_data,
    appendix_tables,
    appendix_reproduce,
    glossary,
)
