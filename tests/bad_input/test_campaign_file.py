"""campaign.toml: missing keys, wrong types, windows in the wrong order."""

import datetime as dt

import pandas as pd
import pytest
from conftest import CAMPAIGN, write_folder

from village_eval.county.problems import InputError
from village_eval.folder.reading import read_county


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ('county = "测试县"', "", "missing_key"),
        ("start = 2023-03-01", "", "missing_key"),
        ("start = 2023-03-01", 'start = "2023-03-01"', "wrong_key"),
        ("start = 2023-03-01", "start = 2023-02-30", "bad_toml"),
        ("days = 100", "days = 0", "wrong_key"),
        ("days = 100", "days = true", "wrong_key"),
        ("days = 100", "days = 一百", "bad_toml"),
        ('["2022-03", "2023-02"]', '["2022-03"]', "wrong_key"),
        ('["2022-03", "2023-02"]', '["2022-13", "2023-02"]', "wrong_key"),
        ('["2022-03", "2023-02"]', '["2023-02", "2022-03"]', "window_order"),
        ('["2022-03", "2023-02"]', '["2022-03", "2023-03"]', "listing_after_start"),
        ('["2018-01", "2024-06"]', '["2018-01", "2022-06"]', "start_not_observed"),
        ("synthetic = true", "earlier_campaigns = [2023-03-01]", "earlier_after_start"),
        ("synthetic = true", 'unusual = ["2020-01", "2020-12"]', "wrong_key"),
    ],
)
def test_wrong_campaign(tmp_path, old, new, kind):
    assert old in CAMPAIGN
    with pytest.raises(InputError) as caught:
        read_county(write_folder(tmp_path / "c", campaign=CAMPAIGN.replace(old, new)), lang="zh")
    assert [p.kind for p in caught.value.problems] == [kind]
    assert caught.value.problems[0].file == "campaign.toml"


def test_problems_of_campaign_and_tables_come_together(tmp_path):
    folder = write_folder(tmp_path / "c", campaign="days = 0\n")
    (folder / "income.csv").write_text("")
    with pytest.raises(InputError) as caught:
        read_county(folder)
    assert [p.kind for p in caught.value.problems] == [
        "missing_key",
        "missing_key",
        "wrong_key",
        "empty_file",
    ]


def test_defaults_are_said(tmp_path):
    county = read_county(
        write_folder(tmp_path / "c", campaign='county = "测试县"\nstart = 2023-03-01\nround = 2\n'),
        lang="zh",
    )
    campaign = county.campaign
    assert (campaign.days, campaign.synthetic, campaign.extra) == (100, False, {"round": 2})
    assert campaign.listing_window == (pd.Period("2022-03", "M"), pd.Period("2023-02", "M"))
    assert campaign.observed == (pd.Period("2018-01", "M"), pd.Period("2024-06", "M"))
    assert any("listing_window" in str(w) for w in county.warnings) and any(
        "round" in str(w) for w in county.warnings
    )


def test_a_stray_date_does_not_stretch_the_observed_months(tmp_path):
    folder = write_folder(
        tmp_path / "c",
        campaign='county = "测试县"\nstart = 2023-03-01\nlisting_window = ["2022-03", "2023-02"]\n',
    )
    path = folder / "petitions.csv"
    path.write_text(path.read_text("utf-8").replace(",2019-", ",2091-", 1), "utf-8")
    county = read_county(folder, lang="en")
    assert county.campaign.observed == (pd.Period("2018-01", "M"), pd.Period("2024-06", "M"))
    assert any("2091-" in str(w) and "will not be counted" in str(w) for w in county.warnings)


def test_windows_editor_mark_and_all_keys(tmp_path):
    text = CAMPAIGN + 'earlier_campaigns = [2020-03-01]\nunusual = [["2020-01", "2020-12"]]\n'
    folder = write_folder(tmp_path / "c")
    (folder / "campaign.toml").write_text(text, encoding="utf-8-sig")
    campaign = read_county(folder).campaign
    assert campaign.earlier_campaigns == (dt.date(2020, 3, 1),)
    assert campaign.unusual == ((pd.Period("2020-01", "M"), pd.Period("2020-12", "M")),)
