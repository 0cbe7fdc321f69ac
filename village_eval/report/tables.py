"""Tables of the report, one function each, from an evaluation and a language to a Table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from village_eval.county import frames
from village_eval.county.audience import is_coarse, may_show
from village_eval.designs import Discontinuity
from village_eval.expectation.outcomes import PETITIONS
from village_eval.expectation.results import Estimate
from village_eval.findings import specification
from village_eval.measures.timing import by_start as staggered_starts
from village_eval.report import disagreement
from village_eval.report.amounts import p_text, signed
from village_eval.report.check_words import check_name, check_sentence
from village_eval.report.delivery import full_ledger
from village_eval.report.options import option_name
from village_eval.report.sentences import (
    design_label,
    finding_name,
    interval,
    noun,
    reason,
    topic,
    window_words,
)
from village_eval.report.table import Table, write_xlsx
from village_eval.report.villages import to_revisit, villages_listed
from village_eval.words import names
from village_eval.words import wording as w
from village_eval.words.vocabulary import name


def findings(evaluation, lang: str) -> Table:
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
                _amount(amount, f.question.outcome.unit, lang),
                _detectable(f, lang),
                f.p_adjusted,
                w.words(lang)["grade"][f.grade],
            )
        )
    return _table("findings", rows, lang, p="p")


def other_outcomes(evaluation, lang: str) -> Table | None:
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
                _detectable(f, lang),
                f.p_adjusted,
                grade,
            )
        )
    return _table("other_outcomes", rows, lang, p="p") if rows else None


def specifications(evaluation, lang: str) -> Table | None:
    """What each choice of the specification curve does.

    How many specifications take it, and their answers.
    """
    if evaluation.specifications.empty:
        return None
    choices, rows = w.words(lang, "figures")["specification_choice"], []
    for r in specification.by_choice(evaluation.specifications).itertuples():
        answers = (signed(v, "log_ratio", lang) for v in (r.median, r.lowest, r.highest))
        rows.append((choices[r.choice], option_name(r.choice, r.option, lang), r.n, *answers))
    return _table("specifications", rows, lang, n="count")


def disagreements(evaluation, lang: str) -> Table | None:
    """Every two designs that differ by more than the headline's own error, and why."""
    finding = next((f for f in evaluation.findings if f.id == "petitions.first_year"), None)
    if finding is None or finding.estimate.value is None:
        return None
    rows = [
        tuple(e.values()) for e in disagreement.explained(finding, evaluation.sensitivity, lang)
    ]
    return _table("disagreements", rows, lang) if rows else None


def designs(evaluation, lang: str, ident: str = "petitions.first_year") -> Table:
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
    return _table("designs", rows, lang, n="count")


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


def quiet_years(evaluation, lang: str, ident: str = "petitions.first_year") -> Table | None:
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
    return _table("quiet_years", rows, lang)


def checks(evaluation, lang: str, of: tuple[str, ...] | None = None) -> Table:
    """Every check: what it asks, which finding, its verdict, what it found.

    ``of``: these findings, and what others fail.
    """
    rows: list[tuple] = []
    called = {f.id: finding_name(f, lang) for f in evaluation.findings}
    for c in evaluation.checks:
        if of is not None and c.finding not in of and c.verdict not in ("weak", "fail"):
            continue
        verdict = names.verdict(c.verdict, lang)
        rows.append(
            (
                check_name(c, lang),
                called[c.finding],
                verdict,
                check_sentence(c, lang),
                c.value("p_value"),
            )
        )
    return _table("checks", rows, lang, p="p")


def data_overview(evaluation, lang: str) -> Table:
    """Tables delivered: rows and what they cover."""
    t, rows = w.words(lang, "tables"), []
    for key, frame in evaluation.county.tables().items():
        rows.append((t["table_name"].get(key, key), len(frame), _span(frame, lang)))
    return _table("data", rows, lang, rows="count")


def ledger(evaluation, lang: str) -> Table | None:
    """What was read, dropped, merged or filled, and why."""
    steps = w.words(lang, "tables")["step"]
    rows = [
        (r.source, steps.get(r.step, r.step), r.rows, r.reason)
        for r in full_ledger(evaluation, lang).itertuples(index=False)
    ]
    return _table("ledger", rows, lang, rows="count") if rows else None


