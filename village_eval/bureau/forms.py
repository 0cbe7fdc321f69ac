"""The ways of reading one header: what clerks add to it without meaning another thing.

Numbers before it, units and remarks behind it, a year, 其中, 的. A bracket that changes what is
meant (计划, 贫困, 镇) is never dropped. What is left must still be known whole (columns.toml).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from village_eval.folder.cells import fold

MOST = 32
"""So many ways of reading one header; a longer text is a story."""
LONGEST = 40
_UNITS = "亿元|百万元|万元|千元|百元|元|%|人次|人|户|名|件|批|分|亩|个|天|度"
AFTER_AMOUNT = "(?<=[入益助他计费金额款投])"
"""收入万元 in one cell with a line break is 收入 in 万元."""
_QUOTED = re.compile(r"[\"'“”‘’「」《》]")
_CIRCLED = re.compile(r"^\s*[①-⑳]")
_ASKED = re.compile(r"\((?:必填|选填|必填项|必选|下拉选择|可不填)\)|^(?:必填|必选)[:,]?")
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.,:]|\([一二三四五六七八九十\d]+\)|\d{1,2}[、.):])"
)
"""一、经营收入 and 1.经营收入 are 经营收入."""
_MARKS = "*★☆※▲△●○◆◇■□#·•:,。、.-—_?!;"
LAST_YEAR = re.compile(r"^\W*(?:上年|去年|上一年|上期|上年度|往年)|[(（](?:上年|去年|上期)")
"""Last year's figures stand beside this year's in tables of income; elsewhere they are not read."""
OTHERWISE = re.compile(
    "(?:计划|预计|预期|拟|目标)(?:数|情况|投入|安排)?$|上年|去年|上期|同期|同比|支出|负债|贫困|脱贫"
)
"""Above a header it says something else than the header alone."""

_BRACKET = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_CHANGES = re.compile(
    "计划|预计|预期|拟|目标|要求|应|上年|去年|上期|同期|同比|环比|增长|增幅|增减|占比|比例|率"
    "|未|其中|支出|负债|人均|户均|村均|非|男|女|贫困|脱贫|低保|五保|流动|外出|外来"
    "|初访|重访|初次|劳动力|少数民族|残疾|岁|[69]位|[一二三]级|^(?:省|市|县|区|乡|镇|街道|乡镇|镇街|街镇|县区|市县|小?组)级?$"
    r"|^(?:乡镇|镇|县)\W|^乡\W?镇|^(?:经营|补助|投资|发包|承包|转移|财产|工资)性?(?:收入)?$"
)
"""A bracket with one of these says something else than its header without it."""
_PLANNED = re.compile("^(?:计划|预计|预期|拟|目标|要求|实际)$")


def plain(header: str) -> str:
    """A header folded, without quotation marks and what is drawn around it."""
    text = fold(_CIRCLED.sub("", header)) if not header.isascii() else fold(header)
    return _ASKED.sub("", _QUOTED.sub("", text)).strip(_MARKS).lower().replace("帐", "账")


def _without_brackets(text: str) -> str:
    within = [w for w in _BRACKET.findall(text) if not w.startswith(("含", "包括", "包含"))]
    if any(map(_CHANGES.search, within)):
        return text
    return _BRACKET.sub("", text)


def _fronted(text: str) -> str:
    """完成时间(计划) is 计划完成时间."""
    found = _BRACKET.search(text)
    if not found or not _PLANNED.match(found[1]):
        return text
    return found[1] + text[: found.start()] + text[found.end() :]


def _opened(text: str) -> str:
    """乡(镇) is 乡镇."""
    return re.sub(r"[()\[\]【】]", "", text)


def _without(pattern: str) -> Callable[[str], str]:
    found = re.compile(pattern)
    return lambda text: found.sub("", text, count=1)


def _all_without(characters: str) -> Callable[[str], str]:
    found = re.compile(f"[{characters}]")
    return lambda text: found.sub("", text)


_STEPS: tuple[Callable[[str], str], ...] = (
    _fronted,
    _opened,
    _without_brackets,
    _without(
        rf"[/,、:-]?单位:?.*$|[/,、:-](?:{_UNITS})$|(?<=[率度例])%$|{AFTER_AMOUNT}(?:亿|百万|万|千|百)?元$"
    ),
    _without(r"(?<=[数口员])[人户名]$"),
    _all_without("的之"),
    _all_without("/、或和及与·-"),
    _without(
        r"^(?:截至|截止)?到?(?:19|20)\d{2}年?度?(?:年?末|年?底)?(?:[一二三四五六七八九十]+[、.,:])?"
    ),
    _without(r"^(?:本年度?|当年度?|今年度?|全年度?|年度|年末|年底|期末)数?"),
    _without(r"^(?:上年度?|去年|上一年度?)数?"),  # told apart by their year (layout.py)
    _without(r"\((?:上年度?|去年|上一年度?)(?:实际|完成)?数?\)$"),
    _without(r"^(?:村民?|村级|本村|该村|全村|#?其中[:,]?)"),
    _without(r"^\d{3,6}[._:-]?(?=[一-鿿])"),  # 501经营收入, an account
    _without(r"(?<![村镇乡区道人织位])(?:情况|信息)$"),
)


@lru_cache(maxsize=4096)
def forms(header: str) -> list[str]:
    """A header as it is, then without what may be added to it: one step, two steps, and so on."""
    text = plain(header)
    if len(text) > LONGEST:
        return [text]
    text = _ORDINAL.sub("", text).strip(_MARKS) or text
    found = [text]
    for form in found:
        for step in _STEPS:
            shorter = step(form).strip(_MARKS)
            if shorter and shorter not in found and len(found) < MOST:
                found.append(shorter)
    return found
