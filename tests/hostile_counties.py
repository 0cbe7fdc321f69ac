"""Counties as nobody would wish for: small, lopsided, extreme, empty, misspelt, hostile.

A county is a shape and a list of twists (``TWISTS``), each a function that changes rows, campaign
or files by a random number generator, so that a seed or Hypothesis can name any of them.
"""

from __future__ import annotations

import datetime as dt

import hostile_petitions
import hostile_rest
import hostile_villages
import hostile_work
from hostile_county import MEASURES, SOURCES, TWISTS, TYPES, Odd, Rng

assert all(
    (hostile_villages, hostile_petitions, hostile_work, hostile_rest)
)  # their twists are in TWISTS

SHAPES = {
    "usual": {"villages": 24, "townships": 4},
    "tiny": {"villages": 2, "townships": 1},
    "one": {"villages": 1, "townships": 1},
    "three": {"villages": 3, "townships": 3},
    "one township": {"villages": 14, "townships": 1},
    "each its own": {"villages": 10, "townships": 10},
    "short": {"villages": 12, "townships": 3, "first": 2022, "months": 20},
    "long": {"villages": 10, "townships": 3, "first": 2009, "months": 186},
    "busy": {"villages": 10, "townships": 2, "rate": 4.0},
    "quiet": {"villages": 16, "townships": 3, "rate": 0.01},
}


def county(shape: str, twists: list[str], seed: int) -> Odd:
    """The county of a shape with its twists, in their order."""
    rng, odd = Rng(seed), Odd(**SHAPES[shape])
    _plain(odd, rng)
    for name in twists:
        TWISTS[name](odd, rng)
    return odd


def of_seed(seed: int) -> tuple[str, list[str], int]:
    """Shape, twists and seed by one number."""
    rng = Rng(f"county {seed}")
    shape = rng.choice(["usual", "usual", *SHAPES])
    return shape, rng.sample(sorted(TWISTS), rng.choice([0, 1, 1, 2, 2, 3, 3, 4, 6, 9])), seed


def _plain(odd: Odd, rng: Rng) -> None:
    villages, petitions, income, measures = [], [], [], []
    for i in range(odd.villages):
        township = i % odd.townships
        code, listed = f"371324{101 + township}{201 + i // odd.townships}", int(i % 4 == 0)
        villages.append(
            {
                "village_code": code,
                "village_name": f"王{i}村",
                "township_code": code[:9],
                "township_name": f"青石{township}镇",
                "population": 500 + 31 * i,
                "listed": listed,
                "village_type": TYPES[i % 3] if listed else "",
            }
        )
        for m in range(odd.months):
            year, month = odd.first + m // 12, m % 12 + 1
            n = sum(rng.random() < odd.rate * (1 + listed) / 4 for _ in range(4))
            n += int(max(0, odd.rate - 1) * rng.random() * 2)
            petitions += [
                {
                    "petition_id": f"P{len(petitions) + k:06d}",
                    "village_code": code,
                    "date": f"{year}-{month:02d}-{rng.randint(1, 28):02d}",
                    "level": rng.choice(["township", "county", "city"]),
                    "repeat": int(rng.random() < 0.2),
                }
                for k in range(n)
            ]
        for year in range(odd.first, odd.first + (odd.months + 11) // 12):
            amounts = {s: round(rng.lognormvariate(10, 0.5)) for s in SOURCES}
            income.append({"village_code": code, "period": str(year), **amounts})
        if listed:
            measures += [
                {
                    "village_code": code,
                    "measure": measure,
                    "start_date": "2023-03-05",
                    "end_date": "",
                    "dose": round(rng.random(), 2),
                    "funds": 1000 * rng.randint(0, 50),
                    "department": "organization",
                    "completed": 1,
                }
                for measure in rng.sample(MEASURES, rng.randint(1, 4))
            ]
    odd.rows = {
        "villages": villages,
        "petitions": petitions,
        "income": income,
        "measures": measures,
    }
    last = odd.first + (odd.months - 1) // 12, (odd.months - 1) % 12 + 1
    odd.campaign = {
        "county": "奇县",
        "start": dt.date(2023, 3, 1),
        "days": 100,
        "observed": [f"{odd.first}-01", f"{last[0]}-{last[1]:02d}"],
        "synthetic": True,
    }
