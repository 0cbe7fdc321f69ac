"""The numbers of small simulated counties are those that were frozen, to a relative 1e-9; new keys
are allowed, words may differ."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from freeze import CASES, QUICK, frozen, numbers

RELATIVE, ABSOLUTE = 1e-9, 1e-11


@pytest.mark.parametrize(
    "name",
    [
        n if n in QUICK else pytest.param(n, marks=[pytest.mark.slow, pytest.mark.frozen])
        for n in CASES
    ],
)
def test_numbers_are_as_frozen(name: str) -> None:
    off = list(differences(frozen(name), numbers(name), name))
    assert not off, f"{len(off)} numbers differ:\n" + "\n".join(off[:20])


def test_a_difference_is_seen() -> None:
    was = {"findings": [{"estimate": 0.1, "grade": "A"}], "villages": [{"ratio": None}]}
    assert not list(
        differences(
            was, {"findings": [{"estimate": 0.1 + 1e-12, "grade": "A", "gate": "open"}], **was}, ""
        )
    )
    for now in (
        {**was, "findings": [{"estimate": 0.1001, "grade": "A"}]},
        {**was, "findings": [{"estimate": 0.1, "grade": "B"}]},
        {**was, "findings": [{"grade": "A"}]},
        {**was, "findings": []},
        {**was, "villages": [{"ratio": 1.0}]},
        {"villages": was["villages"]},
    ):
        assert list(differences(was, now, "")), now


def differences(was, now, where: str) -> Iterator[str]:
    """Where ``now`` says something else than ``was``."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key, value in was.items():
            if key not in now:
                yield f"{where}.{key}: gone"
            else:
                yield from differences(value, now[key], f"{where}.{key}")
    elif isinstance(was, list) and isinstance(now, list):
        if len(was) != len(now):
            yield f"{where}: {len(was)} before, {len(now)} now"
        for i, pair in enumerate(zip(was, now, strict=False)):
            yield from differences(*pair, f"{where}[{i}]")
    elif isinstance(was, float) and isinstance(now, (int, float)) and not isinstance(now, bool):
        if not math.isclose(was, now, rel_tol=RELATIVE, abs_tol=ABSOLUTE):
            yield f"{where}: {was!r} before, {now!r} now"
    elif was != now:
        yield f"{where}: {was!r} before, {now!r} now"
