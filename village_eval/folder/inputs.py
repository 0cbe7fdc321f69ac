"""The files of a county folder, read once.

What is hashed is what is parsed, whatever somebody does to the folder meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath


@dataclass(frozen=True, eq=False)
class InputFile:
    """A file's name and bytes."""

    name: str
    content: bytes

    @property
    def stem(self) -> str:
        """Its name without suffix, lower case."""
        return PurePath(self.name).stem.lower()

    @property
    def suffix(self) -> str:
        """The name's suffix with its dot, lower case."""
        return PurePath(self.name).suffix.lower()

    @cached_property
    def sha256(self) -> str:
        """The hash of its content, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def take(path: Path) -> InputFile:
    """A file as it is at this moment."""
    return InputFile(path.name, path.read_bytes())


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a county is read from: files by name, and where they stood."""

    folder: Path
    files: dict[str, InputFile]

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 by file name."""
        return {name: file.sha256 for name, file in self.files.items()}


def take_folder(folder: Path, names: Iterable[str]) -> Inputs:
    """Those files of a folder, in the order of their names, which may lead into folders in it."""
    return Inputs(
        folder, {name: InputFile(name, (folder / name).read_bytes()) for name in sorted(names)}
    )
