"""A simulated county as a tidy folder, and its truth beside it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np

from village_eval.certify.scenarios import chosen
from village_eval.certify.simulate import Simulated, simulate
from village_eval.certify.synthetic_tables import county_tables
from village_eval.folder import overwriting
from village_eval.folder.writing import fill_folder
from village_eval.words.messages import locale_lang


def simulate_to_folder(
    out: str | Path,
    *,
    seed: int = 1,
    scenario: str = "demo",
    villages: int | None = None,
    townships: int | None = None,
    listed: int | None = None,
    effect: float | None = None,
    **fields,
) -> Simulated:
    """Write a synthetic county to ``out`` with truth.json in it.

    ``fields`` are fields of scenarios.Scenario.

    Raises InputError for an unknown scenario or field.
    """
    named = {
        "n_villages": villages,
        "n_townships": townships,
        "n_listed": listed,
        "effect": effect,
    } | fields
    wanted = {k: v for k, v in named.items() if v is not None}
    made_of = chosen(scenario, **wanted)
    overwriting.refuse(out, lang=locale_lang())
    county = simulate(made_of, seed)
    campaign, tables = county_tables(county)
    with overwriting.replacing(out, lang=locale_lang()) as made:
        fill_folder(made, campaign, tables)
        (made / "truth.json").write_text(
            json.dumps(truth(county), indent=1, default=str) + "\n", encoding="utf-8"
        )
    return county


def truth(county: Simulated) -> dict:
    """What is true of a simulated county: effects by finding, by village, and every parameter."""
    codes = county.panel.villages["village_code"]
    return {
        "schema": "village-eval/truth/1",
        "synthetic": True,
        "seed": county.seed,
        "effects": {k: round(v, 6) for k, v in county.truth.items()},
        "village_effects": {
            codes[i]: round(float(county.effects[i]), 6)
            for i in np.flatnonzero(county.panel.listed)
        },
        "scenario": dataclasses.asdict(county.scenario),
    }
