"""Layouts of the same facts, composed at random: these facts come out, or a refusal with sentences.

``python -m tests.property.test_delivery_layouts FIRST LAST`` tries the layouts of these seeds.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from delivery_facts import other_facts
from delivery_layouts import deliver
from delivery_sheets import Choices

from village_eval.bureau.importing import import_folder
from village_eval.county.problems import InputError

STEPS = ["read", "kept", "merged", "dropped"]


def misread(folder: Path, choices: Choices) -> tuple[bool, list[str]]:
    """Whether a delivery was read, and what was read otherwise than it stands there."""
    lacking = deliver(folder / "in", choices)
    try:
        county = import_folder(folder / "in", folder / "out", key=b"test")
    except InputError as refused:
        assert refused.problems and all(str(p) for p in refused.problems)
        assert not (folder / "out").exists()
        return False, []
    return True, other_facts(folder / "out", lacking) + unaccounted(county.ledger)


def unaccounted(ledger) -> list[str]:
    """Sources of which not every row that was read is kept, merged or dropped."""
    rows = ledger[ledger["step"].isin(STEPS)]
    sums = rows.pivot_table(index="source", columns="step", values="rows", aggfunc="sum")
    sums = sums.reindex(columns=STEPS).fillna(0)
    off = sums["read"] != sums["kept"] + sums["merged"] + sums["dropped"]
    return [f"ledger: {s} {r.to_dict()}" for s, r in sums[off].astype(int).iterrows()]


def check(data, rare: int) -> None:
    choices = Choices(lambda name, options: data.draw(st.sampled_from(options), label=name), rare)
    with tempfile.TemporaryDirectory() as folder:
        _, told = misread(Path(folder), choices)
    assert not told, (told[:5], choices.made)


few = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


@pytest.mark.slow
@pytest.mark.ci
@settings(max_examples=25, derandomize=True, **few)
@given(st.data())
def test_any_layout_gives_the_same_facts_or_a_refusal(data):
    check(data, 30)


@pytest.mark.slow
@settings(max_examples=300, **few)
@given(st.data())
def test_many_layouts_give_the_same_facts_or_a_refusal(data):
    check(data, 20)


def test_most_layouts_are_read():
    """Refusing everything would pass the tests above."""
    read = 0
    for seed in range(6):
        chosen = random.Random(seed)
        with tempfile.TemporaryDirectory() as folder:
            read += misread(Path(folder), Choices(lambda _, o: chosen.choice(o), 40))[0]  # noqa: B023
    assert read >= 5


def main(first: int, last: int, rare: int = 20) -> None:
    """One line for each layout that is not read as it stands, and what came of all."""
    counted = {"same": 0, "refused": 0, "OTHER": 0}
    for seed in range(first, last):
        chosen = random.Random(seed)
        choices = Choices(lambda _, options: chosen.choice(options), rare)  # noqa: B023
        with tempfile.TemporaryDirectory() as folder:
            read, told = misread(Path(folder), choices)
        counted["OTHER" if told else "same" if read else "refused"] += 1
        if told:
            print(seed, told[:3], choices.made, flush=True)
    print(counted)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
