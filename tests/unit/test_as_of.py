"""As of a day: what was dated later is not known, and a report while the campaign runs tells
delivery and no effect."""

import dataclasses
import datetime as dt
import re

import fixtures_evaluation as made
import numpy as np
import pandas as pd
import pytest

from village_eval.certify.scenarios import SCENARIOS
from village_eval.certify.simulate import simulate
from village_eval.certify.synthetic_tables import county_tables
from village_eval.county import frames
from village_eval.county.as_of import known_on
from village_eval.county.panel import build_panel
from village_eval.county.problems import InputError
from village_eval.findings.evaluation import evaluate
from village_eval.folder.writing import write_county
from village_eval.report import gallery, sections, tables
from village_eval.report.findings_json import findings_json
from village_eval.report.page_one import next_steps, points
from village_eval.words.wording import LANGUAGES

DAY = "2023-05-01"
CODES = made.county().villages.query("listed == 1")["village_code"].to_list()


def measure(
    start,
    end=None,
    completed=0,
    planned_start="2023-03-01",
    planned_end="2023-04-20",
    code=CODES[0],
    funds=1000.0,
):
    row = {
        "village_code": code,
        "measure": "assessment",
        "dose": 0.5,
        "funds": funds,
        "department": "organization",
    }
    dates = {
        "start_date": start,
        "end_date": end,
        "planned_start": planned_start,
        "planned_end": planned_end,
    }
    return row | {k: pd.Timestamp(v) for k, v in dates.items()} | {"completed": completed}


def county():
    measures = pd.DataFrame(
        [
            measure("2023-03-05", "2023-04-10", 1),  # done in time
            measure("2023-03-05", "2023-04-28", 1),  # done late
            measure("2023-03-05", "2023-05-20", 1),  # done later: overdue on the day
            measure("2023-04-25", "2023-05-20", 1, planned_end="2023-05-25"),  # under way
            measure("2023-05-10", "2023-05-30", 1, planned_end="2023-05-25"),  # a plan only
            measure("2023-05-10", "2023-05-30", 1, planned_start=None),  # not known at all
        ]
    )
    actions = pd.DataFrame(
        [
            (CODES[0][:9], a, pd.Timestamp(due), pd.Timestamp(done))
            for a, due, done in [
                ("leading_group", "2023-03-08", "2023-03-06"),
                ("plan", "2023-03-15", "2023-03-19"),
                ("task_list", "2023-03-22", "2023-06-01"),
                ("supervision", "2023-05-30", None),
            ]
        ],
        columns=["township_code", "action", "due_date", "done_date"],
    )
    register = pd.DataFrame(
        {
            "village_code": CODES[:3],
            "date": pd.to_datetime(["2023-03-10", "2023-03-12", "2023-05-03"]),
            "resolved_date": pd.to_datetime(["2023-04-01", "2023-05-05", "2023-05-20"]),
            "satisfied": [1, 1, 1],
        }
    )
    mechanisms = pd.DataFrame(
        {
            "village_code": CODES[:2],
            "mechanism": "self_governance",
            "start_date": pd.to_datetime(["2023-04-01", "2023-06-01"]),
        }
    )
    return dataclasses.replace(
        made.county(),
        measures=measures,
        township_actions=actions,
        petitions=register,
        mechanisms=mechanisms,
    )


def test_what_is_dated_later_is_not_known():
    known = known_on(county(), DAY)
    assert len(known.petitions) == 2 and known.petitions["resolved_date"].notna().sum() == 1
    assert known.petitions["satisfied"].notna().sum() == 1
    assert len(known.mechanisms) == 1 and (known.income["period"].astype(int) < 2023).all()
    assert len(known.measures) == 5 and known.measures["dose"].notna().sum() == 2
    assert known.measures["start_date"].notna().sum() == 4 and known.measures["funds"].sum() == 4000
    assert len(known_on(county(), "2024-06-30").measures) == 6


def test_resolutions_after_the_day_are_not_counted_by_the_panel():
    later, earlier = build_panel(county()), build_panel(county(), DAY)
    assert later.parts["resolved"].sum() == 3 and earlier.parts["resolved"].sum() == 1
    assert later.petitions.sum() == 3 and earlier.petitions.sum() == 2


def test_states_and_counts_on_the_day():
    known, day = known_on(county(), DAY), dt.date.fromisoformat(DAY)
    states = frames.states(known.measures, known.campaign, day)
    assert states.to_list() == ["done", "done_late", "overdue", "under_way", "planned"]
    row = frames.delivery(known.measures, known.measures["village_code"], known.campaign, day).iloc[
        0
    ]
    assert row.to_dict() == {
        "planned": 5,
        "begun": 4,
        "done": 2,
        "late": 1,
        "overdue": 1,
        "funds": 4000.0,
    }
    at_the_end = frames.states(county().measures, known.campaign, dt.date(2023, 7, 1))
    assert at_the_end.to_list() == [
        "done",
        "done_late",
        "done_late",
        "done",
        "done_late",
        "done_late",
    ]


def test_township_actions_on_time_late_overdue_or_not_due():
    known = known_on(county(), DAY)
    wide = frames.township_actions(known, build_panel(made.county()), dt.date.fromisoformat(DAY))
    assert wide.iloc[0, :3].to_list() == [0, 4, np.inf] and np.isnan(wide["supervision"].iloc[0])


def test_progress_after_the_day_is_blank():
    shares = frames.progress_by_department(
        known_on(made.county(), DAY), dt.date.fromisoformat(DAY), "en"
    )
    assert shares[60].notna().all() and shares[70].isna().all()


@pytest.fixture(scope="module")
def running():
    return evaluate(made.county(), draws=19, as_of=DAY)


def test_a_running_campaign_is_reported_without_a_verdict(running):
    assert running.running and all(
        f.grade == "D" and f.estimate.value is None for f in running.findings
    )
    for lang in LANGUAGES:
        first, *others = points(running, lang)
        assert not others and ("62" in first.text) and next_steps(running, lang)
        for section in (sections.page_one, sections.actions, sections.villages, sections.lasting):
            html = section(running, lang).__html__()
            text = re.sub(r"<[^>]+>", " ", html)
            assert not re.search(r"\bnan\b|[{}]|\bNone\b", text)
        assert len(tables.delivery(running, lang).frame) == 6
    assert "2023年5月1日" in gallery.wall_chart(running, "zh").figure._suptitle.get_text()
    assert findings_json(running)["persistence"]["verdict"] == "too_early"


def test_every_table_of_a_county_can_be_read_as_of_a_day(tmp_path):
    folder = write_county(
        tmp_path / "county",
        *county_tables(
            simulate(
                dataclasses.replace(SCENARIOS["plain"], n_villages=120, n_townships=6, n_listed=12),
                2,
            )
        ),
    )
    assert (folder / "satisfaction.csv").exists() and evaluate(folder, draws=19, as_of=DAY).running


def test_a_year_that_is_not_over_is_told_with_the_delivery():
    over = evaluate(made.county(), draws=19, as_of="2023-09-10")
    assert not over.running and points(over, "zh")[-1].section == "actions"


def test_a_day_before_anything_was_recorded_is_refused():
    with pytest.raises(InputError, match="--as-of"):
        evaluate(made.county(), as_of="2018-01-20")
    assert evaluate(made.county(), draws=19, as_of="2018-03-02").findings
