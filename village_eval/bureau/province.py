"""A delivery of many counties: counties.toml, one roster, one register too large for sheets.

Each county becomes a folder; ``counties.txt`` beside them is what ``village-eval batch`` takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import tomli_w

from village_eval.bureau import large_parts, own_words
from village_eval.bureau.annotate import write_annotated
from village_eval.bureau.counties import COUNTIES, LIST, folder_names, of_county, take_counties
from village_eval.bureau.delivery import Delivery
from village_eval.bureau.explain import columns_told
from village_eval.bureau.explain import say as _say
from village_eval.bureau.large_values import distinct_values
from village_eval.bureau.notes import Notes
from village_eval.bureau.settings import read_setting
from village_eval.county.ledger import ledger, worded
from village_eval.county.problems import InputError, Problem, by_kind, shown_in
from village_eval.folder import overwriting
from village_eval.folder.campaign_file import FILE, campaign_toml, finish_campaign
from village_eval.folder.reading import observed_months
from village_eval.folder.writing import write_table
from village_eval.words.plain import is_text
from village_eval.words.said import Said


@dataclass(frozen=True)
class Split:
    """What became of a delivery of many counties."""

    counties: int
    villages: int
    read: int
    kept: int
    warnings: tuple[Problem, ...]


def is_province(folder: Path) -> bool:
    """Whether a delivery says that it is one of many counties."""
    return (folder / COUNTIES).is_file()


def import_province(
    folder: Path,
    out: Path,
    *,
    lang: str = "zh",
    key: bytes | None = None,
    annotate: Path | None = None,
) -> Split:
    """Write a county folder for every county of a delivery into ``out``.

    Raises InputError with everything that is wrong at once; then nothing is written but the folder
    ``annotate``, with problems.xlsx and problems.json (files of this size are not copied). ``key``
    fixes the pseudonyms (tests).
    """
    overwriting.refuse(out, [folder], lang=lang)
    if not is_text(str(out.resolve())):  # polars writes there
        raise InputError([Problem(str(out), Said("importing.problem.large_name"), lang=lang)])
    if annotate is None:
        return _import(folder, out, lang, key)
    overwriting.refuse(annotate, [folder, out], lang=lang)
    try:
        made = _import(folder, out, lang, key)
    except InputError as error:
        write_annotated(annotate, folder, Delivery(Notes()), error.problems, (), lang)
        raise
    write_annotated(annotate, folder, Delivery(Notes()), (), made.warnings, lang)
    return made


def explain_province(folder: Path, lang: str) -> str:
    """What a delivery of many counties would be taken for; nothing is written.

    Headers and settings are read, the register's rows are not.
    """
    notes = Notes()
    with own_words.used(own_words.read_words(read_setting(folder, own_words.FILE, notes), notes)):
        taken = take_counties(folder, notes)
    lines = [_say("counties", lang, file=COUNTIES, counties=len(taken.keys))]
    if taken.roster is not None:
        about: dict[str, object] = {
            "file": notes.named(str(taken.settings["villages"])),
            "sheets": "",
        }
        about |= {"kind": Said("importing.kind.villages"), "rows": len(taken.roster)}
        lines.append(_say("table", lang, **about))
    if (register := taken.register) is not None:
        kind = Said("importing.kind.petitions")
        file = notes.named(register.source)
        lines.append(_say("files", lang, file=file, kind=kind, files=len(register.paths)))
        columns = {header: column for column, header in register.headers.items()}
        lines.append("  " + columns_told("petitions", columns, lang))
        lines += [
            "  " + Said(f"importing.reason.{reason}", details).text(lang)
            for _, _, reason, details in notes.lines_of(register.source)
        ]
    wrong = [f"  - {found.text(lang)}" for found in by_kind(taken.problems)]
    if wrong:
        lines += ["", _say("problems", lang, count=len(wrong)), *wrong]
    return "\n".join(lines)


def _import(folder: Path, out: Path, lang: str, key: bytes | None) -> Split:
    notes = Notes()
    with own_words.used(own_words.read_words(read_setting(folder, own_words.FILE, notes), notes)):
        taken = take_counties(folder, notes)
        keys, roster, register = taken.keys, taken.roster, taken.register
        if taken.problems or register is None or roster is None:
            raise InputError(shown_in(lang, taken.problems))
        codes = dict(zip(roster["village_code"], roster["_county"], strict=True))
        values = distinct_values(register, codes, notes)
        if notes.has_problems:
            raise InputError(shown_in(lang, notes.problems()))
        with overwriting.replacing(out, [folder], lang=lang) as made:
            names = folder_names(keys)
            parts = large_parts.split(register, values, made, notes, key)
            kept, folders, found = _write(
                made, parts, keys, names, roster, register.source, notes, lang
            )
            if found or notes.has_problems:
                raise InputError(shown_in(lang, [*found, *notes.problems()]))
            (made / LIST).write_text("".join(f"{name}\n" for name in folders), "utf-8")
            worded(notes.ledger(), lang).to_csv(made / "ledger.csv", index=False)
            overwriting.keep_out_of_git(made)
    read = values.rows
    return Split(len(folders), len(roster), read, kept, shown_in(lang, notes.warnings()))


def _write(
    made: Path,
    parts: Iterator[tuple[str, large_parts.Part]],
    keys: dict[str, dict],
    names: dict[str, str],
    roster: pd.DataFrame,
    source: str,
    notes: Notes,
    lang: str,
) -> tuple[int, list[str], list[Problem]]:
    """The county folders; rows kept in all, the folders in the order of the codes, problems."""
    villages = dict(iter(roster.groupby("_county")))
    kept, done, problems = 0, [], []
    for code, part in parts:
        months = observed_months(pd.DataFrame({"date": pd.to_datetime(pd.Series(part.days))}))
        campaign, found, _ = finish_campaign(keys[code] | {"extra": {}}, months)
        problems += [of_county(one, code) for one in found]
        folder = made / names[code]
        folder.mkdir()
        part.table.write_parquet(folder / "petitions.parquet")
        write_table(folder / "villages.csv", villages[code].drop(columns="_county"))
        if campaign is not None:
            written = tomli_w.dumps(campaign_toml(campaign))
            (folder / FILE).write_text(written, "utf-8")
        lines = [(source, "read", part.read, Said("importing.reason.rows_of_county"))]
        for header, rows in part.void.items():
            reason = Said("importing.reason.void_rows", {"column": header})
            lines.append((source, "dropped", rows, reason))
            notes.line(source, "dropped", rows, "void_rows", column=header)
        if twice := part.read - sum(part.void.values()) - part.table.height:
            lines.append((source, "dropped", twice, Said("importing.reason.entered_twice")))
        lines.append((source, "filled", part.table.height, Said("importing.reason.number_new")))
        lines.append((source, "kept", part.table.height, Said("importing.reason.in_petitions")))
        frame = ledger(lines)
        pd.concat([worded(frame, lang), frame[["key", "details"]]], axis=1).to_csv(
            folder / "ledger.csv", index=False
        )
        kept += part.table.height
        notes.line(source, "kept", part.table.height, "in_county", county=names[code])
        if twice:
            notes.line(source, "dropped", twice, "entered_twice")
        done.append(code)
    for code in sorted(set(villages) - set(done)):
        notes.warn("county_without_rows", COUNTIES, county=names[code], code=code)
    return kept, [names[code] for code in sorted(done)], problems
