"""Write the tables of docs/evidence.md and both READMEs from data/certification*.csv: python -m
tools.evidence"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from village_eval.certify.runs import read_csv
from village_eval.certify.scenarios import STRESS

ROOT = Path(__file__).parents[1]
DESIGNS = {
    "quiet_year_did": "**quiet-year DiD (headline)**",
    "quiet_year_did_last_year": "quiet-year DiD on last year",
    "expected_from_history": "expected from history alone",
    "before_after": "before-after",
    "did": "DiD, last year as base",
    "callaway_santanna": "Callaway-Sant'Anna",
}


def markdown(heads: str, body: list[list[str]]) -> str:
    """A table from its heads, divided by |, and its rows."""
    lines = [heads.split(" | "), ["---"] * (heads.count(" | ") + 1), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def scenario_name(scenario: str) -> str:
    """In words; * outside the declared mix."""
    return scenario.replace("_", " ") + (" *" if scenario in STRESS else "")


def registers() -> str:
    """Bias and share called significant by register and design, with errors that know that lists
    share years."""
    table = read_csv(ROOT / "data" / "certification_real.csv")
    heads = "register | design | lists (years, worth) | mean error | called significant | a fall | a rise | within-year error alone"
    body: list[list[str]] = []
    for row in table[table["design"].isin(DESIGNS)].itertuples():
        error = "" if pd.isna(row.significant_mc) else f" ± {100 * row.significant_mc:.0f}"
        cells = [
            row.register,
            DESIGNS[row.design],
            f"{row.lists} ({row.years}, {row.effective_lists:.0f})",
            f"{row.bias:+.2f} ± {row.bias_mc:.2f}",
            f"{100 * row.significant:.0f}{error} %",
            *(f"{100 * share:.0f} %" for share in (row.fell, row.rose, row.significant_within)),
        ]
        body.append(cells)
    return markdown(heads, body)


def certification(outcome: str = "petitions") -> str:
    """The headline by scenario, with the bias of before-after, DiD and history alone beside it."""
    table = read_csv(ROOT / "data" / "certification.csv")
    table = table[table["outcome"] == outcome]
    bias, sd = (table.pivot(index="scenario", columns="design", values=v) for v in ("bias", "sd"))
    heads = "county | counties | bias of before-after | of DiD | of history alone (sd) | **of the headline** (sd) | coverage | claims | exaggeration"
    body: list[list[str]] = []
    for row in table[table["design"] == "quiet_year_did"].itertuples():
        kind = scenario_name(row.scenario)
        claims = f"{100 * row.claims:.0f} % {'false' if abs(row.truth) < 1e-9 else 'seen'}"
        more = "" if pd.isna(row.exaggeration) else f"{row.exaggeration:.1f}"
        others = [f"{bias.loc[row.scenario, design]:+.2f}" for design in ("before_after", "did")]
        alone = "expected_from_history"
        errors = [
            f"{bias.loc[row.scenario, alone]:+.3f} ({sd.loc[row.scenario, alone]:.2f})",
            f"**{row.bias:+.3f}** ({row.sd:.2f})",
        ]
        cells = [
            kind,
            str(row.counties),
            *others,
            *errors,
            f"{100 * row.coverage:.1f} %",
            claims,
            more,
        ]
        body.append(cells)
    return markdown(heads, body)


def library() -> str:
    """What careful analysts' designs say where the campaign did nothing, and their coverage where
    it did something."""
    table = read_csv(ROOT / "data" / "certification_library.csv").set_index(["scenario", "design"])
    names = DESIGNS | {
        "matching": "matching on the past",
        "hybrid": "matching with DiD",
        "synthetic_did": "synthetic DiD",
        "imputation": "imputation",
        "regression_discontinuity": "discontinuity at the cut-off",
    }
    heads = "design | bias, nothing done | false claims | coverage, plain county | width"
    body: list[list[str]] = []
    for design in table.loc["null"].index:
        null, plain = table.loc[("null", design)], table.loc[("plain", design)]
        shares = (f"{100 * x:.0f} %" for x in (null["claims"], plain["coverage"]))
        body.append([names[design], f"{null['bias']:+.2f}", *shares, f"{plain['width']:.2f}"])
    return markdown(heads, body)


def years() -> str:
    """The headline without correction for unlike years, and with it."""
    table = read_csv(ROOT / "data" / "certification_years.csv")
    heads = "county | counties | error before (sd) | coverage | called a fall | **error** (sd) | coverage | half width | called a fall | a rise | told at A or B | all taken off"
    body: list[list[str]] = []
    for row in table.itertuples():
        shares = (row.fell, row.rose)
        cells = [
            scenario_name(row.scenario),
            str(row.counties),
            f"{row.bias_before:+.3f} ({row.sd_before:.2f})",
            f"{100 * row.coverage_before:.0f} %",
            f"{100 * row.fell_before:.1f} %",
            f"**{row.bias:+.3f}** ({row.sd:.2f})",
            f"{100 * row.coverage:.1f} % ± {100 * row.coverage_mc:.1f}",
            f"{row.half:.2f}",
            *(f"{100 * share:.1f} %" for share in shares),
            f"{100 * row.told:.1f} % ± {100 * row.told_mc:.1f}",
            f"{100 * row.full:.0f} %",
        ]
        body.append(cells)
    return markdown(heads, body)


def grades() -> str:
    """Coverage and success by grade, over the declared mix."""
    table = read_csv(ROOT / "data" / "certification_grades.csv")
    heads = " | outcome | grade | findings | share | coverage | success told where there is one | told where nothing was done"
    body: list[list[str]] = []
    for row in table[table["scenario"].isin(["the declared mix", "stress"])].itertuples():
        told, false = (
            "" if pd.isna(x) else f"{100 * x:.1f} %" for x in (row.success, row.false_success)
        )
        cells = [
            row.scenario,
            row.outcome.replace("_", " "),
            row.grade,
            str(row.findings),
            f"{100 * row.share:.0f} %",
            f"{100 * row.coverage:.1f} %"
            + ("" if pd.isna(row.coverage_mc) else f" ± {100 * row.coverage_mc:.1f}"),
            told,
            false,
        ]
        body.append(cells)
    return markdown(heads, body)


def attribution() -> str:
    """Coverage and false discoveries of the overall dose, the groups and single measures."""
    table = read_csv(ROOT / "data" / "certification_attribution.csv")
    heads = "doses | level | coverage | width (log) | false discoveries, counties | alarm that doses follow trouble"
    body: list[list[str]] = []
    for row in table.itertuples():
        cells = [
            row.setting,
            row.level,
            f"{100 * row.coverage:.1f} % ± {100 * row.coverage_mc:.1f}",
            f"{row.width:.2f}",
            f"{100 * row.false:.0f} %",
            f"{100 * row.alarm:.0f} %",
        ]
        body.append(cells)
    return markdown(heads, body)


def incomes() -> str:
    """The headline on earned income: the listed villages' total, and the typical village."""
    table = read_csv(ROOT / "data" / "certification.csv")
    table = table[table["design"] == "quiet_year_did"].set_index(["outcome", "scenario"])
    heads = "county | counties | total: bias (sd) | coverage | claims | typical village: bias (sd) | coverage | claims"
    body: list[list[str]] = []
    for scenario in table.loc["earned_income"].index:
        rows = [table.loc[(name, scenario)] for name in ("earned_income", "earned_income:typical")]
        cells = [scenario_name(scenario)]
        cells += [f"{rows[0]['counties']}"]
        for row in rows:
            seen = "false" if abs(row["truth"]) < 1e-9 else "seen"
            cells += [
                f"{row['bias']:+.3f} ({row['sd']:.3f})",
                f"{100 * row['coverage']:.1f} %",
                f"{100 * row['claims']:.0f} % {seen}",
            ]
        body.append(cells)
    return markdown(heads, body)


