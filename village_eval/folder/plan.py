"""A county's plan, read back: ``COUNTY/plan/`` as ``village-eval plan`` wrote it.

An assignment counts as a lot's only where the recorded hash and the recorded seed both give it.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pandas as pd

from village_eval.county.plan import Plan, design_of, digest
from village_eval.county.problems import Problem, problem
from village_eval.folder.inputs import InputFile, Inputs
from village_eval.folder.raw import PLAN_FILES, PLAN_FOLDER, parse_toml
from village_eval.folder.validate import Checked

SCHEMA = "village-eval/plan/1"
PLAN, ASSIGNMENT = (name.removeprefix(f"{PLAN_FOLDER}/") for name in PLAN_FILES)
CODES = {"village_code": str, "township_code": str}


class Changed(ValueError):
    """The assignment is not the one that the plan recorded, or none that its seed draws.

    ``kind`` names the problem.
    """

    def __init__(self, kind: str):
        super().__init__(ASSIGNMENT)
        self.kind = kind


def read_plan(folder: Path) -> Plan:
    """The plan that a folder holds.

    Raises Changed when assignment.csv is not what plan.toml recorded, or not what the seed draws;
    OSError, KeyError, ValueError, TypeError when there is no readable plan.
    """
    return parsed((folder / PLAN).read_bytes(), (folder / ASSIGNMENT).read_bytes())


def parsed(about: bytes, assignment: bytes) -> Plan:
    """The plan of the contents of plan.toml and assignment.csv; raises as ``read_plan``."""
    told: dict[str, Any] = parse_toml(about.decode("utf-8-sig"))
    text = assignment.decode("utf-8")
    if digest(text) != told["assignment_sha256"]:
        raise Changed("plan_changed")
    table = pd.read_csv(io.StringIO(text), dtype=CODES, keep_default_na=False)
    table["start_date"] = [dt.date.fromisoformat(day) for day in table["start_date"]]
    months = int(told["months"])
    if months < 1:
        raise ValueError(f"months = {months}")
    design = design_of(told["design"], months)
    table = table.astype({name: "int64" for name in ("block", "arm", *design.factors)})
    if not table["arm"].between(0, len(design.arms) - 1).all() or table["block"].min() < 0:
        raise Changed("plan_not_drawn")
    start = dt.date.fromisoformat(str(told["start"]))
    made = dt.date.fromisoformat(str(told["made"])) if "made" in told else None
    plan = Plan(str(told["county"]), design, int(told["seed"]), start, table, made)
    if not plan.drawn:
        raise Changed("plan_not_drawn")
    return plan


def plan_of(
    inputs: Inputs, tables: dict[str, Checked], county: str | None
) -> tuple[Plan | None, list[Problem]]:
    """The plan in a county's folder, if there is one, and what is wrong with it."""
    files = [inputs.files.get(name) for name in PLAN_FILES]
    about, assignment = files
    if about is None or assignment is None:
        there = [file.name for file in files if file is not None]
        return None, [problem("plan_half", name) for name in there]
    try:
        plan = parsed(about.content, assignment.content)
    except Changed as error:
        return None, [problem(error.kind, assignment.name)]
    except (KeyError, ValueError, TypeError) as error:
        return None, [problem("plan_unreadable", PLAN_FOLDER, reason=_reason(error))]
    found = []
    if county is not None and plan.county != county:
        found.append(problem("plan_other_county", about.name, given=plan.county, county=county))
    return plan, found + _villages(plan, assignment, tables)


def _villages(plan: Plan, file: InputFile, tables: dict[str, Checked]) -> list[Problem]:
    """Villages that the county does not have (any more), and those named twice."""
    if "villages" not in tables or "village_code" not in tables["villages"].frame:
        return []
    known = set(tables["villages"].frame["village_code"].dropna())
    changes = tables.get("village_changes")
    if changes is not None and "old_code" in changes.frame:
        known |= set(changes.frame["old_code"].dropna())
    codes = pd.Series(plan.codes, range(2, len(plan.codes) + 2))
    return [
        problem(kind, file.name, column="village_code", places=list(codes[wrong].items()))
        for kind, wrong in (
            ("plan_stranger", ~codes.isin(known)),
            ("plan_twice", codes.duplicated()),
        )
        if wrong.any()
    ]


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
