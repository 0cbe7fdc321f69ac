"""Reports on counties that lack something: every section still reads, and page one says what is missing and what to do."""

import json
import re

import pytest
from conftest import CAMPAIGN, county_rows, write_folder

from village_eval.evaluation import evaluate
from village_eval.findings_json import findings_json
from village_eval.reporting import sections
from village_eval.reporting.page_one import next_steps

SECTIONS = ("page_one", "basics", "actions", "effects", "measures", "villages", "lasting", "limits", "advice")
APPENDICES = ("appendix_method", "appendix_data", "appendix_tables")


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


CASES = [(none_listed, "标明后进村"), (bare, "补报村集体收入"), (still_running, "2024年2月的数据齐后")]


@pytest.mark.parametrize(("change", "step"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_every_section_reads(change, step, tmp_path):
    evaluation = evaluate(write_folder(tmp_path / "县", *change(county_rows())), draws=99, cache=False)
    for lang in ("zh", "en"):
        for name in SECTIONS + APPENDICES:
            html = re.sub(r'src="[^"]*"', "", getattr(sections, name)(evaluation, lang).html)
            assert not re.search(r"\b(nan|NaN|None)\b", html), name
    assert step in "".join(next_steps(evaluation, "zh"))
    json.dumps(findings_json(evaluation), allow_nan=False)