def foresight() -> str:
    """What lists that foresee trouble do to the headline, by how much of the list the rule finds."""
    table = read_csv(ROOT / "data" / "certification_foresight.csv")
    heads = "share of the list that the rule finds | counties | mean error (sd) | called a rise"
    body: list[list[str]] = []
    for row in table.itertuples():
        cells = [
            f"{100 * row.low:.0f} to {100 * row.high:.0f} %",
            f"{row.counties}",
            f"{row.shift:+.2f} ± {row.shift_mc:.2f} ({row.sd:.2f})",
            f"{100 * row.rose:.0f} %",
        ]
        body.append(cells)
    return markdown(heads, body)


def questions() -> str:
    """How often a family tells what is not so, and what is told of petitions and of income."""
    table = read_csv(ROOT / "data" / "certification_questions.csv")
    shown = {
        "petitions.first_year": "first year",
        "petitions.after": "year after",
        "petitions.after_13_24": "second year after",
        "petitions.after − first_year": "year after less first year",
        "earned_income.first_year.typical": "earned, typical village",
        "earned_income.first_year": "earned, total",
        "operating_income.first_year": "operating",
        "total_income.first_year": "all income",
    }
    heads = "counties | family | so many | something told that is not so | question (true effect) | asked | told | told where the family's first is"
    body: list[list[str]] = []

    def per_cent(x: float, more: float | None = None) -> str:
        error = "" if more is None or pd.isna(more) else f" ± {100 * more:.1f}"
        return "" if pd.isna(x) else f"{100 * x:.1f}{error} %"

    for row in table.itertuples():
        if row.question == "any":
            wrong = per_cent(row.wrong, row.wrong_mc)
            body.append([row.world, row.family, str(row.counties), wrong, "", "", "", ""])
        elif row.question in shown and abs(row.truth) >= 0.02:
            name = f"{shown[row.question]} ({row.truth:+.2f})"
            told = per_cent(row.told, row.told_mc)
            given = per_cent(row.given_first)
            body.append(["", "", "", "", name, per_cent(row.asked), told, given])
    return markdown(heads, body)


