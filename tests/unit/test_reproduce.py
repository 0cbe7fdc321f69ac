"""`make reproduce`: what it compares differs where it should, and every committed picture and page has
a part or a command of its own."""

import re
from pathlib import Path

import matplotlib
import pytest

from tools import licences, reproduce
from tools.drawn import differences, drawn
from village_eval.certify.figure import certification
from village_eval.certify.runs import read_csv

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reproducibility.md").read_text("utf-8")


def test_the_page_of_licences_has_the_packages_of_the_locks():
    rows = re.findall(
        r"(?m)^\| ([\w.-]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", licences.PAGE.read_text("utf-8")
    )
    told = {
        name: (version, purpose)
        for name, version, _, purpose in rows
        if name not in ("package", "---")
    }
    assert told == licences.locked(), "run: python -m tools.licences"


def test_each_package_that_is_installed_has_a_licence():
    """Of the packages that run the program all but those for other systems say theirs."""
    needed = [n for n, (_, purpose) in licences.locked().items() if purpose == "running"]
    unnamed = [name for name in needed if licences.licence(name).startswith("not named")]
    assert len(needed) > 50 and not unnamed


def test_figures_of_the_same_data_draw_the_same_and_of_other_data_do_not(tmp_path):
    matplotlib.use("Agg")
    table = read_csv(ROOT / "data" / "certification.csv")
    table = table[table["scenario"].isin(["plain", "null"])]
    old = drawn(certification(table, "en").figure)
    assert not differences(old, drawn(certification(table, "en").figure))
    table.loc[(table["scenario"] == "plain") & (table["design"] == "did"), "bias"] += 0.001
    assert differences(old, drawn(certification(table, "en").figure))


def test_a_page_is_compared_by_its_words_and_numbers(tmp_path):
    page = tmp_path / "page.html"
    said = []
    for number, day in (("18", "2026-01-02"), ("18", "2026-03-04"), ("19", "2026-01-02")):
        page.write_text(f'<p>fell by {number} %</p><img alt="from 4 to 7"><p>{day}</p>', "utf-8")
        said.append(reproduce.words_of(page))
    assert said[0] == said[1] != said[2] and "from 4 to 7" in said[0]


def test_a_difference_fails_and_is_told(monkeypatch, capsys):
    def tables(work, write):
        return ["README.md: +| 0.02 |"]

    monkeypatch.setattr(reproduce, "PARTS", (tables,))
    assert reproduce.main([]) == 1
    assert "tables: DIFFERS" in (said := capsys.readouterr().out) and "0.02" in said


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("part", ["tables", "codebook"])
def test_what_takes_seconds_is_the_same(part, capsys):
    assert reproduce.main(["--only", part]) == 0, capsys.readouterr().out


def test_the_page_names_every_part_and_every_committed_picture_and_report():
    for part in reproduce.PARTS:
        assert f"| `{part.__name__}` |" in PAGE
    kept = [*(ROOT / "docs" / "images").glob("*.png"), *(ROOT / "docs").glob("*.html")]
    unnamed = [path.name for path in kept if path.name not in PAGE.replace("` and `", "")]
    assert len(kept) > 5 and not [n for n in unnamed if n.split(".")[0] not in PAGE]


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.parametrize("part", ["licences", "demo_county", "figures", "report"])
def test_what_takes_minutes_is_the_same(part, capsys):
    assert reproduce.main(["--only", part]) == 0, capsys.readouterr().out
