"""What a delivery of many counties says before its register is read: counties.toml, one roster."""

from __future__ import annotations

import glob
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

import pandas as pd
import tomli_w

from village_eval.bureau import large_register
from village_eval.bureau.headers import meaning
from village_eval.bureau.notes import Notes
from village_eval.county.problems import Problem, problem
from village_eval.folder.campaign_file import EXAMPLES, read_campaign
from village_eval.folder.file_names import file_name
from village_eval.folder.inputs import take
from village_eval.folder.raw import RawTable, decode, read_raw
from village_eval.folder.toml_lines import read_toml, told
from village_eval.folder.validate import check_table
from village_eval.words.plain import is_text

COUNTIES, LIST = "counties.toml", "counties.txt"
COUNTY_DIGITS = 6
"""So many digits of a village's code are its county's."""


@dataclass
class Taken:
    """What such a delivery says before its register is read: None for what cannot be used."""

    keys: dict[str, dict]
    roster: pd.DataFrame | None
    register: large_register.Register | None
    settings: dict
    problems: list[Problem]


def take_counties(folder: Path, notes: Notes) -> Taken:
    """Settings, roster and the register's columns, with everything that is wrong with them."""
    settings, keys, problems = _settings(folder)
    roster, found = _roster(folder, settings)
    problems += found
    unknown = sorted(set() if roster is None else set(roster["_county"]) - set(keys))
    if unknown:
        problems.append(problem("unknown_counties", COUNTIES, codes=tuple(unknown[:20])))
    pattern = str(settings.get("register", ""))
    paths = _inside(folder, pattern)
    if _unnamed(folder, paths):
        notes.problem("large_name", COUNTIES)
        register = None
    else:
        register = large_register.find(paths, pattern, notes)
    return Taken(keys, roster, register, settings, [*problems, *notes.problems()])


def _settings(folder: Path) -> tuple[dict, dict[str, dict], list[Problem]]:
    """counties.toml: what it says of files, and the keys of every county's campaign by code."""
    decoded = decode((folder / COUNTIES).read_bytes())
    if decoded is None:
        return {}, {}, [problem("encoding", COUNTIES)]
    written, wrong = read_toml(decoded[0])
    if wrong:
        return {}, {}, [problem("bad_toml", COUNTIES, **told(wrong, EXAMPLES))]
    common, own = written.get("campaign", {}), written.get("counties", {})
    if not isinstance(common, dict) or not isinstance(own, dict) or not own:
        return written, {}, [problem("which_counties", COUNTIES)]
    keys, problems = {}, []
    for code, about in own.items():
        mine = {"county": about} if isinstance(about, str) else about
        if not (isinstance(mine, dict) and code.isdigit() and len(code) == COUNTY_DIGITS):
            problems.append(problem("which_counties", COUNTIES, value=str(code)))
            continue
        content = tomli_w.dumps({**common, **mine}).encode()
        read, found, _ = read_campaign(content)
        problems += [of_county(one, code) for one in found]
        keys[code] = read or {}
    return written, keys, problems


def of_county(one: Problem, code: str) -> Problem:
    """A problem of one county's campaign, said to stand in its part of counties.toml."""
    return replace(one, file=f"{COUNTIES}[counties.{code}]")


def _roster(folder: Path, settings: dict) -> tuple[pd.DataFrame | None, list[Problem]]:
    """All counties' villages with the checks of villages.csv; headers by name as in workbooks."""
    name = str(settings.get("villages", ""))
    paths = _inside(folder, glob.escape(name))
    if not paths:
        return None, [problem("no_such_file", COUNTIES, key="villages", value=name or None)]
    raw, problems = read_raw(take(paths[0]), "villages")
    if raw is None:
        return None, problems
    canonical = {
        header: found[0]
        for header in raw.frame
        if (found := meaning([header], "villages") or meaning([header], "list"))
    }
    frame = raw.frame.rename(columns=canonical)
    wanted = set(canonical.values()) - {"listed_on"}
    frame = frame.loc[:, [c for c in frame if c in wanted]]
    if "village_code" in frame and "township_code" not in frame:
        frame["township_code"] = frame["village_code"].str[:9]
    checked = check_table("villages", RawTable(raw.file, frame, raw.sheet, raw.encoding))
    if checked.problems:
        return None, checked.problems
    made = checked.frame.reset_index(drop=True)
    return made.assign(_county=made["village_code"].str[:COUNTY_DIGITS]), []


def folder_names(keys: dict[str, dict]) -> dict[str, str]:
    """A folder a county: its name, and its code where the nation has several of that name.

    A name may be anything: a path in it leads nowhere.
    """
    names = [file_name(str(about["county"])) for about in keys.values()]
    taken = [LIST, *(name.lower() for name in names)]
    return {
        code: name if taken.count(name.lower()) == 1 else f"{name}_{code}"
        for code, name in zip(keys, names, strict=True)
    }


def _inside(folder: Path, written: str) -> list[Path]:
    """Files of the delivery that a name or a pattern means; none elsewhere on the machine."""
    pattern = PurePath(written)
    if not pattern.parts or pattern.is_absolute() or ".." in pattern.parts or "\0" in written:
        return []
    return sorted(path for path in folder.glob(written) if path.is_file())


def _unnamed(folder: Path, paths: list[Path]) -> bool:
    """Whether a path is no text, which polars wants."""
    return not all(is_text(str(path.resolve())) for path in (folder, *paths))
