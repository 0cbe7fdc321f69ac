"""findings.json and manifest.json read back: by whoever sends a result on, from wherever it came.

A result is data of somebody else's by the time it is compared, listed or pooled. It is taken only
in the form that its readers rely on, with text that can be shown and numbers that can be printed.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import NoneType
from typing import Any

from village_eval.words.catalogue import words
from village_eval.words.plain import plain

READ = ("village-eval/findings/1", "village-eval/findings/2")
"""What results call their own form; the first knows no precision and no order of questions."""
LARGEST_FILE, LARGEST_LOG, LONGEST_TEXT = 100_000_000, 300.0, 20_000
"""Bytes; of a change on the log scale (a thousand times is 7); characters."""
TEXT, MAYBE, NUMBER = (str,), (str, NoneType), (int, float, NoneType)
LOG = ("estimate", "ci_low", "ci_high")
SAME = {str: TEXT}
FORM: dict[str, Any] = {
    "schema": TEXT,
    "county": TEXT,
    "campaign": {"start": TEXT, "province?": TEXT, "synthetic?": (bool,)},
    "lottery?": {"reason": MAYBE},
    "findings": [
        {
            **dict.fromkeys(("id", "outcome", "window", "scale", "grade"), TEXT),
            **dict.fromkeys(("conclusion", "reason"), MAYBE),
            **dict.fromkeys((*LOG, "se", "p_value", "n_treated", "n_control"), NUMBER),
            **dict.fromkeys(("label", "window_label", "sentence"), SAME),
            "compared?": {
                "within_se": (int, float),
                "years": [(int,)],
                "estimates": [(int, float)],
                "covariance": [[(int, float)]],
            },
        }
    ],
    "checks": [{"name": TEXT, "finding": TEXT, "verdict": TEXT, "label": SAME}],
}
MADE: dict[str, Any] = {
    "made": TEXT,
    "inputs": SAME,
    "parameters": {str: (*NUMBER, str, bool)},
    "versions": SAME,
}


class Misshapen(ValueError):
    """A file that is JSON but no result of ours."""


def result_of(folder: Path) -> dict[str, Any]:
    """findings.json of a result folder. Raises OSError, ValueError."""
    content = load(folder / "findings.json")
    if not fits(content, FORM) or content["schema"] not in READ:
        raise Misshapen(folder.name)
    if not all(map(_readable, content["findings"])):
        raise Misshapen(folder.name)
    verdicts = words("en")["verdict"]
    if any(c["verdict"] not in verdicts for c in content["checks"]):
        raise Misshapen(folder.name)
    return content


def manifest_of(folder: Path) -> dict[str, Any]:
    """manifest.json of a result folder. Raises OSError, ValueError."""
    content = load(folder / "manifest.json")
    if not fits(content, MADE):
        raise Misshapen(folder.name)
    return content


def load(path: Path) -> dict[str, Any]:
    """A JSON object whose texts can be shown and whose numbers are finite.

    Raises OSError, ValueError.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise Misshapen(path.name)
    try:
        content = json.loads(
            path.read_text("utf-8"), parse_float=_finite, parse_int=_whole, parse_constant=_finite
        )
        shown = _shown(content)
    except RecursionError as error:
        raise Misshapen(path.name) from error
    if not isinstance(shown, dict):
        raise Misshapen(path.name)
    return shown


def fits(content: object, form: object) -> bool:
    """Whether a value has a form.

    A tuple holds types, a list the form of all items, a dictionary that of its keys, ``str`` among
    them that of all values. A key with ``?`` may be absent or null; other keys may be there.
    """
    if isinstance(form, tuple):
        return type(content) in form
    if isinstance(form, list):
        return isinstance(content, list) and all(fits(item, form[0]) for item in content)
    assert isinstance(form, dict)
    if not isinstance(content, dict):
        return False
    if str in form:
        return all(fits(item, form[str]) for item in content.values())
    for key, of in form.items():
        name = key.removesuffix("?")
        if name != key and content.get(name) is None:
            continue
        if name not in content or not fits(content[name], of):
            return False
    return True


def _readable(finding: dict[str, Any]) -> bool:
    """Whether what a finding says in numbers and keys can be said in words."""
    numbers = [finding[k] for k in LOG]
    if numbers[0] is not None and None in numbers:
        return False
    if any(n is not None and abs(n) > LARGEST_LOG for n in numbers):
        return False
    named = all(finding[k] for k in ("label", "window_label", "sentence"))
    known = finding.get("precision") is None or finding["precision"] in words("en")["precision"]
    return named and known


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value[:LONGEST_TEXT])
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if isinstance(value, dict):
        return {plain(key): _shown(item) for key, item in value.items()}
    return value


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise Misshapen(written)
    return number


def _whole(written: str) -> int:
    if len(written) > 18:
        raise Misshapen(written[:20])
    return int(written)