def villages(evaluation, lang: str) -> Table | None:
    """The listed villages one by one, by township (for the county's own use; no ranking).

    None without results.
    """
    if evaluation.villages.empty or not may_show("villages", evaluation.audience):
        return None
    f = villages_listed(evaluation).sort_values("village_code")
    rows = list(
        zip(
            f["township_name"],
            f["village_name"],
            f["expected"],
            f["actual"],
            f["ratio"],
            f["probability_improved"],
            strict=True,
        )
    )
    return _table(
        "villages", rows, lang, expected="one", actual="count", ratio="two", probability="share"
    )


def revisit(evaluation, lang: str) -> Table | None:
    """Villages that have not visibly improved, and what was done there; None when there is none."""
    f = to_revisit(evaluation)
    if f.empty or not may_show("revisit", evaluation.audience):
        return None
    f = f.sort_values("village_code")
    kinds = [
        name("village_type", k, lang) if isinstance(k, str) and k else None
        for k in f["village_type"]
    ]
    columns = ("expected", "actual", "probability_improved", "measures", "open")
    rows = list(
        zip(f["township_name"], f["village_name"], kinds, *(f[c] for c in columns), strict=True)
    )
    return _table(
        "revisit",
        rows,
        lang,
        expected="one",
        actual="count",
        probability="share",
        measures="count",
        open="count",
    )


def persistence(evaluation, lang: str) -> Table:
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
    return _table("persistence", rows, lang)


def measures(evaluation, lang: str) -> Table | None:
    """The seventeen measures: where, how far, how much money, how many signed off.

    None without a record of them.
    """
    if not _has_measures(evaluation):
        return None
    rows = [
        (
            name("measure", r.Index, lang),
            name("measure_group", r.group, lang),
            r.villages,
            r.dose,
            r.funds,
            r.completed,
        )
        for r in frames.measures_summary(evaluation.county.measures).itertuples()
    ]
    return _table(
        "measures", rows, lang, villages="count", dose="two", funds="money", completed="share"
    )


def measure_effects(evaluation, lang: str) -> Table | None:
    """What went with all measures, with groups and with single ones, by outcome."""
    t, rows = w.words(lang, "attribution"), []
    for row in evaluation.attribution.rows.itertuples():
        known = not w.missing(row.estimate)
        seen = (
            w.detectable(row.minimum_detectable, row.outcome == "petitions", lang)
            if known
            else None
        )
        alike = w.join([name("measure", m, lang) for m in row.inseparable_from], lang) or None
        about = (
            t["level"][row.level],
            _measure_name(row, lang),
            t["outcome"][row.outcome],
            row.villages,
            row.mean_dose,
        )
        rows.append(
            (*about, *_change_and_range(row, lang), seen, row.p_adjusted if known else None, alike)
        )
    return (
        _table("measure_effects", rows, lang, villages="count", dose="two", p="p") if rows else None
    )


def kinds(evaluation, lang: str) -> Table | None:
    """Petitions of the first year by type and cause of the listed villages."""
    rows = []
    for row in evaluation.attribution.kinds.itertuples():
        what = name(row.kind, row.key, lang)
        rows.append(
            (
                what[:1].upper() + what[1:],
                row.villages,
                row.actual,
                row.expected,
                *_change_and_range(row, lang),
            )
        )
    table = _table("kinds", rows, lang, villages="count", actual="count", expected="count")
    return _for(evaluation.audience, table) if rows else None


def dose_response(evaluation, lang: str) -> Table | None:
    """Thirds of the listed villages by how much was done there."""
    response = evaluation.attribution.response
    if response.empty:
        return None
    names = w.words(lang, "tables")["third"]
    rows = [
        (names[str(k)], r.villages, r.dose, r.actual, r.expected, r.ratio)
        for k, r in enumerate(response.itertuples())
    ]
    return _table(
        "dose_response",
        rows,
        lang,
        villages="count",
        dose="one",
        actual="count",
        expected="count",
        ratio="two",
    )


