"""Reports on counties that lack something: every section still reads, and page one says what is
missing and what to do."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from conftest import CAMPAIGN, county_rows, write_folder

from village_eval.certify.scenarios import PLAIN
from village_eval.certify.simulate import simulate
from village_eval.certify.synthetic_tables import county_tables
from village_eval.expectation.between_years import t_error
from village_eval.expectation.listing import learn_rule
from village_eval.expectation.outcomes import question
from village_eval.expectation.results import Estimate
from village_eval.findings.assessment import Answer
from village_eval.findings.evaluation import evaluate
from village_eval.measures import attribute
from village_eval.report import sections
from village_eval.report.findings_json import findings_json
from village_eval.report.page_one import next_steps

SECTIONS = (
    "page_one",
    "basics",
    "actions",
    "effects",
    "measures",
    "villages",
    "lasting",
    "limits",
    "advice",
)
APPENDICES = ("appendix_method", "appendix_data", "annex")


def none_listed(rows):
    for village in rows["villages"]:
        village.update(listed=0, village_type="")
    return rows, CAMPAIGN


def bare(rows):
    del rows["income"], rows["measures"]
    return rows, CAMPAIGN


def still_running(rows):
    rows["petitions"] = [p for p in rows["petitions"] if p["date"] < "2023-06"]
    return rows, CAMPAIGN.replace("2024-06", "2023-05")


CASES = [
    (none_listed, "标明后进村"),
    (bare, "补报村集体收入"),
    (still_running, "2024年2月的数据齐后"),
]


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize(("change", "step"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_every_section_reads(change, step, tmp_path):
    evaluation = evaluate(
        write_folder(tmp_path / "县", *change(county_rows())), draws=99, cache=False
    )
    for lang in ("zh", "en"):
        for name in SECTIONS + APPENDICES:
            html = re.sub(r'src="[^"]*"', "", getattr(sections, name)(evaluation, lang).html)
            assert not re.search(r"\b(nan|NaN|None)\b", html), name
    assert step in "".join(next_steps(evaluation, "zh"))
    json.dumps(findings_json(evaluation), allow_nan=False)


def test_income_known_before_the_first_year_of_petitions_is_over(tmp_path):
    made = simulate(replace(PLAIN, n_villages=240, n_townships=8, n_listed=24), 7)
    short = made.panel.months <= pd.Period("2023-09", "M")
    parts = {name: values[:, short] for name, values in made.panel.parts.items()}
    panel = replace(
        made.panel,
        months=made.panel.months[short],
        petitions=made.panel.petitions[:, short],
        parts=parts,
    )
    found = attribute(
        panel, made.campaign, county_tables(made)[1]["measures"], learn_rule(panel, made.campaign)
    )
    assert (
        set(found.rows["outcome"]) == {"earned_income"}
        and found.kinds.empty
        and found.follows is None
    )


def test_a_refused_outcome_still_says_which_way_is_better():
    wide = Estimate(question("group_petitions.first_year"), "quiet_year_did", 0.1, t_error(1.1))
    told = Answer(wide).told().estimate
    assert told.reason == "too_few_listed" and told.question.outcome.favourable == -1
