"""The files of a delivery that are no tables: campaign.toml and words.toml, as clerks save them."""

from __future__ import annotations

from pathlib import Path, PurePath

from village_eval.bureau.notes import Notes

SETTINGS = ("campaign.toml", "words.toml")


def names_of(setting: str) -> tuple[str, ...]:
    """What editors make of a name: Notepad adds .txt, and some replace the ending by it."""
    return setting, f"{setting}.txt", f"{PurePath(setting).stem}.txt"


def is_setting(file: str) -> bool:
    """Whether a file beside the tables (its path in the delivery) is one of the settings."""
    return any(file.lower() in names_of(setting) for setting in SETTINGS)


def read_setting(folder: Path, setting: str, notes: Notes) -> bytes | None:
    """The bytes of a setting, whichever way its name is written; None where there is none.

    Two of them that differ are a problem.
    """
    wanted = names_of(setting)
    found = [p for p in sorted(folder.iterdir()) if p.is_file() and p.name.lower() in wanted]
    found.sort(key=lambda path: wanted.index(path.name.lower()))
    contents = [path.read_bytes() for path in found]
    if len(set(contents)) > 1:
        notes.problem("two_settings", found[0].name, names=tuple(p.name for p in found))
    return contents[0] if contents else None
