"""The same facts as different bureaus lay them out: read as they are, or refused, never otherwise.

The cases stand beside the repository (../shared/deliveries); here stands what may come of each.
``python tests/bad_input/test_deliveries.py`` prints the table.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from village_eval.bureau.importing import import_folder
from village_eval.county.problems import InputError

CASES = Path(__file__).resolve().parents[3] / "shared" / "deliveries"
SAME, REFUSED, WARNED = "same facts", "refused with a sentence", "warned, as delivered"
OTHER = "OTHER FACTS"
PETITIONS, INCOME, MEASURES, VILLAGES = "petitions", "income", "measures", "villages"


def counts_only(out: Path, plain: Path) -> bool:
    """Petitions by village and month are those of the register."""
    got, facts = (
        pd.read_csv(p / "petitions.csv", dtype={"village_code": str}) for p in (out, plain)
    )
    by_month = facts.assign(month=facts["date"].str[:7]).groupby(["village_code", "month"]).size()
    came = got.groupby(["village_code", "month"])["petitions"].sum()
    return by_month.equals(
        came[came > 0].astype("int64").reindex(by_month.index)
    ) and came.sum() == len(facts)


def by_year(factor: float = 1.0, last: int = 99):
    """Income of each year sums to the plain delivery's, times a factor."""

    def compared(out: Path, plain: Path) -> bool:
        tables = []
        for folder in (out, plain):
            table = pd.read_csv(folder / "income.csv", dtype={"village_code": str, "period": str})
            table = table.assign(period=table["period"].str[:4])
            tables.append(table.groupby(["village_code", "period"]).sum())
        got, facts = tables
        years = sorted(facts.index.unique("period"))[-last:]
        facts = facts[facts.index.isin(years, level="period")]
        return got.index.equals(facts.index) and bool(
            ((got - facts * factor).abs() <= 0.2 + 1e-6 * facts.abs()).all(axis=None)
        )

    return compared


def doses(out: Path, plain: Path) -> bool:
    """Which measures in which village, and how far."""
    key = ["village_code", "measure"]
    got, facts = (
        pd.read_csv(p / "measures.csv", dtype={"village_code": str}).set_index(key)["dose"]
        for p in (out, plain)
    )
    return got.sort_index().equals(facts.sort_index())


def pairs(out: Path, plain: Path) -> bool:
    """Which measures in which village."""
    got, facts = (
        pd.read_csv(p / "measures.csv", dtype=str)[["village_code", "measure"]].sort_values(
            ["village_code", "measure"], ignore_index=True
        )
        for p in (out, plain)
    )
    return got.equals(facts)


REFUSE = {
    *("v10", "v46", "v52", "v55", "v62", "v65", "v71", "va1", "b02", "b07", "b08", "b10", "b12"),
    *("b20", "b25", "b27", "b28", "b31", "b36", "b99"),
}
"""Nothing sensible can be read: it must be refused (v52 may be read)."""
MAY_BE_REFUSED = {"v31"}
"""3.10 typed as a number is stored as 3.1, which is 1 March or 10 March: read rightly or refused."""
DELIVERED = {"v59", "b06", "b14", "b17", "b19", "b26", "b40", "b43", "b44", "b45"}
"""The facts themselves are wrong: refused, or imported as delivered with a warning."""
IGNORED: dict[str, dict[tuple[str, str], str]] = {
    "v57": {(VILLAGES, "township_name"): "one township has another name"},
    "v75": {(PETITIONS, "resolved_date"): "not delivered"},
    "v50": dict.fromkeys([(VILLAGES, "causes"), (VILLAGES, "team_state")], "not delivered"),
}
"""Columns that the layout does not carry."""
OTHERWISE = {
    "v42": (PETITIONS, counts_only),
    "v43": (PETITIONS, counts_only),
    "v45": (INCOME, by_year()),
    "v83": (INCOME, by_year(sum(1 + q / 100 for q in range(1, 13)) / 12, 2)),
    "v48": (MEASURES, doses),
    "v87": (MEASURES, pairs),
}
"""Layouts that carry one table's facts in a coarser form: how that table is compared."""
WARNING = {
    "v59": "单位",
    "b06": "2008",
    "b14": "落实程度",
    "b17": "",
    "b19": "",
    "b26": "户数",
    "b40": "合计",
    "b43": "代码",
    "b44": "",
    "b45": "名单",
}
"""What the warning of a delivery with wrong facts speaks of."""


