"""A folder of bureaus' workbooks and registers becomes a tidy county folder.

Personal data stay behind.
"""

from __future__ import annotations

import datetime as dt
import os
import traceback
from dataclasses import replace
from pathlib import Path

import pandas as pd

from village_eval.bureau import own_words
from village_eval.bureau.annotate import write_annotated
from village_eval.bureau.counts import read_changes, read_counts
from village_eval.bureau.delivery import Delivery, take_in
from village_eval.bureau.guess import use_guesses
from village_eval.bureau.income import read_income
from village_eval.bureau.lists import read_lists
from village_eval.bureau.measures import read_measures
from village_eval.bureau.names import Roster
from village_eval.bureau.notes import Notes
from village_eval.bureau.origins import Origins
from village_eval.bureau.register import read_petitions
from village_eval.bureau.rosters import read_villages, with_township_codes
from village_eval.bureau.settings import read_setting
from village_eval.bureau.source import source_of
from village_eval.bureau.splits import keep_whole
from village_eval.bureau.unknown_words import tell_unknown_words
from village_eval.county.campaign import Campaign
from village_eval.county.county import County
from village_eval.county.problems import InputError, Problem, by_kind, problem, shown_in
from village_eval.folder import overwriting
from village_eval.folder.bounded import MINUTES
from village_eval.folder.campaign_file import FILE, finish_campaign, read_campaign
from village_eval.folder.reading import observed_months, read_county
from village_eval.folder.writing import fill_folder
from village_eval.words.messages import message
from village_eval.words.system import refused_by_system


class ImportFault(RuntimeError):
    """A fault of the program during import.

    The message names the place in the program and no cell of the delivery.
    """


def import_folder(
    folder: str | Path,
    out: str | Path,
    *,
    lang: str = "zh",
    key: bytes | None = None,
    annotate: str | Path | None = None,
) -> County:
    """The county of ``import_delivery``."""
    return import_delivery(folder, out, lang=lang, key=key, annotate=annotate)[0]


def import_delivery(
    folder: str | Path,
    out: str | Path,
    *,
    lang: str = "zh",
    key: bytes | None = None,
    annotate: str | Path | None = None,
    minutes: float = MINUTES,
) -> tuple[County, Delivery]:
    """Read a bureaus' delivery and write it as the tidy county folder ``out``.

    A ledger.csv stands beside the tables; the validated County is returned, and what it was made
    of.

    Raises InputError with everything that is wrong at once, each with file, sheet, row and column;
    then nothing is written, but for the folder ``annotate`` with what is wrong and where
    (annotate.py). ``key`` fixes the pseudonyms (tests); by default it is random and forgotten.
    ``minutes``: so long the files may take to read.
    """
    folder, out = Path(folder), Path(out)
    failed: Exception
    if not folder.is_dir():
        raise InputError([problem("no_folder", str(folder), lang)])
    overwriting.refuse(out, [folder], lang=lang)
    if annotate is not None:
        overwriting.refuse(Path(annotate), [folder, out], lang=lang)
    delivery = Delivery(Notes(), minutes)
    try:
        county = _import(folder, out, lang, key, delivery)
        if annotate is not None:
            write_annotated(Path(annotate), folder, delivery, (), county.warnings, lang)
        return county, delivery
    except InputError as error:
        if annotate is not None:
            write_annotated(Path(annotate), folder, delivery, error.problems, (), lang)
        raise
    except Exception as error:
        # Texts of libraries quote cells, and cells hold names: only the place in the program is
        # passed on.
        failed = _of_the_machine(error, folder) or _fault(error, lang)
    raise failed


def _of_the_machine(error: Exception, folder: Path) -> Exception | None:
    """What a full disk, a drive or the memory says.

    Of delivered files, whose names may name somebody, only the folder.
    """
    if isinstance(error, MemoryError):
        return MemoryError()
    refused = refused_by_system(error)
    if refused is None or refused.errno is None:
        return None
    place = None if refused.filename is None else Path(os.fsdecode(refused.filename))
    if place is not None and place.is_relative_to(folder):
        place = folder
    about = (refused.errno, refused.strerror, place and str(place))
    return OSError(*about, getattr(refused, "winerror", None))


def _fault(error: Exception, lang: str) -> ImportFault:
    last = traceback.extract_tb(error.__traceback__)[-1]
    fault = f"{type(error).__name__}, {Path(last.filename).name}:{last.lineno}"
    return ImportFault(message("cli.import_fault", lang, fault=fault))


