"""Petitioners as pseudonyms: the column ``case_id`` of a register."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

import numpy as np
import pandas as pd

from village_eval.county.privacy import plain_forms


def pseudonyms(
    identity: pd.Series, name: pd.Series, telephone: pd.Series, key: bytes | None = None
) -> pd.Series:
    """``case_id``: a keyed hash (HMAC-SHA-256) of the petitioner, text.

    Blank where the petitioner is not recorded.

    The petitioner is the identity number, else name and telephone together; rows without an
    identity number take the one that the same name and telephone have elsewhere in the import, if
    it is only one. The key is random and forgotten unless given (tests), so that the same person
    has another pseudonym in the next import. Letters only: never mistaken for a number.
    """
    key = secrets.token_bytes(32) if key is None else key
    ids = [_identity_key(v) for v in identity]
    both = [
        n + "|" + t if n and t else ""
        for n, t in zip(map(_name_key, name), map(_phone_key, telephone), strict=True)
    ]
    identity_of: dict[str, set[str]] = {}
    for person, known in zip(both, ids, strict=True):
        if person and known:
            identity_of.setdefault(person, set()).add(known)
    whom = []
    for person, known in zip(both, ids, strict=True):
        elsewhere = identity_of.get(person, set()) if person else set()
        whom.append(known or (next(iter(elsewhere)) if len(elsewhere) == 1 else person))
    code = {
        w: _letters(hmac.new(key, w.encode(), hashlib.sha256).hexdigest()[:16])
        for w in set(whom)
        if w
    }
    return pd.Series([code.get(w, "") for w in whom], index=identity.index, dtype=object)


def _letters(digest: str) -> str:
    return digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and not np.isfinite(value)) or value is pd.NA:
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return re.sub(r"\s", "", plain_forms(value))


def _identity_key(value: object) -> str:
    """The identity number of 18 characters, or nothing.

    Blanks out, x to X, the old 15 digits lengthened as GB 11643 says.
    """
    found = re.search(
        r"(?<!\d)(?:\d{17}[\dX]|\d{15})(?![\dX])", re.sub(r"[-']", "", _text(value)).upper()
    )
    if not found:
        return ""
    number = found[0]
    if len(number) == 18:
        return number
    body = number[:6] + "19" + number[6:]
    weights = [2 ** (17 - i) % 11 for i in range(17)]
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def _name_key(value: object) -> str:
    return re.sub(r"[\W\d_]", "", re.sub(r"\([^)]*\)|等\d*人?$", "", _text(value))).lower()


def _phone_key(value: object) -> str:
    """Digits of the first number.

    A country code or a masked number does not make another person.
    """
    text = _text(value)
    if "*" in text or "×" in text:
        return ""
    first = re.split(r"[/,;、]", text)[0]
    digits = re.sub(r"\D", "", re.sub(r"\.0$", "", first))
    digits = re.sub(r"^(?:00)?86(?=1[3-9]\d{9}$)", "", digits)
    return digits if len(digits) >= 7 else ""
