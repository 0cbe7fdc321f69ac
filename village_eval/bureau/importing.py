"""A folder of bureaus' workbooks and registers becomes a tidy county folder.

Personal data stay behind.
"""

from __future__ import annotations

import traceback
from dataclasses import replace
from pathlib import Path

import pandas as pd

from village_eval.bureau import own_words
from village_eval.bureau.across import across
from village_eval.bureau.counts import read_changes, read_counts
from village_eval.bureau.headers import KINDS
from village_eval.bureau.income import read_income
from village_eval.bureau.layout import Block, find_blocks
from village_eval.bureau.left_behind import names_in_unknown
from village_eval.bureau.measures import read_measures
from village_eval.bureau.names import Roster
from village_eval.bureau.notes import Notes
from village_eval.bureau.register import read_petitions
from village_eval.bureau.rosters import put_on_list, read_list, read_villages, with_township_codes
from village_eval.bureau.settings import read_setting
from village_eval.bureau.source import Source, source_of
from village_eval.bureau.splits import keep_whole
from village_eval.bureau.unknown import unknown_table
from village_eval.bureau.unknown_words import tell_unknown_words
from village_eval.bureau.workbook import read_sheets
from village_eval.county.campaign import Campaign
from village_eval.county.county import County
from village_eval.county.problems import InputError, Problem, problem, shown_in
from village_eval.folder import overwriting
from village_eval.folder.campaign_file import FILE, finish_campaign, read_campaign
from village_eval.folder.reading import observed_months, read_county
from village_eval.folder.writing import fill_folder
from village_eval.words.messages import message
from village_eval.words.said import Said

MOST_LISTED, MANY_LISTED = 0.5, 0.3
"""Listed shares of all villages: beyond the first nothing is left to compare with; usual are 5 to
10 %."""


class ImportFault(RuntimeError):
    """A fault of the program during import.

    The message names the place in the program and no cell of the delivery.
    """


def import_folder(
    folder: str | Path, out: str | Path, *, lang: str = "zh", key: bytes | None = None
) -> County:
    """Read a bureaus' delivery and write it as the tidy county folder ``out``.

    A ledger.csv stands beside the tables; the validated County is returned.

    Raises InputError with everything that is wrong at once, each with file, sheet, row and column;
    then nothing is written. ``key`` fixes the pseudonyms (tests); by default it is random and
    forgotten.
    """
    folder, out, fault = Path(folder), Path(out), ""
    if not folder.is_dir():
        raise InputError([problem("no_folder", str(folder), lang)])
    overwriting.refuse(out, [folder], lang=lang)
    try:
        return _import(folder, out, lang, key)
    except InputError:
        raise
    except Exception as error:
        # Texts of libraries quote cells, and cells hold names: only the place in the program is
        # passed on.
        last = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__}, {Path(last.filename).name}:{last.lineno}"
    raise ImportFault(message("cli.import_fault", lang, fault=fault))


def _import(folder: Path, out: Path, lang: str, key: bytes | None) -> County:
    notes = Notes()
    with own_words.used(own_words.read_words(read_setting(folder, own_words.FILE, notes), notes)):
        return _read(folder, out, lang, key, notes)


def _read(folder: Path, out: Path, lang: str, key: bytes | None, notes: Notes) -> County:
    keys, problems, campaign_warnings = read_campaign(read_setting(folder, FILE, notes))
    ignored = keys.pop("ignore", ()) if keys else ()
    database = source_of(folder, keys, notes) if keys else None
    blocks = _blocks(folder, notes, ignored, database, keys)
    villages = read_villages(blocks["villages"], notes)
    if villages.empty or keys is None or "start" not in keys:
        if villages.empty and not notes.has_problems:
            notes.problem("no_roster", folder.name)
        raise InputError(shown_in(lang, [*problems, *notes.problems()]))
    villages = with_township_codes(villages, notes)
    notes.places = {*villages["village_name"], *villages["township_name"]}
    roster = Roster(villages)
    changes = read_changes(blocks["changes"], roster, notes) if blocks["changes"] else None
    villages = keep_whole(villages, roster, notes)
    for source in dict.fromkeys(block.sheet.source for block in blocks["villages"]):
        notes.line(source, "kept", int((villages["_source"] == source).sum()), "in_villages")
    villages = villages.drop(columns=[c for c in villages if c.startswith("_")])
    petitions = (
        read_petitions(blocks["petitions"], roster, notes, key) if blocks["petitions"] else None
    )
    if blocks["counts"] and petitions is None:
        petitions = read_counts(blocks["counts"], roster, notes)
    elif blocks["counts"]:
        first = blocks["counts"][0].sheet
        notes.problem("register_and_counts", first.file, sheet=first.name)
    elif petitions is None:
        notes.problem("no_register", folder.name)
    campaign, found, more = _campaign(keys, petitions)
    problems, campaign_warnings = problems + found, campaign_warnings + more
    villages, earlier = _lists(villages, blocks["list"], roster, keys, notes)
    tables = {"villages": villages, "petitions": petitions, "earlier_lists": earlier}
    tables["village_changes"] = changes
    if blocks["income"]:
        tables["income"] = read_income(blocks["income"], roster, notes)
    if blocks["measures"]:
        during = campaign or Campaign(
            keys.get("county", ""), keys["start"], (None, None), (None, None), keys.get("days", 100)
        )
        tables["measures"] = read_measures(blocks["measures"], roster, during, notes)
    tell_unknown_words(notes)
    problems += notes.problems()
    if problems or campaign is None:
        raise InputError(shown_in(lang, problems))
    made_of = {name: table for name, table in tables.items() if table is not None}
    with overwriting.replacing(out, [folder], lang=lang) as made:
        fill_folder(made, campaign, made_of, notes.ledger(), lang=lang)
        # Refused here, nothing takes its place, and what stood there stays.
        county = replace(read_county(made, lang=lang), folder=out)
    told = shown_in(lang, [*campaign_warnings, *notes.warnings()])
    warnings = (*told, *(w for w in county.warnings if w not in told))
    return replace(county, ledger=notes.ledger(), warnings=warnings)