def _import(folder: Path, out: Path, lang: str, key: bytes | None, delivery: Delivery) -> County:
    notes = delivery.notes
    with own_words.used(own_words.read_words(read_setting(folder, own_words.FILE, notes), notes)):
        return _read(folder, out, lang, key, delivery)


def _read(folder: Path, out: Path, lang: str, key: bytes | None, delivery: Delivery) -> County:
    notes = delivery.notes
    keys, problems, campaign_warnings = read_campaign(read_setting(folder, FILE, notes))
    # With a campaign.toml that cannot be used the rest is read all the same, for its problems.
    stopped = keys is None or "start" not in keys
    keys = keys or {}
    ignored = keys.pop("ignore", ())
    take_in(folder, delivery, ignored, source_of(folder, keys, notes), keys)
    blocks = delivery.blocks
    villages = read_villages(blocks["villages"], notes)
    use_guesses(notes, delivery.sheets)
    if villages.empty:
        if not notes.has_problems:
            notes.problem("no_roster", folder.name)
        tell_unknown_words(notes)
        raise InputError(shown_in(lang, by_kind([*problems, *notes.problems()])))
    villages = with_township_codes(villages, notes)
    notes.places = {*villages["village_name"], *villages["township_name"]}
    roster, origins = Roster(villages, keys.get("county", "")), Origins(blocks)
    use_guesses(notes, delivery.sheets, roster)
    changes = read_changes(blocks["changes"], roster, notes) if blocks["changes"] else None
    villages = keep_whole(villages, roster, notes)
    for source in dict.fromkeys(block.sheet.source for block in blocks["villages"]):
        notes.line(source, "kept", int((villages["_source"] == source).sum()), "in_villages")
    villages = origins.without("villages", villages)
    petitions = (
        origins.without("petitions", read_petitions(blocks["petitions"], roster, notes, key))
        if blocks["petitions"]
        else None
    )
    if blocks["counts"] and petitions is None:
        petitions = read_counts(blocks["counts"], roster, notes)
    elif blocks["counts"]:
        first = blocks["counts"][0].sheet
        notes.problem("register_and_counts", first.file, sheet=first.name)
    elif petitions is None:
        notes.problem("no_register", folder.name)
    if stopped:
        keys = {"county": folder.name, "start": _some_day(petitions)} | keys
    campaign, found, more = _campaign(keys, petitions)
    problems, campaign_warnings = problems + found * (not stopped), campaign_warnings + more
    villages, earlier = read_lists(villages, blocks["list"], roster, keys, notes)
    tables = {"villages": villages, "petitions": petitions, "earlier_lists": earlier}
    tables["village_changes"] = changes
    if blocks["income"]:
        tables["income"] = origins.without("income", read_income(blocks["income"], roster, notes))
    if blocks["measures"]:
        during = campaign or Campaign(
            keys.get("county", ""), keys["start"], (None, None), (None, None), keys.get("days", 100)
        )
        measures = read_measures(blocks["measures"], roster, during, notes)
        tables["measures"] = origins.without("measures", measures)
    if stopped:  # these depend on the start, which nobody has told
        for kind in ("two_lists", "older_list", "end_before_start"):
            notes.forget(kind)
    tell_unknown_words(notes)
    problems += notes.problems()
    if problems or campaign is None:
        raise InputError(shown_in(lang, by_kind(problems)))
    made_of = {name: table for name, table in tables.items() if table is not None}
    try:
        with overwriting.replacing(out, [folder], lang=lang) as made:
            fill_folder(made, campaign, made_of, notes.ledger(), lang=lang)
            # Refused here, nothing takes its place, and what stood there stays.
            county = replace(read_county(made, lang=lang), folder=out)
            overwriting.keep_out_of_git(made)
    except InputError as error:
        raise InputError(shown_in(lang, by_kind(origins.told(error.problems)))) from None
    told = [*campaign_warnings, *notes.warnings()]
    told += origins.told(w for w in county.warnings if w not in shown_in(lang, told))
    return replace(county, ledger=notes.ledger(), warnings=shown_in(lang, by_kind(told)))


def _some_day(petitions: pd.DataFrame | None) -> dt.date:
    """A start for reading on where campaign.toml has none: the last day of the register."""
    days = () if petitions is None or "date" not in petitions else petitions["date"].dropna()
    return max(days) if len(days) else dt.date.today()


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
