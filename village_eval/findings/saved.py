"""Results written to disk and read back.

Dataclasses, frames, arrays, dates written down and read back as they were, with no pickle and no
line for any single class.

A folder holds ``values.json``, large frames as ``<place>.parquet`` and large arrays in
``arrays.npz``. In the JSON a dictionary with the key ``$`` is a typed value; ``$`` of a dataclass
is its module and name, and only classes of this package are ever made.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import io
import json
import math
import zipfile
from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

VALUES, ARRAYS = "values.json", "arrays.npz"
LARGE = 2000
"""Cells of a frame or an array that gets a file, or a place in one, of its own."""
PACKAGE = __name__.partition(".")[0]
UNREADABLE = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, ImportError),
    *(RecursionError, ArithmeticError, EOFError, NotImplementedError, zipfile.BadZipFile),
)
"""What a file that somebody spoilt makes of its reading."""
PLAIN = "iufbM"
"""Kinds of columns that come back from parquet as they were: numbers, truth values, times."""
JSON = frozenset({str, bool, int, float, type(None)})
Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


class NotReadable(ValueError):
    """The folder holds no value, or one that another version of the program wrote."""


def write(value: object, folder: Path) -> None:
    """Write a value into an empty folder; TypeError for what is no value (a function, say)."""
    writer = _Writer(folder)
    content = writer.encode(value, "value")
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # The name of the county's folder may be no text.
    (folder / VALUES).write_text(text, "utf-8", errors="backslashreplace")
    if writer.arrays:
        np.savez_compressed(folder / ARRAYS, allow_pickle=False, **writer.arrays)


def read(folder: Path) -> object:
    """The value of a folder. Raises NotReadable."""
    try:
        content = json.loads((folder / VALUES).read_text("utf-8"))
        return _Reader(folder).decode(content)
    except UNREADABLE as error:
        raise NotReadable(f"{folder}: {type(error).__name__}: {error}") from error


class _Writer:
    def __init__(self, folder: Path):
        self.folder = folder
        self.arrays: dict[str, np.ndarray] = {}
        self.known: dict[int, tuple[int, object]] = {}

    def encode(self, value: object, place: str) -> Json:
        """Plain JSON of a value; what was met before is only referred to."""
        if value is None or isinstance(value, str | bool) or type(value) is int:
            return value
        if type(value) is float:
            return value if math.isfinite(value) else {"$": "float", "is": repr(value)}
        if isinstance(value, list):
            if _is_json(value):
                return value
            return [self.encode(v, f"{place}.{i}") for i, v in enumerate(value)]
        if type(value) is dict and set(map(type, value)) <= {str} and "$" not in value:
            return {k: self.encode(v, f"{place}.{k}") for k, v in value.items()}
        if id(value) in self.known:
            return {"$": "again", "is": self.known[id(value)][0]}
        number = len(self.known)
        self.known[id(value)] = number, value
        return {"#": number} | self._typed(value, place)

    def _typed(self, value: object, place: str) -> dict[str, Json]:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._dataclass(value, place)
        if isinstance(value, pd.DataFrame):
            return self._frame(value, place)
        if isinstance(value, pd.Series):
            return {
                "$": "series",
                "is": self.encode([value.name, value.index, _cells(value)], place),
            }
        if isinstance(value, pd.Index):
            return self._index(value, place)
        if isinstance(value, np.ndarray):
            return self._array(value, place)
        if isinstance(value, pd.api.extensions.ExtensionArray):
            if isinstance(value.dtype, pd.CategoricalDtype):
                raise TypeError(f"{place}: categories cannot be written down")
            cells: list[object] = list(value)
            return {"$": "column", "dtype": str(value.dtype), "is": self.encode(cells, place)}
        for kind, (types, put, _) in SCALARS.items():
            if isinstance(value, types):
                return {"$": kind, "is": self.encode(put(value), place)}
        raise TypeError(f"{place}: {type(value).__name__} cannot be written down")

    def _dataclass(self, value: object, place: str) -> dict[str, Json]:
        kind: Any = type(value)
        if not kind.__module__.startswith(f"{PACKAGE}."):
            raise TypeError(f"{place}: {kind.__module__}.{kind.__qualname__} is not ours")
        names = _field_names(kind)
        held = {name: self.encode(getattr(value, name), f"{place}.{name}") for name in names}
        return {"$": f"{kind.__module__}:{kind.__qualname__}", "is": held}

    def _frame(self, frame: pd.DataFrame, place: str) -> dict[str, Json]:
        if frame.size > LARGE and _fits_parquet(frame):
            name = f"{place.removeprefix('value.')}.parquet"
            # Of the file, not of its path: pyarrow takes no path that is no text.
            with (self.folder / name).open("wb") as file:
                frame.to_parquet(file)
            return {"$": "parquet", "is": name}
        columns = [_cells(frame.iloc[:, i]) for i in range(frame.shape[1])]
        parts = (frame.columns, frame.index, columns)
        return {"$": "frame", "is": self.encode(list(parts), place)}

    def _index(self, index: pd.Index, place: str) -> dict[str, Json]:
        if isinstance(index, pd.RangeIndex):
            steps = [index.start, index.stop, index.step, index.name]
            return {"$": "range", "is": self.encode(steps, place)}
        if isinstance(index, pd.MultiIndex):
            levels = [_cells(index.get_level_values(i)) for i in range(index.nlevels)]
            return {"$": "levels", "is": self.encode([list(index.names), levels], place)}
        return {"$": "index", "is": self.encode([index.name, _cells(index)], place)}

    def _array(self, array: np.ndarray, place: str) -> dict[str, Json]:
        if array.dtype == object:
            cells: list[object] = array.ravel().tolist()
        elif array.size > LARGE:
            self.arrays[place] = array
            return {"$": "npz", "is": place}
        elif array.dtype.kind in "iufb":
            cells = array.ravel().tolist()
        else:
            cells = array.ravel().astype("int64" if array.dtype.kind in "mM" else str).tolist()
        about: dict[str, Json] = {"dtype": str(array.dtype), "shape": list(array.shape)}
        return {"$": "array"} | about | {"is": self.encode(cells, place)}


class _Reader:
    def __init__(self, folder: Path):
        self.folder = folder
        self.known: dict[int, object] = {}
        self.arrays: dict[str, np.ndarray] = {}
        if (folder / ARRAYS).is_file():
            with np.load(folder / ARRAYS) as held:
                self.arrays = dict(held)

    def decode(self, content: Json) -> object:
        if isinstance(content, list):
            return [self.decode(v) for v in content]
        if not isinstance(content, dict):
            return content
        if "$" not in content:
            return {k: self.decode(v) for k, v in content.items()}
        if content["$"] == "float":
            return float(str(content["is"]))
        if content["$"] == "again":
            return self.known[content["is"]]  # type: ignore[index]  # written as a number
        value = self._typed(str(content["$"]), content)
        self.known[content["#"]] = value  # type: ignore[index]  # the same
        return value

    def _typed(self, kind: str, content: dict[str, Json]) -> object:
        if ":" in kind:
            return self._dataclass(kind, content["is"])
        if kind == "parquet":
            name = str(content["is"])
            if Path(name).name != name:
                raise NotReadable(f"{name} is no file of the folder")
            return pd.read_parquet(io.BytesIO((self.folder / name).read_bytes()))
        if kind == "npz":
            return self.arrays[str(content["is"])]
        held = self.decode(content["is"])
        if kind == "array":
            return _array(held, str(content["dtype"]), content["shape"])
        if kind == "column":
            return pd.array(held, dtype=str(content["dtype"]))
        if kind in FRAMES:
            return FRAMES[kind](*_list(held))
        return SCALARS[kind][2](held)

    def _dataclass(self, kind: str, content: Json) -> object:
        module, name = kind.split(":")
        if not module.startswith(f"{PACKAGE}."):
            raise NotReadable(f"{kind} is not ours")
        made = getattr(importlib.import_module(module), name)
        if not isinstance(made, type) or not dataclasses.is_dataclass(made):
            raise NotReadable(f"{kind} is no dataclass")
        if not isinstance(content, dict) or {f.name for f in dataclasses.fields(made)} != set(
            content
        ):
            raise NotReadable(f"{kind} has other fields now")
        value: object = object.__new__(made)  # its own checks were asked before
        for field, held in content.items():
            object.__setattr__(value, field, self.decode(held))
        return value


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind))


def _is_json(cells: list[object]) -> bool:
    """Whether a list holds nothing but what JSON knows."""
    kinds = set(map(type, cells))
    return kinds <= JSON and (
        float not in kinds or all(math.isfinite(v) for v in cells if type(v) is float)
    )


def _cells(values: pd.Series | pd.Index) -> object:
    """The array behind a column or an index, numpy's own where it is one."""
    array = values.array
    return values.to_numpy() if isinstance(array, pd.arrays.NumpyExtensionArray) else array


