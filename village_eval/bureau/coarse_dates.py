"""Months, parts of months, quarters and years where a clerk wrote no day: from which day to which.

4月 is the month, 4月上旬 its first ten days, 4月初 and 4月底 the same as 上旬 and 下旬.
What names no time of our calendar (农历, 春节前, 即日起) is told apart, so that a message can say
what to write.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import NamedTuple

from village_eval.folder.dates import YEARS

_PARTS = {
    "": (1, 31),
    "份": (1, 31),
    "上旬": (1, 10),
    "初": (1, 10),
    "中旬": (11, 20),
    "中": (11, 20),
    "下旬": (21, 31),
    "底": (21, 31),
    "末": (21, 31),
    "上半月": (1, 15),
    "下半月": (16, 31),
}
_MONTHS = {"一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9), "四季度": (10, 12)}
_MONTHS |= {f"{n}季度": _MONTHS[f"{c}季度"] for n, c in zip("1234", "一二三四", strict=True)}
_MONTHS |= {"上半年": (1, 6), "下半年": (7, 12), "初": (1, 1), "底": (12, 12), "末": (12, 12)}
_MONTHS |= {"": (1, 12), "内": (1, 12), "全年": (1, 12)}
_MONTH = re.compile(
    rf"(?:(?P<year>\d{{4}})年)?(?P<month>\d{{1,2}})月(?P<part>{'|'.join(filter(None, _PARTS))})?"
)
_PLAIN = re.compile(r"(?P<year>\d{4})(?P<mark>[-./])(?P<month>\d{1,2})")
_LONG = re.compile(rf"(?:(?P<year>\d{{4}})年?度?|(?P<no_year>年|第)?)(?P<part>{'|'.join(_MONTHS)})")
_CHINESE = re.compile("[〇零○一二三四五六七八九]{4}(?=年)|(?:十[一二]?|[一二三四五六七八九])(?=月)")
_SHORT_YEAR = re.compile(r"['‘’]?\d{2}(?:年|[-./]\d{1,2}月)")
_OTHER_CALENDAR = re.compile(
    "农历|阴历|旧历|初[一二三四五六七八九十]|正月|腊月|冬月|民国|春节|元宵|清明|端午|中秋|重阳|国庆|元旦|五一|七一|八一|十一前"
)
_DEADLINE = re.compile(r"(?:之前|以前|前|内)(?:完成|销号|办结)?$")


class Span(NamedTuple):
    """From a day to a day; ``fine`` where it is a month or less."""

    first: dt.date
    last: dt.date
    fine: bool


def spans(text: str, years: range, *, typed: bool = True) -> list[Span]:
    """What a folded text can mean: in its own year, else in each of ``years``.

    ``typed``: 2023.1 may be what a sheet stored of 2023.10, so it means nothing.
    """
    text = _CHINESE.sub(_digits, text)
    if found := _MONTH.fullmatch(text):
        days = _PARTS[found["part"] or ""]
        return _all(found["year"], years, (int(found["month"]),) * 2, days, fine=True)
    if found := _PLAIN.fullmatch(text):
        if typed and found["mark"] == "." and found["month"] == "1":
            return []
        return _all(found["year"], years, (int(found["month"]),) * 2, (1, 31), fine=True)
    found = _LONG.fullmatch(text)
    if found and (found["year"] or found["part"] not in ("", "内")):
        months = _MONTHS[found["part"]]
        return _all(found["year"], years, months, (1, 31), fine=months[0] == months[1])
    return []


def _digits(chinese: re.Match) -> str:
    """二〇二三 and 十二 in figures."""
    text = chinese[0].translate(str.maketrans("〇零○一二三四五六七八九", "000123456789"))
    return f"{10 + int(text[1:] or 0)}" if text.startswith("十") else text


def _all(
    written: str | None, years: range, months: tuple[int, int], days: tuple[int, int], *, fine: bool
) -> list[Span]:
    if not 1 <= months[0] <= 12:
        return []
    some = range(int(written), int(written) + 1) if written else years
    return [
        Span(
            dt.date(year, months[0], days[0]),
            dt.date(year, months[1], min(days[1], calendar.monthrange(year, months[1])[1])),
            fine,
        )
        for year in some
        if YEARS[0] <= year <= YEARS[1]
    ]


def without_deadline(text: str) -> str:
    """5月20日前完成, 5月底前, 年底前 without 前: the last day that is allowed.

    6月前 stays as it is: it may end with May or with June.
    """
    bare = _DEADLINE.sub("", text)
    unclear = re.search(r"(?:月|季度|半年|\d年)$", bare) and not text.endswith("内")
    return text if unclear else bare


def why_no_day(text: str) -> str:
    """The kind of problem (importing.toml) of a folded text that is no day."""
    if _OTHER_CALENDAR.search(text):
        return "other_calendar"
    if _SHORT_YEAR.match(text):
        return "short_year"
    if spans(text, range(2023, 2024)):
        return "coarse_date"
    if _DEADLINE.search(text) and re.search(r"\d|年底|年末", text):
        return "deadline_unclear"
    return "bad_day" if re.search(r"\d", text) else "no_day_named"
