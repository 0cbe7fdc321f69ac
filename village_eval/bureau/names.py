"""Villages by the names that bureaus use.

(township, village) is the key, for one name occurs in several townships.
"""

from __future__ import annotations

import difflib
import re

import pandas as pd

from village_eval.bureau.values import parse_code
from village_eval.folder.cells import fold
from village_eval.words import vocabulary

_BOOKS = "集体经济组织|(?:股份)?(?:集体)?(?:经济)?(?:合作|联合)(?:社|联社|总社)"
_OF_A_VILLAGE = f"党支部|党总支|党委|党组织|{_BOOKS}"
_VILLAGE_ENDING = re.compile(
    rf"(?:(?:村|社区)(?:{_OF_A_VILLAGE})|村民委员会|居民委员会|社区居委会|村委会|居委会|村民委|村委|社区|村)$"
)
_BRACKET = re.compile(r"\(([^()]*)\)$")
_BEFORE, _MERGED = "原为?|由|含|包括|曾用名|又名", "合并|撤并|并入|更名|改名"
_OF_OLD = re.compile(rf"^(?:{_BEFORE})|(?:{_MERGED})")
_OLD_NAME = re.compile(rf"(?:{_BEFORE})?:?([一-鿿]{{1,8}}村)(?:{_MERGED}|而来|而成)*")
_GROUP = r"第?[一二三四五六七八九十百\d]+(?:村民)?(?:小组|组|队|社)"
_BEHIND = re.compile(rf"(?:{_GROUP}|\({_GROUP}\))$")
"""A part of a village behind its name."""
_SEPARATED = re.compile(r"(?<=[县市区旗镇乡道])[-—–/\\>·.]+(?=[一-鿿(])")


def bare_name(name: str) -> str:
    """A village's name without what else stands behind it.

    赵家村二组, 赵家村(3组) and 赵家村(软弱涣散) are of 赵家村.
    """
    return _BEHIND.sub("", without_note(name)[0]) or name


def without_note(name: str) -> tuple[str, tuple[str, ...]]:
    """A village's name without what was noted behind it, and the old names that the note tells.

    后庄村(原小庄村、河东村合并) is 后庄村, of old 小庄村 and 河东村; (软弱涣散) is a term.
    """
    bracket = _BRACKET.search(name)
    if bracket is None or bracket.start() == 0:
        return name, ()
    note, bare = bracket[1], name[: bracket.start()]
    if _OF_OLD.search(note):
        parts = (_OLD_NAME.fullmatch(part) for part in re.split(r"[、,;，；和与及/]", note))
        return bare, tuple(part[1] for part in parts if part)
    if any(vocabulary.lookup(kind, note) for kind in ("village_type", "team_state", "cause")):
        return bare, ()
    return name, ()


def village_stem(name: object) -> str:
    """王家村民委员会, 王家村党支部, 王家村 and 王家 are one village."""
    return _VILLAGE_ENDING.sub("", fold(name)) or fold(name)


def township_stem(name: object) -> str:
    """向城镇人民政府, 向城镇 and 向城 are one township."""
    return re.sub(
        r"(?:镇|乡|街道)$", "", re.sub(r"(?:人民政府|政府|党委|党工委|办事处|办)$", "", fold(name))
    )


