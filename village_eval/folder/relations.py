"""What must hold between rows and between tables.

Unique keys, known villages, changes of code that lead somewhere.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from village_eval.county.contracts import CONTRACTS, columns
from village_eval.county.place_names import without_person
from village_eval.county.privacy import is_number_of_person
from village_eval.county.problems import EXAMPLES
from village_eval.folder.validate import Checked, among

MANY_DIGITS = r"(?:\d\D{0,2}){8}|\*|[Ee]\+?1|[^\x00-\x7F]"
"""An ASCII text without so many digits is no identity or telephone number; a quick test before the
thorough one."""


def check_relations(tables: dict[str, Checked]) -> None:
    """Add to each table the problems that only show across rows and tables.

    Drop petitions entered twice.
    """
    if "villages" in tables:
        _no_persons_in_names(tables["villages"])
    for checked in tables.values():
        if checked.contract == "petitions_register":
            _same_petition(checked)
        else:
            _unique(checked)
        for column, about in columns(checked.contract).items():
            if about.kind == "period":
                _one_kind_of_period(checked, column)
    villages = tables.get("villages")
    if villages is None or not {"village_code", "township_code"} <= set(villages.frame.columns):
        return
    known = set(villages.frame["village_code"].dropna())
    if "village_changes" in tables:
        known = _follow_changes(tables["village_changes"], known)
    townships = set(villages.frame["township_code"].dropna())
    for name, checked in tables.items():
        if name != "villages" and "village_code" in checked.frame:
            codes = checked.frame["village_code"]
            checked.add("unknown_village", "village_code", codes.notna() & ~among(codes, known))
        if name != "villages" and "township_code" in checked.frame:
            codes = checked.frame["township_code"]
            checked.add(
                "unknown_township", "township_code", codes.notna() & ~among(codes, townships)
            )


def _unique(checked: Checked) -> None:
    key = list(CONTRACTS[checked.contract].unique)
    if not key or not set(key) <= set(checked.frame.columns):
        return
    complete = checked.frame[key].notna().all(axis=1)
    again = complete & checked.frame.duplicated(key, keep="first")
    checked.add("duplicate", key[0], again, key=tuple(key))


def _same_petition(checked: Checked) -> None:
    """Rows that are equal in every cell were entered twice and count once.

    One number for two petitions is a problem.
    """
    if "petition_id" not in checked.frame:
        return
    twice = checked.raw.frame.duplicated(keep="first") & checked.frame["petition_id"].notna()
    if twice.any():
        checked.note("dropped", int(twice.sum()), "duplicate")
        checked.frame = checked.frame[~twice]
    ids = checked.frame["petition_id"]
    checked.add("duplicate_petition", "petition_id", ids.notna() & ids.duplicated(keep="first"))
    _no_persons(checked)


def _no_persons(checked: Checked) -> None:
    """Numbers of persons used as numbers of petitions or cases are replaced by running ones."""
    for column in ("petition_id", "case_id"):
        if column not in checked.frame:
            continue
        codes, distinct = pd.factorize(checked.frame[column])
        doubtful = distinct.str.contains(MANY_DIGITS)
        if not doubtful.any():
            continue
        personal = [
            bool(doubt) and is_number_of_person(text)
            for doubt, text in zip(doubtful, distinct, strict=True)
        ]
        if not any(personal):
            continue
        shown = [
            f"{column[0]}{i:07d}" if hide else text
            for i, (text, hide) in enumerate(zip(distinct, personal, strict=True), 1)
        ]
        hidden = pd.Series([code >= 0 and personal[code] for code in codes], checked.frame.index)
        checked.frame = checked.frame.assign(
            **{column: pd.Series([*shown, None], dtype="str").to_numpy()[codes]}
        )
        checked.frame[column] = checked.frame[column].astype("str")
        checked.note("converted", int(hidden.sum()), "person_numbers", column=column)


def _no_persons_in_names(villages: Checked) -> None:
    """What a clerk added of a person to a place's name goes, and is said without saying whom."""
    for column in ("village_name", "township_name"):
        if column not in villages.frame:
            continue
        names = villages.frame[column]
        clean = {name: without_person(name) for name in names.dropna().unique()}
        changed = names.notna() & (names != names.map(clean))
        if not changed.any():
            continue
        villages.frame = villages.frame.assign(**{column: names.map(clean).astype(names.dtype)})
        # Other sentences quote cells.
        cells = villages.raw.frame.assign(**{column: villages.frame[column].astype(object)})
        villages.raw = replace(villages.raw, frame=cells)
        rows = tuple(str(row) for row in changed.index[changed][:EXAMPLES])
        about = {"rows": rows, "named": column, "count": int(changed.sum())}
        villages.add("person_in_name", None, warn=True, **about)
        villages.note("converted", int(changed.sum()), "persons_in_names", column=column)


def _one_kind_of_period(checked: Checked, column: str) -> None:
    if column not in checked.frame:
        return
    period = checked.frame[column].dropna()
    quarters = int(period.str.contains("Q").sum())
    if 0 < quarters < len(period):
        checked.add("mixed_periods", column, years=len(period) - quarters, quarters=quarters)


def _follow_changes(changes: Checked, known: set[str]) -> set[str]:
    """Codes in use and old codes that lead to them.

    Problems for changes that lead nowhere or run in a circle.
    """
    frame = changes.frame
    if not {"old_code", "new_code"} <= set(frame.columns):
        return known
    step = dict(frame[["old_code", "new_code"]].dropna().itertuples(index=False))
    leads, circles = set(), set()
    for old in step:
        seen, code = [], old
        while code in step and code not in seen and (code not in known or code == old):
            seen.append(code)
            code = step[code]
        if code in seen:
            circles.add(old)
        elif code in known:
            leads.add(old)
    new = frame["new_code"]
    in_circle = frame["old_code"].isin(circles)
    changes.add("circular_change", "old_code", in_circle)
    changes.add(
        "unknown_new_code",
        "new_code",
        new.notna() & ~frame["old_code"].isin(leads) & ~in_circle & ~new.isin(step),
    )
    return known | leads