def by_start(evaluation, lang: str) -> Table | None:
    """The staggered estimator by month since a village's first measure.

    Exploratory; computed when asked for.
    """
    found = staggered_starts(evaluation.panel, evaluation.campaign, evaluation.county.measures)
    if found is None or found.by_month is None or found.by_month.empty:
        return None
    rows = [
        (int(r.month), r.estimate, r.ci_low, r.ci_high)
        for r in found.by_month.itertuples()
        if -6 <= r.month < 12
    ]
    return _table("by_start", rows, lang, estimate="two", low="two", high="two")


def _change_and_range(row, lang: str) -> tuple[str | None, str | None]:
    """A row's estimate and interval as text."""
    if w.missing(row.estimate):
        return None, None
    change, low, high = (
        signed(x, "log_ratio", lang) for x in (row.estimate, row.ci_low, row.ci_high)
    )
    return change, w.words(lang)["range"]["both"].format(low=low, high=high)


def _measure_name(row, lang: str) -> str:
    if row.level == "overall":
        return w.words(lang, "attribution")["all"]
    return (
        name("measure_group", row.group, lang)
        if row.level == "group"
        else name("measure", row.measure, lang)
    )


def departments(evaluation, lang: str) -> Table | None:
    """Departments in charge: measures, villages, funds, share signed off.

    None when none is named.
    """
    if not _has_measures(evaluation):
        return None
    s = frames.departments_summary(evaluation.county.measures)
    rows = [
        (name("department", d, lang), *r)
        for d, r in zip(s.index, s.itertuples(index=False), strict=True)
    ]
    return (
        _table(
            "departments",
            rows,
            lang,
            measures="count",
            villages="count",
            funds="money",
            completed="share",
        )
        if rows
        else None
    )


def delivery(evaluation, lang: str) -> Table | None:
    """Measures by township.

    Columns: planned, begun, signed off, late, overdue, funds, as the county stood on its day.
    """
    if not _has_measures(evaluation):
        return None
    frame = frames.delivery_by_township(evaluation.county, evaluation.panel, evaluation.day)
    return _delivery("delivery", frame, list(frame.index), lang)


def delivery_departments(evaluation, lang: str) -> Table | None:
    """The same by department in charge; None when none is named."""
    if not _has_measures(evaluation):
        return None
    frame = frames.delivery_by_department(evaluation.county, evaluation.day)
    return _delivery(
        "delivery_departments", frame, [name("department", d, lang) for d in frame.index], lang
    )


def _delivery(key: str, frame: pd.DataFrame, names: list[str], lang: str) -> Table | None:
    rows = [(group, *row) for group, row in zip(names, frame.itertuples(index=False), strict=True)]
    kinds = dict.fromkeys(("planned", "begun", "done", "late", "overdue"), "count")
    return _table(key, rows, lang, **kinds, funds="money") if rows else None