def pooling(name: str = "pooling") -> str:
    """Pooled groups and measures over simulated provinces: coverage, what is told and what is not."""
    table = read_csv(ROOT / "data" / f"certification_{name}.csv")
    heads = "province | counties | provinces | coverage, groups | measures | error of a measure (bias) | its standard error | something false told | without a warning | real effects found | overall: bias, coverage"
    body: list[list[str]] = []
    for (world, size), g in table.groupby(["world", "counties"], sort=False):
        of = g.set_index("level")
        group, one, overall = (of.loc[level] for level in ("group", "measure", "overall"))
        found = "" if pd.isna(one["found"]) else f"{100 * one['found']:.0f} %"
        cells = [
            world,
            str(size),
            str(one["provinces"]),
            f"{100 * group['coverage']:.1f} % ± {100 * group['coverage_mc']:.1f}",
            f"{100 * one['coverage']:.1f} % ± {100 * one['coverage_mc']:.1f}",
            f"{one['sd']:.3f} ({one['bias']:+.3f})",
            f"{one['se']:.3f}",
            f"{100 * one['false']:.0f} %",
            f"{100 * one['false_unwarned']:.0f} %",
            found,
            f"{overall['bias']:+.3f}, {100 * overall['coverage']:.0f} %",
        ]
        body.append(cells)
    return markdown(heads, body)


def earnings() -> str:
    """The same of measures on earned income."""
    return pooling("earnings")


