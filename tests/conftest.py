"""Shared by all tests: a small valid county folder, written by hand and not by the code under
test."""

from __future__ import annotations

import csv
import os
import random
import shutil
from pathlib import Path

import pytest

from village_eval.words.messages import LANG_VARIABLE

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
TOWNSHIPS = ["青石镇", "柳河镇", "高桥镇", "白塔乡", "东岭乡", "沙沟镇"]
FAMILIES = ["王", "李", "张", "刘", "陈", "杨", "赵"]
MEASURES = [
    "dispute_mediation",
    "affairs_disclosure",
    "financial_management",
    "infrastructure",
    "cadre_training",
]
TYPES = ["disunity", "economy", "petitions"]
CAMPAIGN = """county = "测试县"
start = 2023-03-01
days = 100
listing_window = ["2022-03", "2023-02"]
observed = ["2018-01", "2024-06"]
synthetic = true
"""


def county_rows(seed: int = 1) -> dict[str, list[dict]]:
    """Rows of villages, petitions, income and measures: 40 villages in 6 townships, 8 listed, 6.5
    years of petitions."""
    rng = random.Random(seed)
    villages, petitions, income, measures = [], [], [], []
    for i in range(40):
        township = i % 6
        code = f"371324{101 + township}{201 + i // 6}"
        listed = int(i % 5 == 0)
        villages.append(
            {
                "village_code": code,
                "village_name": f"{FAMILIES[i // 6]}家庄村",
                "township_code": code[:9],
                "township_name": TOWNSHIPS[township],
                "population": 600 + 37 * i,
                "listed": listed,
                "village_type": TYPES[i % 3] if listed else "",
            }
        )
        for month in range(78):
            for _ in range(sum(rng.random() < (0.30 if listed else 0.15) for _ in range(3))):
                year, number = 2018 + month // 12, month % 12 + 1
                petitions.append(
                    {
                        "petition_id": f"P{len(petitions) + 1:06d}",
                        "village_code": code,
                        "date": f"{year}-{number:02d}-{rng.randint(1, 28):02d}",
                        "channel": rng.choice(["visit", "letter", "online", "phone"]),
                        "level": rng.choice(["township", "county", "county", "city"]),
                        "repeat": int(rng.random() < 0.2),
                        "persons": rng.choice([1, 1, 1, 2, 3, 6]),
                        "category": rng.choice(["land", "welfare", "other"]),
                    }
                )
        for year in range(2018, 2024):
            amounts = [
                round(rng.lognormvariate(10, 0.4)) if rng.random() < 0.8 else 0 for _ in range(5)
            ]
            names = ["operating", "contracting", "investment", "subsidy", "other"]
            income.append(
                {
                    "village_code": code,
                    "period": str(year),
                    **dict(zip(names, amounts, strict=True)),
                }
            )
        for measure in MEASURES[: 2 + i % 3] if listed else []:
            measures.append(
                {
                    "village_code": code,
                    "measure": measure,
                    "start_date": "2023-03-05",
                    "end_date": rng.choice(["2023-05-20", ""]),
                    "dose": round(rng.random(), 2),
                    "funds": rng.randint(0, 50) * 1000,
                    "department": "organization;finance",
                    "completed": 1,
                }
            )
    return {"villages": villages, "petitions": petitions, "income": income, "measures": measures}


def write_rows(path: Path, rows: list[dict], encoding: str = "utf-8") -> None:
    """One csv of dictionaries."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_folder(
    folder: Path, rows: dict[str, list[dict]] | None = None, campaign: str = CAMPAIGN
) -> Path:
    """A county folder of csv files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(campaign, encoding="utf-8")
    for name, table in (county_rows() if rows is None else rows).items():
        write_rows(folder / f"{name}.csv", table)
    return folder


@pytest.fixture
def county_folder(tmp_path: Path) -> Path:
    """A valid county folder: 40 villages, 6 townships, 8 listed, a register, income 2018-2023,
    measures."""
    return write_folder(tmp_path / "测试县")


@pytest.fixture(autouse=True)
def language_as_it_was():
    """A command tells its processes the reader's language by the environment; the next test begins
    without it."""
    before = os.environ.pop(LANG_VARIABLE, None)
    yield
    os.environ.pop(LANG_VARIABLE, None)
    if before is not None:
        os.environ[LANG_VARIABLE] = before


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, for the tests of a module."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        chromium = p.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()
