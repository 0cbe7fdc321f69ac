"""A county in the making, and the register of twists that make it one nobody would wish for."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, field
from pathlib import Path

import tomli_w

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    r"$\frac{1}{0}$ \input{x}",
    "5$村",
    "{{ 7*7 }}{% raw %}",
    "{0} {county} %s %(x)d",
    '=HYPERLINK("http://x","y")',
    "@SUM(1)",
    "\x1b[2J王村\x07",
    "王村\nERROR: lost\r",
    "\u202eleahcir",
    "\uffff\ufffe村",
    "\u2028村\u0085",
    "👩‍👩‍👧村🏚",
    "长" * 3000,
    "a" * 400,
    "../../etc",
    "C:\\CON",
    "nan",
    "None",
    "-",
    "0",
    "&lt;b&gt;",
    "村\u0301\u0301\u0301",
)
SOURCES = ("operating", "contracting", "investment", "subsidy", "other")
MEASURES = ("dispute_mediation", "affairs_disclosure", "infrastructure", "cadre_training")
TYPES = ("disunity", "economy", "petitions")
Rng = random.Random


@dataclass
class Odd:
    """A county in the making: rows by table, what campaign.toml says, other files as bytes."""

    villages: int = 12
    townships: int = 3
    first: int = 2018
    months: int = 78
    rate: float = 0.4
    rows: dict[str, list[dict]] = field(default_factory=dict)
    campaign: dict = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    encoding: str = "utf-8"

    @property
    def codes(self) -> list[str]:
        return [v["village_code"] for v in self.rows["villages"]]

    def every(self, table: str, **cells) -> None:
        """The same cells in every row of a table; a function is asked for each row."""
        for row in self.rows.get(table, ()):
            row.update({k: v(row) if callable(v) else v for k, v in cells.items()})

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True)
        (folder / "campaign.toml").write_text(tomli_w.dumps(self.campaign), "utf-8")
        for name, rows in self.rows.items():
            (folder / f"{name}.csv").write_bytes(_csv(rows).encode(self.encoding))
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        return folder


def _csv(rows: list[dict]) -> str:
    out = io.StringIO()
    names = list(dict.fromkeys(k for row in rows for k in row))
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if not row.get("#header only"))
    return out.getvalue()


TWISTS = {}


def twist(function):
    TWISTS[function.__name__.replace("_", " ")] = function
    return function
