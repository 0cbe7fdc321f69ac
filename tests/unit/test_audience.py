"""Nobody can be recognised in a public report; researchers get everything; the other formats hold
what the page holds."""

import json
import re

import fixtures_evaluation as made
import pandas as pd
import pytest

from village_eval.cli.main import main
from village_eval.county.audience import groups_for
from village_eval.report import gallery, sections, tables
from village_eval.report.figures.county_map import county_map
from village_eval.report.findings_json import findings_json
from village_eval.report.table import Table

PARTS = (
    sections.basics,
    sections.actions,
    sections.effects,
    sections.measures,
    sections.villages,
    sections.lasting,
    sections.limits,
    sections.advice,
    sections.annex,
)


@pytest.fixture(scope="module")
def worked():
    return made.worked()


def names(evaluation) -> list[str]:
    return [*evaluation.panel.villages["village_code"], *evaluation.panel.villages["village_name"]]


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_public_report_names_no_village(worked, lang):
    public = worked.shown_to("public")
    said = "".join(part(public, lang).html for part in PARTS) + sections.page_one(public, lang).html
    said += json.dumps(findings_json(public), ensure_ascii=False)
    said += "".join(t.frame.to_csv() for t in tables.everything(public, lang))
    assert [n for n in names(worked) if n in re.sub(r"data:image[^\"]*", "", said)] == []
    drawn = [f.__name__ for f in gallery.ALL if f(public, lang) is not None]
    assert "turnaround" not in drawn and "wall_chart" not in drawn and "county_map" not in drawn
    adviser = "".join(part(worked, lang).html for part in PARTS)
    assert any(n in adviser for n in names(worked))


def test_small_counts_are_not_printed_nor_given_back_by_their_total():
    frame = pd.DataFrame(
        {
            "town": ["a", "b", "c"],
            "villages": [3, 12, 40],
            "petitions": [40, 0, 7],
            "funds": [1e5, 2e5, 3e5],
        }
    )
    kinds = {"villages": "count", "petitions": "count", "funds": "money"}
    table = Table("t", "c", frame, kinds, "en").coarse()
    shown = table.formatted()
    assert shown["villages"].tolist() == ["*", "*", "40"] and "*" in table.caption
    assert shown["petitions"].tolist() == ["40", "0", "7"]
    assert table.frame["funds"].tolist() == [None, None, 3e5]


def test_no_small_count_no_mark():
    frame = pd.DataFrame({"town": ["a", "b"], "villages": [30, 12]})
    assert Table("t", "c", frame, {"villages": "count"}, "en").coarse().caption == "c"


def test_a_group_too_small_for_the_public_does_not_go_alone():
    groups = pd.DataFrame({"kind": ["a", "b", "c"], "villages": [3, 25, 40]})
    assert groups_for(groups, "public")["kind"].tolist() == ["c"]
    assert groups_for(groups, "adviser").equals(groups)


def test_researchers_get_the_map_and_an_unknown_audience_is_refused(worked):
    villages = worked.panel.villages.assign(
        lon=115.0, lat=[34 + 0.01 * i for i in range(len(worked.panel.villages))]
    )
    picture = county_map(villages, worked.villages, "zh")
    assert re.search(r"后进村中多半好转\d+个", picture.alt)
    assert county_map(villages.drop(columns="lon"), worked.villages, "zh") is None
    with pytest.raises(ValueError):
        worked.shown_to("everybody")


def test_formats_are_checked_before_anything_is_computed(tmp_path, capsys, monkeypatch):
    with pytest.raises(SystemExit) as stop:
        main(["report", str(tmp_path), "--out", str(tmp_path / "o"), "--format", "odt"])
    assert stop.value.code == 2
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (
        main(
            [
                "report",
                str(tmp_path),
                "--out",
                str(tmp_path / "o"),
                "--format",
                "pdf",
                "--lang",
                "en",
            ]
        )
        == 2
    )
    assert "no Chromium was found" in capsys.readouterr().err