def _blocks(
    folder: Path, notes: Notes, ignored: tuple[str, ...], source: Source | None, keys: dict | None
) -> dict[str, list[Block]]:
    """The tables of the delivery by kind, recognised by their headers whatever the file's name."""
    sheets = read_sheets(folder, notes, ignored, source.file if source else None)
    if source and keys:
        from village_eval.bureau.database import read_source

        sheets += read_source(source, keys, notes, ignored)
    blocks: dict[str, list[Block]] = {kind: [] for kind in KINDS}
    for sheet in sheets:
        wide = across(sheet, notes)
        found = [wide] if wide else find_blocks(sheet, notes)
        if not found:
            names_in_unknown(sheet, notes)
            notes.line(sheet.source, "dropped", 0, "unknown_sheet")
            unknown_table(sheet, notes)
        for block in found:
            if block.cells.empty:
                notes.warn(
                    "empty_table",
                    sheet.file,
                    sheet=sheet.name,
                    table=Said(f"importing.kind.{block.kind}"),
                )
                continue
            if sheet.hidden and block is found[0]:
                notes.warn("hidden_sheet", sheet.file, sheet=sheet.name)
            blocks[block.kind].append(block)
    return blocks


def _dated(petitions: pd.DataFrame) -> pd.DataFrame:
    if "month" in petitions:
        return petitions.assign(month=pd.PeriodIndex(petitions["month"], freq="M"))
    return petitions.assign(date=pd.to_datetime(petitions["date"]))


def _campaign(
    keys: dict, petitions: pd.DataFrame | None
) -> tuple[Campaign | None, list[Problem], list[Problem]]:
    """The campaign as the delivery tells it.

    The observed months are those of the register unless campaign.toml says otherwise.
    """
    if "county" not in keys:
        return None, [], []
    months = None if petitions is None else observed_months(_dated(petitions))
    # Keys that nobody knows may be anything, an address of somebody too; they are named in a
    # warning and not copied.
    campaign, found, more = finish_campaign(keys | {"extra": {}}, months)
    return campaign, found, more


def _lists(villages: pd.DataFrame, blocks: list[Block], roster: Roster, keys: dict, notes: Notes):
    """Villages with this campaign's list, and earlier_lists.

    Lists whose title names the year of an earlier campaign.
    """
    start_of = {date.year: date for date in keys.get("earlier_campaigns", ())}
    earlier, current = [], []
    for block in blocks:
        years = next((y for y in block.years.values() if len(y) == 1), set())
        listed = read_list(block, roster, notes)
        year = next(iter(years), None)
        if year in start_of and year != keys["start"].year:
            earlier.append(listed[["village_code"]].assign(start=start_of[year]))
            notes.warn("second_list", **block.at, year=str(year))
            notes.line(block.sheet.source, "kept", len(listed), "in_earlier_lists")
        else:
            current.append((block, year, listed))
    _one_list(current, keys, notes)
    if current:
        whole = pd.concat([listed for *_, listed in current], ignore_index=True)
        if "listed" in villages:
            differ = villages["listed"].ne(villages["village_code"].isin(whole["village_code"]))
            if differ.any():
                notes.problem("lists_disagree", **current[0][0].at, rows=int(differ.sum()))
        villages = put_on_list(villages, whole, notes)
    elif "listed" not in villages:
        notes.warn("no_list", "villages")
        villages = villages.assign(listed=0, village_type=None)
    if "village_type" not in villages:
        villages = villages.assign(village_type=None)
    _how_many(villages, current[0][0].at if current else {"file": "villages"}, notes)
    return villages, (pd.concat(earlier, ignore_index=True).drop_duplicates() if earlier else None)


def _one_list(current: list, keys: dict, notes: Notes) -> None:
    """Lists of several files are this campaign's only when their years do not speak against it."""
    files = list(dict.fromkeys(block.sheet.file for block, *_ in current))
    around = {keys["start"].year, keys["start"].year - 1, None}
    strange = [block for block, year, _ in current if year not in around]
    years = {year for _, year, _ in current if year}
    if strange or (len(files) > 1 and len(years) > 1):
        block = strange[0] if strange else current[-1][0]
        notes.problem(
            "two_lists" if len(current) > 1 else "older_list",
            **block.at,
            names=tuple(files),
            ignore=block.sheet.ignorable,
        )


def _how_many(villages: pd.DataFrame, at: dict, notes: Notes) -> None:
    listed, all_of_them = int(villages["listed"].sum()), len(villages)
    if listed > MOST_LISTED * all_of_them:
        notes.problem("all_listed", **at, listed=listed, villages=all_of_them)
    elif listed > MANY_LISTED * all_of_them:
        share = f"{listed / all_of_them:.0%}"
        notes.warn("many_listed", **at, listed=listed, villages=all_of_them, share=share)
