"""Frozen numbers: what evaluate says of small simulated counties, unrounded, so that a change of
structure changes no number.

``python -m tests.golden.freeze [NAME …]`` computes them anew and writes
``tests/golden/frozen/NAME.json``. Do that only in a commit whose CHANGELOG names the number that
changes and why.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

import tomli_w

from village_eval import evaluate
from village_eval.certify.scenarios import SCENARIOS, UNLIKE
from village_eval.certify.synthetic_county import simulate_to_folder
from village_eval.report.findings_json import findings_json

FOLDER = Path(__file__).parent / "frozen"
SEED, DRAWS = 101, 199
WORDS = ("sentence", "label", "county", "schema")
"""Keys that hold words: they may change without a number changing."""


def _plain(folder: Path) -> None:
    pass


def _no_income(folder: Path) -> None:
    (folder / "income.csv").unlink()


def _no_measures(folder: Path) -> None:
    (folder / "measures.csv").unlink()


def _campaign_line(line: str) -> Callable[[Path], None]:
    """A line at the top of campaign.toml, in place of the one with the same key."""

    def edit(folder: Path) -> None:
        path, key = folder / "campaign.toml", line.split("=")[0].strip()
        kept = [
            row for row in path.read_text("utf-8").splitlines() if row.split("=")[0].strip() != key
        ]
        path.write_text("\n".join([line, *kept]) + "\n", "utf-8")

    return edit


def _nothing_unusual(folder: Path) -> None:
    path = folder / "campaign.toml"
    path.write_text(
        tomli_w.dumps(tomllib.loads(path.read_text("utf-8")) | {"unusual": []}), "utf-8"
    )


def _some_blank_income(folder: Path) -> None:
    """Every fourth village did not report 2023, every ninth has no population on file."""
    _rewrite(
        folder / "income.csv",
        lambda row, i: None if row["period"] == "2023" and i % 4 == 0 else row,
    )
    _rewrite(
        folder / "villages.csv", lambda row, i: row | {"population": ""} if i % 9 == 0 else row
    )


def _own_outcome(folder: Path) -> None:
    """A count, a mean and a share of the county's own, by year."""
    with (folder / "villages.csv").open(encoding="utf-8") as file:
        codes = [row["village_code"] for row in csv.DictReader(file)]
    rows = [
        (code, key, year, value)
        for i, code in enumerate(codes)
        for year in range(2018, 2025)
        for key, value in (
            ("calls", (i * 7 + year) % 5),
            ("water", 0.2 + (i * 3 + year) % 7 / 10),
            ("meetings", 4 + i % 6),
        )
    ]
    with (folder / "outcomes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("village_code", "outcome", "period", "value"), *rows])
    with (folder / "campaign.toml").open("a", encoding="utf-8") as file:
        for key, kind, better in (
            ("calls", "count", "fewer"),
            ("water", "share", "more"),
            ("meetings", "mean", "more"),
        ):
            file.write(
                f'\n[outcomes.{key}]\nkind = "{kind}"\nbetter = "{better}"\nzh = "{key}"\nen = "{key}"\n'
            )


def _rewrite(path: Path, edit: Callable[[dict, int], dict | None]) -> None:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    kept = [new for i, row in enumerate(rows) if (new := edit(row, i)) is not None]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)


VARIANTS: dict[str, tuple[dict, Callable[[Path], None], dict]] = {
    "no_income": ({"scenario": "plain"}, _no_income, {}),
    "no_measures": ({"scenario": "null"}, _no_measures, {}),
    "short_history": ({"scenario": "plain", "first": "2021-01"}, _plain, {}),
    "no_quiet_year": ({"scenario": "plain", "first": "2022-01"}, _plain, {}),
    "spoilt_history": (
        {"scenario": "plain"},
        _campaign_line("earlier_campaigns = [2020-03-01]"),
        {},
    ),
    "nothing_unusual": ({"scenario": "plain"}, _nothing_unusual, {}),
    "as_of": ({"scenario": "demo"}, _plain, {"as_of": "2024-04-15"}),
    "some_blank": ({"scenario": "income"}, _some_blank_income, {}),
    "own_outcomes": ({"scenario": "demo"}, _own_outcome, {}),
}
"""What is simulated, how its folder is edited, and the options of evaluate."""
CASES = {
    name: ({"scenario": name}, _plain, {}) for name in SCENARIOS if name not in UNLIKE
} | VARIANTS
QUICK = ("demo", "lists", "as_of")


def numbers(name: str) -> dict:
    """Everything that findings.json holds of a case, unrounded and without words."""
    made, edit, options = CASES[name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "county"
        simulate_to_folder(folder, seed=SEED, villages=160, townships=10, listed=24, **made)
        edit(folder)
        evaluation = evaluate(folder, draws=DRAWS, cache=False, **options)
    return _without_words(findings_json(evaluation, digits=None))


def frozen(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def write(name: str) -> None:
    """One record a line, so that a difference can be read."""
    parts = []
    for key, value in numbers(name).items():
        if isinstance(value, list) and value:
            body = "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in value) + "\n]"
        else:
            body = json.dumps(value, ensure_ascii=False)
        parts.append(f"{json.dumps(key)}: {body}")
    (FOLDER / f"{name}.json").write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def _without_words(value):
    if isinstance(value, dict):
        return {k: _without_words(v) for k, v in value.items() if k not in WORDS}
    return [_without_words(v) for v in value] if isinstance(value, list) else value


if __name__ == "__main__":
    for case in sys.argv[1:] or CASES:
        write(case)
        print(case, flush=True)