class Roster:
    """The county's villages, found by code or by name.

    By township and name only when that leaves one village. ``whole`` leads from the parts of a
    split village, and from codes of old, to the one that stands for it. ``county`` is the name
    that may stand before a township or a village.
    """

    def __init__(self, villages: pd.DataFrame, county: str = ""):
        self._county = re.compile(
            rf"^(?:[一-鿿]{{2,8}}?(?:省|自治区))?(?:[一-鿿]{{2,8}}?(?:市|州|盟|地区))?{re.escape(fold(county))}"
            if fold(county)[-1:] in ("县", "区", "市", "旗")
            else r"(?!)"
        )
        self.codes = set(villages["village_code"])
        self.townships = sorted(set(villages["township_name"]))
        self.by_name: dict[tuple[str, str], set[str]] = {}
        self.by_stem: dict[tuple[str, str], set[str]] = {}
        self.anywhere: dict[str, set[str]] = {}
        self.place = {
            c: (t, v)
            for c, t, v in villages[["village_code", "township_name", "village_name"]].itertuples(
                index=False
            )
        }
        self._township = {}
        for code, (township, village) in self.place.items():
            self.by_name.setdefault((township, fold(village)), set()).add(code)
            self.by_stem.setdefault((township, village_stem(village)), set()).add(code)
            self.anywhere.setdefault(village_stem(village), set()).add(code)
        stems: dict[str, set[str]] = {}
        for township in self.townships:
            self._township[fold(township)] = township
            stems.setdefault(township_stem(township), set()).add(township)
        for stem, named in stems.items():
            if len(named) == 1:
                self._township.setdefault(stem, *named)
        self.renamed: dict[tuple[str | None, str], set[str]] = {}
        for code, old in zip(villages["village_code"], villages.get("_old", ()), strict=False):
            for name in old:
                for township in (self.place[code][0], None):
                    key = (township, village_stem(name))
                    self.renamed.setdefault(key, set()).add(code)
        self.whole: dict[str, str] = {}
        self.old_name: dict[str, str] = {}
        self._memo: dict = {}

    def is_county(self, written: object) -> bool:
        """Whether a text is the county's own name alone, with its province or without."""
        return self._county.sub("", fold(written)) == ""

    def township(self, written: object) -> str | None:
        """The township's name in the roster, however it was written."""
        name = self._county.sub("", fold(written))
        return self._township.get(name) or self._township.get(township_stem(name))

    def match(
        self, township: object, village: object, code: object = None
    ) -> tuple[str | None, str, dict]:
        """The village's code, or None with what is wrong.

        The kind of problem is a key of importing.toml; its details follow.
        """
        key = (township, village, code)
        if key not in self._memo:
            self._memo[key] = self._match(*key)
        return self._memo[key]

    def _match(self, township, village, code):
        parsed = None if code is None else parse_code(code)
        if parsed is not None:
            parsed = self.whole.get(parsed, parsed)
        if code is not None and village is None:
            return (parsed, "", {}) if parsed in self.codes else (None, "unknown_code", {})
        named, kind, details = self._by_name(township, village)
        if code is None:
            return named, kind, details
        if parsed not in self.codes:
            return named, "name_unknown_code" if named else kind, details
        if named == parsed or kind == "ambiguous_village":
            return parsed, "", {}
        if named is None and kind != "village_elsewhere":
            return parsed, "code_unknown_name", {}
        return None, "code_and_name", {"other": "".join(self.place[parsed])}

    def _by_name(self, township, village):
        written = _SEPARATED.sub("", fold(village))
        name = self._county.sub("", written) or written
        stem = village_stem(name)
        if township is None:
            for known in self.townships:  # 青石镇王家村 in one cell
                rest = name.removeprefix(fold(known))
                if rest != name and (known, village_stem(rest)) in self.by_stem:
                    return self._by_name(known, rest)
            found = self.anywhere.get(stem, set())
            found = found or self.renamed.get((None, stem), set())
            exact = {c for c in found if fold(self.place[c][1]) == name} or found
            if not exact and (bare := bare_name(name)) != name:
                return self._by_name(None, bare)
            return self._only(exact, village, None)
        known = self.township(township)
        if known is None:
            close = difflib.get_close_matches(fold(township), self.townships, 1, 0.4)
            return (
                None,
                "unknown_township",
                {
                    "township": str(township),
                    "suggestion": close[0] if close else tuple(self.townships[:3]),
                },
            )
        for prefix in (fold(known), township_stem(known)):
            if (
                name.startswith(prefix)
                and (known, village_stem(name[len(prefix) :])) in self.by_stem
                and (known, stem) not in self.by_stem
            ):
                name, stem = name[len(prefix) :], village_stem(name[len(prefix) :])
        found = self.by_name.get((known, name)) or self.by_stem.get((known, stem)) or set()
        found = found or self.renamed.get((known, stem), set())
        if not found and (bare := bare_name(name)) != name:
            return self._by_name(township, bare)
        return self._only(found, village, known)

    def keep_whole(self, code: str, into: str, old_name: str) -> None:
        """Two villages that one old village was split into are one from now on."""
        code, into = (self.whole.get(c, c) for c in (code, into))
        if village_stem(self.place[code][1]) == village_stem(old_name):
            code, into = into, code
        for part in {code, into, *(p for p, w in self.whole.items() if w == code)}:
            self.whole[part] = into
        self.old_name[into] = fold(old_name)
        self._memo.clear()

    def _only(self, found: set[str], village: object, township: str | None):
        found = {self.whole.get(c, c) for c in found}
        if len(found) == 1:
            return next(iter(found)), "", {}
        if len(found) > 1:
            return (
                None,
                "ambiguous_village",
                {"places": tuple(sorted("{}{}".format(*self.place[c]) for c in found)[:4])},
            )
        here = [v for c, (t, v) in self.place.items() if township in (None, t)]
        name = fold(village)
        close = [v for v in here if fold(v).startswith(f"{name}(")]  # 王家村 for 王家村(东)
        close = close or difflib.get_close_matches(name, here, 1, 0.5)
        parts = [p for p in re.split(r"[、,;，；/]|和(?=[^,]{2,})", str(village)) if p.strip()]
        if len(parts) > 1 and all(
            self._by_name(township, p)[0] or village_stem(p) in self.anywhere for p in parts
        ):
            return None, "several_villages", {}
        elsewhere = sorted(
            "{}{}".format(*self.place[c]) for c in self.anywhere.get(village_stem(village), ())
        )
        if elsewhere:
            return (
                None,
                "village_elsewhere",
                {"township": township, "places": tuple(elsewhere[:3])},
            )
        if close:
            return None, "unknown_village_close", {"suggestion": close[0]}
        return None, "unknown_village", {}