def lots() -> str:
    """Rounds drawn by lot over simulated provinces."""
    table = read_csv(ROOT / "data" / "certification_lots.csv")
    heads = "province | counties with a lot | provinces | coverage | error (bias) | standard error | something false told | real effects found | lot not believed"
    body = [
        [
            row.world,
            str(row.counties),
            str(row.provinces),
            f"{100 * row.coverage:.1f} % ± {100 * row.coverage_mc:.1f}",
            f"{row.sd:.3f} ({row.bias:+.3f})",
            f"{row.se:.3f}",
            f"{100 * row.false:.0f} %",
            "" if pd.isna(row.found) else f"{100 * row.found:.0f} %",
            f"{100 * row.unbalanced:.0f} %",
        ]
        for row in table.itertuples()
    ]
    return markdown(heads, body)


ENGLISH = {
    "heads": "where the truth is known | before-after | DiD | **quiet-year DiD**",
    "murders": "the worst US counties by murders, {n} lists, nothing done",
    "arrests": "by arrests for murder, {n} lists, nothing done",
    "personal income, total": "the poorest by total personal income, {n} lists, nothing done",
    "null": "{n} simulated counties, nothing done",
    "plain": "{n} simulated counties, an effect",
}
CHINESE = {
    "heads": "真实作用已知的 | 直接比前后 | 双重差分 | **平常年份对照**",
    "murders": "美国各县，凶杀最多的，{n}份名单，没有整治",
    "arrests": "因凶杀被捕最多的，{n}份名单，没有整治",
    "personal income, total": "个人总收入最低的，{n}份名单，没有整治",
    "null": "{n}个模拟县，没有整治",
    "plain": "{n}个模拟县，有作用",
}
"""Of the few lines in each README, by register and scenario."""


def evidence(words: dict[str, str] = ENGLISH) -> str:
    """README's few lines: the headline beside the two usual comparisons, where the truth is known."""
    real = read_csv(ROOT / "data" / "certification_real.csv").set_index(["register", "design"])
    made = read_csv(ROOT / "data" / "certification.csv")
    made = made[made["outcome"] == "petitions"].set_index(["scenario", "design"])
    designs = ("before_after", "did", "quiet_year_did")
    body: list[list[str]] = []
    for register in ("murders", "arrests", "personal income, total"):
        cells = [
            f"{real.loc[(register, d), 'bias']:+.2f}, {100 * real.loc[(register, d), 'significant']:.0f} %"
            for d in designs
        ]
        lists = real.loc[(register, "quiet_year_did"), "lists"]
        body.append([words[register].format(n=lists), *cells])
    for scenario in ("null", "plain"):
        share = "claims" if scenario == "null" else "coverage"
        rows = [made.loc[(scenario, d)] for d in designs]
        cells = [f"{row['bias']:+.2f}, {100 * row[share]:.0f} %" for row in rows]
        counties = made.loc[(scenario, "quiet_year_did"), "counties"]
        body.append([words[scenario].format(n=counties), *cells])
    return markdown(words["heads"], body)


MADE = {
    "evidence": evidence,
    "evidence_zh": lambda: evidence(CHINESE).replace(" %", "%"),
    "registers": registers,
    "certification": certification,
    "library": library,
    "incomes": incomes,
    "foresight": foresight,
    "years": years,
    "grades": grades,
    "questions": questions,
    "attribution": attribution,
    "pooling": pooling,
    "earnings": earnings,
    "lots": lots,
}
FILES = (ROOT / "README.md", ROOT / "README.zh.md", ROOT / "docs" / "evidence.md")


def written(text: str) -> str:
    """A page with its marked tables as the data have them."""
    for mark in re.findall(r"<!-- (\w+) -->\n", text):
        if mark in MADE:
            table = f"<!-- {mark} -->\n{MADE[mark]()}\n<!-- end -->"
            text = re.sub(
                rf"<!-- {mark} -->.*?<!-- end -->", lambda _, t=table: t, text, flags=re.S
            )
    return text


def main() -> None:
    """All pages."""
    for path in FILES:
        path.write_text(written(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