def township_actions(evaluation, lang: str) -> Table | None:
    """What townships owed the campaign, action by action.

    On time, so many days late, overdue, not due yet.
    """
    actions, t = evaluation.county.township_actions, w.words(lang, "tables")["township_actions"]
    if actions is None or actions.empty:
        return None
    wide = frames.township_actions(evaluation.county, evaluation.panel, evaluation.day)

    def cell(days: float) -> str:
        if pd.isna(days):
            return t["not_due"]
        return (
            t["on_time"]
            if days == 0
            else t["overdue"]
            if days == float("inf")
            else t["late"].format(days=w.count(days, lang))
        )

    heads = [t["township"], *(name("township_action", a, lang) for a in wide)]
    rows = [
        (township, *map(cell, days))
        for township, days in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    return Table("township_actions", t["caption"], pd.DataFrame(rows, columns=heads), {}, lang)


def townships(evaluation, lang: str) -> Table:
    """Rows by township.

    Columns: villages, listed, their petitions in the months ranked on, measures, funds, share
    signed off.
    """
    before = frames.listing_year_petitions(evaluation.panel, evaluation.campaign)
    s = frames.townships_summary(evaluation.county, before, evaluation.panel).reindex(
        columns=["villages", "listed", "petitions", "measures", "funds", "completed"]
    )
    rows = [(t, *r) for t, r in zip(s.index, s.itertuples(index=False), strict=True)]
    kinds = dict.fromkeys(("villages", "listed", "petitions", "measures"), "count")
    table = _table("townships", rows, lang, **kinds, funds="money", completed="share")
    return _for(evaluation.audience, table)


def types(evaluation, lang: str) -> Table:
    """Types of listed villages: how many, population, petitions in the months ranked on."""
    before = frames.listing_year_petitions(evaluation.panel, evaluation.campaign)
    s = frames.villages_by_type(evaluation.panel.villages, before)
    rows = [
        (name("village_type", k, lang), *r)
        for k, r in zip(s.index, s.itertuples(index=False), strict=True)
    ]
    table = _table("types", rows, lang, villages="count", population="count", petitions="one")
    return _for(evaluation.audience, table)


def listing_rule(evaluation, lang: str) -> Table | None:
    """Coefficients of the learned listing rule, per standard deviation of the feature."""
    if evaluation.listing is None:
        return None
    labels, frame = w.words(lang, "tables")["feature"], evaluation.listing["coefficients"]
    rows = [
        (labels.get(f, str(f)), c)
        for f, c in zip(frame["feature"], frame["coefficient"], strict=True)
        if f != "intercept"
    ]
    return _table("listing_rule", rows, lang, coefficient="two")


def everything(evaluation, lang: str) -> list[Table]:
    """All tables that this county's data allow, for the folder tables/."""
    made = [
        findings,
        other_outcomes,
        designs,
        disagreements,
        specifications,
        quiet_years,
        checks,
        townships,
        types,
        villages,
        revisit,
        persistence,
        measures,
        measure_effects,
        kinds,
        dose_response,
        departments,
        delivery,
        delivery_departments,
        township_actions,
        listing_rule,
        data_overview,
        ledger,
    ]
    return [table for f in made if (table := f(evaluation, lang)) is not None and len(table.frame)]


def write_tables(evaluation, folder: Path, lang: str) -> None:
    """Write ``<name>.<lang>.csv`` for each table and ``tables.<lang>.xlsx`` with all of them."""
    tables = everything(evaluation, lang)
    for table in tables:
        table.to_csv(folder / f"{table.name}.{lang}.csv")
    write_xlsx(tables, folder / f"tables.{lang}.xlsx")


def _has_measures(evaluation) -> bool:
    return evaluation.county.measures is not None and len(evaluation.county.measures) > 0


def _for(audience: str, table: Table) -> Table:
    """The table as this audience may see it."""
    return table.coarse() if is_coarse(table.name, audience) else table


def _table(key: str, body: list[tuple], lang: str, **kinds: str) -> Table:
    """A Table with heads and caption from the language's ``tables.toml``.

    ``kinds`` by column key.
    """
    t = w.words(lang, "tables")[key]
    heads = t["columns"]
    frame = pd.DataFrame(body, columns=list(heads.values()))
    return Table(key, t["caption"], frame, {heads[k]: v for k, v in kinds.items()}, lang)


def _detectable(f, lang: str) -> str | None:
    percent = f.minimum_detectable_percent
    if w.missing(percent):
        return None
    return w.points(percent, lang) if f.estimate.scale == "share" else w.percent(percent, lang)


def _amount(amount: float | None, unit: str | None, lang: str) -> str | None:
    if amount is None:
        return None
    text = w.money(amount, lang) if unit == "yuan" else w.count(amount, lang)
    return (w.MINUS if amount < 0 else "") + text


def _span(frame: pd.DataFrame, lang: str) -> str:
    """First and last month, period or day of a delivered table."""
    for column in ("date", "month", "period", "start_date"):
        if column in frame and frame[column].notna().any():
            ends = [frame[column].min(), frame[column].max()]
            if column in ("date", "start_date"):
                ends = [w.date(x, lang) for x in ends]
            elif column == "month":
                ends = [w.month(x, lang) for x in ends]
            return w.words(lang)["range"]["both"].format(low=ends[0], high=ends[1])
    return ""