def _fits_parquet(frame: pd.DataFrame) -> bool:
    """Whether a frame comes back from parquet as it is: plain columns with names, rows numbered."""
    names = all(type(c) is str for c in frame.columns) and frame.columns.is_unique
    numbered = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    plain = (d.kind in PLAIN or str(d) in ("str", "Int64", "boolean") for d in frame.dtypes)
    return bool(names and numbered and frame.columns.name is None and all(plain))


def _list(held: object) -> list[object]:
    if not isinstance(held, list):
        raise NotReadable(f"{held!r} should be a list")
    return held


def _array(cells: object, dtype: str, shape: object) -> np.ndarray:
    held, sides = _list(cells), tuple(int(str(n)) for n in _list(shape))
    if dtype != "object":
        return np.array(held, dtype=dtype).reshape(sides)
    made = np.empty(len(held), dtype=object)
    made[:] = held
    return made.reshape(sides)


def _frame(columns: pd.Index, index: pd.Index, cells: list[object]) -> pd.DataFrame:
    columns_of = {i: _series(None, index, c) for i, c in enumerate(cells)}
    frame = pd.DataFrame(columns_of, index=index)
    frame.columns = columns
    return frame


def _series(name: Hashable, index: pd.Index, cells: Any) -> pd.Series:
    return pd.Series(cells, index=index, name=name, dtype=cells.dtype)