def small_facts() -> tuple:
    """The cases' modules, with nine villages of each township so that all are quick."""
    sys.path.insert(0, str(CASES))
    try:
        clerks = importlib.import_module("clerks")
        facts = clerks.F
        v = facts["v"]
        order = v.assign(l=v["listed"].ne("1")).groupby("township_name")["l"].rank("first")
        v = v[order <= 9]
        keep = set(v["village_code"])
        facts["r"] = facts["r"][facts["p"]["village_code"].isin(keep).to_numpy()].reset_index(
            drop=True
        )
        facts["v"] = v.reset_index(drop=True)
        for table in "pim":
            rows = facts[table]["village_code"].isin(keep)
            facts[table] = facts[table][rows].reset_index(drop=True)
        return (
            clerks,
            importlib.import_module("layouts").VAR,
            importlib.import_module("mistakes").BAD,
        )
    finally:
        sys.path.remove(str(CASES))


@cache
def modules() -> tuple:
    return small_facts()


@cache
def plain() -> Path:
    clerks, *_ = modules()
    folder = Path(tempfile.mkdtemp(prefix="plain"))
    import_folder(clerks.put(folder / "in"), folder / "out", key=b"test")
    return folder / "out"


def verdict(name: str, folder: Path) -> tuple[str, str]:
    """What came of a case, and the first thing to say of it."""
    clerks, layouts, mistakes = modules()
    made, case = folder / "in", name.split("_")[0]
    if name in layouts:
        layouts[name](made)
    else:
        mistakes[name](clerks.put(made))
    try:
        county = import_folder(made, folder / "out", key=b"test")
    except InputError as refused:
        assert not (folder / "out").exists()
        told = [str(p) for p in refused.problems]
        assert all(told)
        return REFUSED, told[0]
    ignored = set(IGNORED.get(case, ()))
    if case in OTHERWISE:
        table, compared = OTHERWISE[case]
        by_key = {t: k for t, k in CASE_KEYS.items() if t != table}
        clerks.KEY.clear()
        clerks.KEY.update(by_key)
    different = clerks.compare(folder / "out", plain(), ignored)
    clerks.KEY.update(CASE_KEYS)
    if case in OTHERWISE and not compared(folder / "out", plain()):
        different.append(f"{table}: other figures")
    told = [str(w) for w in county.warnings]
    if case in DELIVERED:
        usual = [str(w) for w in warnings_of_plain()]
        new = [w for w in told if w not in usual and WARNING[case] in w]
        return (WARNED, new[0]) if new else (OTHER, "no warning")
    return (OTHER, different[0]) if different else (SAME, "")


@cache
def warnings_of_plain() -> tuple:
    clerks, *_ = modules()
    folder = Path(tempfile.mkdtemp(prefix="plain"))
    return import_folder(clerks.put(folder / "in"), folder / "out", key=b"test").warnings


def expected(name: str) -> set[str]:
    case = name.split("_")[0]
    if case in REFUSE:
        return {REFUSED, SAME} if case == "v52" else {REFUSED}
    if case in MAY_BE_REFUSED:
        return {SAME, REFUSED}
    return {WARNED, REFUSED} if case in DELIVERED else {SAME}


CASE_KEYS = {
    "villages": ["village_code"],
    "petitions": ["petition_id"],
    "income": ["village_code", "period"],
    "measures": ["village_code", "measure", "start_date"],
}
"""What identifies a row of each table, as in the cases' own comparison."""


def names() -> list[str]:
    if not CASES.is_dir():
        return []
    _, layouts, mistakes = modules()
    return [*layouts, *mistakes]


pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="the cases are not beside the repository (../shared/deliveries)"
)


@pytest.mark.parametrize("name", names() or ["no cases"])
def test_read_or_refused(name, tmp_path):
    got, said = verdict(name, tmp_path)
    assert got in expected(name), said


def table(of: list[str]) -> None:
    """The table: case, expected, got, and what is said."""
    counted: dict[str, int] = {}
    for name in of:
        with tempfile.TemporaryDirectory() as folder:
            try:
                got, said = verdict(name, Path(folder))
            except Exception as error:
                got, said = "FAULT", str(error)
        due = "ok " if got in expected(name) else "   "
        counted[got] = counted.get(got, 0) + 1
        may = " or ".join(sorted(expected(name)))
        print(f"| {due} | {name} | {may} | {got} | {said[:150]} |", flush=True)
    print(counted)


if __name__ == "__main__":
    table([n for n in names() if not sys.argv[1:] or n.startswith(tuple(sys.argv[1:]))])