def _scalar(dtype: str, value: object) -> object:
    return np.array(value, dtype=dtype)[()]


def _levels(names: list[object], levels: list[object]) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays(levels, names=names)


FRAMES: dict[str, Callable[..., object]] = {
    "frame": _frame,
    "series": _series,
    "index": lambda name, cells: pd.Index(cells, name=name, dtype=cells.dtype),
    "range": lambda start, stop, step, name: pd.RangeIndex(start, stop, step, name=name),
    "levels": _levels,
}
MISSING = {"NaT": pd.NaT, "<NA>": pd.NA}
Turn = Callable[[Any], object]
SCALARS: dict[str, tuple[tuple[type, ...], Turn, Turn]] = {
    "missing": ((type(pd.NaT), type(pd.NA)), repr, MISSING.__getitem__),
    "tuple": ((tuple,), list, tuple),
    "set": ((frozenset,), sorted, frozenset),
    "dict": ((dict,), lambda d: [[k, v] for k, v in d.items()], dict),
    "numpy": ((np.generic,), lambda v: [str(v.dtype), v.item()], lambda v: _scalar(*v)),
    "period": ((pd.Period,), lambda p: [str(p), p.freqstr], lambda v: pd.Period(v[0], freq=v[1])),
    "timestamp": ((pd.Timestamp,), str, pd.Timestamp),
    "time": ((dt.datetime,), dt.datetime.isoformat, dt.datetime.fromisoformat),
    "date": ((dt.date,), dt.date.isoformat, dt.date.fromisoformat),
    "path": ((Path,), str, Path),
}
"""How a typed value is put as a plainer one, and made of it again; the first that fits is used."""
