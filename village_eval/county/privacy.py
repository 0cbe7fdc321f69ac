"""Personal data stop here: what tells of a person, and how a text is blanked.

Identity and telephone numbers are recognised by their form alone (an identity number with a wrong
check digit is still somebody's), names by the header of their column, by their form, and by having
stood in a column of names anywhere else in the same delivery. Beside this file an auditor reads
``without_persons`` (tables whose columns and cells of persons go) and ``pseudonyms`` (case_id).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np

BLANK = "***"
_INVISIBLE = re.compile(r"[\u200b\ufeff]")
_DASHES = str.maketrans("—–−", "---")
CONTENT_SHARE = 0.2
"""So large a share of cells with a number of a person, and the column is dropped; fewer are blanked
one by one."""
NAME_SHARE = 0.6
"""Names are dropped by form only where most of a column looks like names: 高度 and 方案 begin with
a surname too."""

_NOT_AFTER = r"(?<!\d)(?<!\d\.)"
_IDENTITY = re.compile(
    _NOT_AFTER + r"(?:\d(?:[ -]?\d){16}[ -]?[\dXx](?![\dA-Za-z])"
    r"|\d(?:[ -]?\d){14}(?!\d)|\d{3,6}\*{4,}[\dXx]{1,4})"
    r"|\d\.\d{3,}[Ee]\+?1[4-7]"
)
_PHONE = re.compile(
    _NOT_AFTER + r"(?:\+?(?:00)?86[ -]?)?(?:1[3-9]\d(?:[ .-]?\d){8}(?!\d)|1[3-9]\d\*{4}\d{4}"
    r"|\(?0\d{2,3}\)?[ -]?\d{3,4}[ -]?\d{4}(?!\d))"
    r"|(?:(?<=电话)|(?<=手机)|(?<=联系方式)|(?<=[Tt]el)|(?<=phone))[:. ]*\d{3,4}[ -]?\d{4}(?!\d)"
)
_ADDRESS = re.compile(
    r"[一-鿿]{1,8}(?:路|街|巷|弄|胡同|大道)\d+号(?:[一-鿿]{0,4}\d+号?楼)?(?:\d+单元)?(?:\d+室?)?"
    r"|(?:[一-鿿]{1,8}(?:小区|花园|家园|新村))?\d+(?:号楼|栋|幢)(?:\d+单元)?(?:\d+室?)?"
    r"|\d+单元\d+室?|\d+(?:村民)?小?组\d+号"
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜"
    "倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳"
    "裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边"
)
_PLACE_ENDINGS = "村庄屯寨店镇乡县市区社居委组队场"
_COMPOUND = (
    "欧阳|司马|司徒|上官|诸葛|东方|皇甫|尉迟|公孙|夏侯|慕容|令狐|宇文|长孙|独孤|"
    "轩辕|端木|南宫|东郭|西门|澹台|公冶|宗政|濮阳|淳于|单于|太叔|申屠|仲孙|钟离|"
    "鲜于|闾丘|司寇|呼延|赫连|拓跋|万俟|闻人|完颜|纳兰|梁丘|左丘|即墨|爱新觉罗"
)
# Names of other tongues as Chinese spells them: with a dot, or in these characters throughout.
_SPELLED = (
    "阿依古丽买提吐尔逊艾合木江努娜热孜亚帕莎克力布都拉米娅"
    "玛洛扎西次仁卓央金多吉旺丹增平措姆德尼巴桑汗曼"
)
_NAME = re.compile(
    rf"(?:(?:{_COMPOUND})[一-鿿]{{1,2}}|[{_SURNAMES}](?:[一-鿿]{{1,2}}|[*×xX]{{1,2}})"
    rf"|[一-鿿]{{1,8}}[·•][一-鿿]{{1,8}}|[{_SPELLED}]{{3,}})"
)
_LIKE_NAMES = (
    "单位 方案 高度 成果 计划 项目 金额 安全 安置 时间 常务 时限 方式 方法 "
    "解决 易地 温泉 万元 全部 平均 水利 金融 房屋 应急 项目部 余额 高速 常态化 "
    "常规 时段 程序 成效 成立 包括 段落 方面 万人 毕业 党员 安装 康养 江苏 "
    "石油 范围 管理 管护 管控 宁夏 路灯 路面 车辆 强化 强拆 单列 成本 花园"
)
_NO_NAMES = frozenset(_LIKE_NAMES.split())
"""Words that begin like a surname."""
_MASKED_NAME = re.compile(rf"[{_SURNAMES}](?:某[某甲乙丙丁]?|[*×]{{1,2}})[一-鿿]?")
_ROLE = (
    "信访人|上访人|来访人|来信人|反映人|投诉人|举报人|申请人|当事人|联系人|责任人|负责人|填表人|制表人|经办人|审核人|"
    "包村领导|包联领导|县级领导|包保领导|支部书记|支书|村主任|书记|主任|村民|群众|姓名"
)
_GOES_ON = "等的在因与和到向被于某反要来上称说,。;、\\s\\d)(:"
_NAME_AFTER_ROLE = re.compile(
    rf"((?:{_ROLE})(?:[:为是]\s*|\s+)?)"
    rf"(?:(?:{_COMPOUND})[一-鿿]{{1,2}}|[{_SURNAMES}][一-鿿](?:[一-鿿](?=[{_GOES_ON}]|$))?|(?<=:)[一-鿿]{{2,4}})"
)

_OFFICES = (
    "信访来去电通网上局办件字第号年月日县市区省镇乡街道村登记编受理投诉举报"
    "热线政务转交督批次初重集体个人甲乙丙丁鲁京津冀晋蒙辽吉黑沪苏浙皖闽赣"
    "豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
)
"""Characters of register numbers."""
_PARTS = re.compile(
    r"([\s,，、;；/()（）\[\]【】〔〕:：*\d.。_—+-]+"
    r"|电话|手机|联系|报送|提供|填报|整理|信访|反映|台账|收入|名单|材料"
    r"|村民|群众|书记|主任|同志|年度?|月份?"
    r"|(?<=[村庄镇乡局部委办院站所])(?![村庄镇乡局部委办院站所]))"
)
"""Where a name may begin or end in a text that people write."""

_NOBODY = {
    "村民",
    "群众",
    "村民代表",
    "代表",
    "匿名",
    "不详",
    "未知",
    "本人",
    "多人",
    "集体",
    "其他",
}

PERSONAL_HEADER = re.compile(
    r"姓名|身份证|证件号|公民身份|联系电话|联系方式|电话号|手机|固定电话|座机|^电话$|住址|家庭地址|通讯地址|出生日期|出生年月|^人名$|^户主$|^性别$|^年龄$|^民族$"
    r"|(?:信访|上访|来访|来信|反映|投诉|举报|申请|当事|联系|责任|负责|填表|制表|经办|审核|承办|登记|接待|走访|调解|户)人(?!数|次)"
    r"|领导(?!小组)|包村|包联|包保|挂包|书记$|^支书|主任$|第一书记|干部$"
    r"|identity|id_?(?:card|number|no)\b|passport|tele?phone|mobile|(?:^|_)tel(?:$|_)|^phone|e-?mail|address"
    r"|(?:^|[ _])(?:full|first|last|sur|person|contact)_?name"
    r"|^names?$|petitioner|complainant|leader|contact|responsible_person|birth",
    re.IGNORECASE,
)
SAFE_HEADER = re.compile(
    r"^(?:village|township|county)(?:_?name|_?code)?$|^(?:村名|村名称|行政村|行政村名称|乡镇|乡镇名称|村|镇|乡|所属乡镇)$|^case_id$",
    re.IGNORECASE,
)
"""Columns whose cells look like names (王家, 李庄) and are not."""


def plain_forms(text: object) -> str:
    """Full-width forms, odd blanks and dashes folded to the plain ones."""
    text = str(text)
    return (
        text
        if text.isascii()
        else _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES)
    )


def names_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for many names, for texts that are looked through often."""
    known = sorted(
        {n for n in (re.sub(r"\s", "", plain_forms(n)) for n in names) if len(n) >= 2},
        key=len,
        reverse=True,
    )
    return (
        re.compile("|".join(r"\s*".join(map(re.escape, n)) for n in known), re.IGNORECASE)
        if known
        else None
    )


def redact(text: object, names: Iterable[str] | re.Pattern[str] | None = ()) -> str:
    """The text with everything blanked that tells of a person.

    Identity and telephone numbers, addresses, masked names, names after a role (信访人…), and
    ``names``.

    A text in which nothing is found comes back as it was, character by character.
    """
    folded = clean = plain_forms(text)
    pattern = names if isinstance(names, re.Pattern) else names_pattern(names or ())
    if pattern:
        clean = pattern.sub(BLANK, clean)
    clean = _ADDRESS.sub(BLANK, _PHONE.sub(BLANK, _IDENTITY.sub(BLANK, clean)))
    clean = _MASKED_NAME.sub(BLANK, _NAME_AFTER_ROLE.sub(rf"\g<1>{BLANK}", clean))
    return str(text) if clean == folded else clean


def is_number_of_person(value: object) -> bool:
    """Whether a cell holds an identity or a telephone number, alone or inside text.

    Numbers as Excel keeps them count too.
    """
    if (
        value is None
        or isinstance(value, bool)
        or (isinstance(value, float) and not np.isfinite(value))
    ):
        return False
    if isinstance(value, float | np.floating):
        value = f"{value:.0f}" if float(value).is_integer() else repr(float(value))
    folded = plain_forms(value)
    return bool(_IDENTITY.search(folded) or _PHONE.search(folded))


def is_name_like(value: object) -> bool:
    """Whether a cell has the form of a person's name.

    A surname and one or two characters, not ending like a place.
    """
    text = re.sub(r"\s", "", plain_forms(value))
    if text in _NO_NAMES:
        return False
    return bool(_NAME.fullmatch(text) and text[-1] not in _PLACE_ENDINGS) or bool(
        _MASKED_NAME.fullmatch(text)
    )


def quotable(text: str, names: re.Pattern[str] | None = None) -> str:
    """A text as a message, a ledger or a file's name may show it.

    Beside what ``redact`` blanks, its parts that have the form of a name: after a place, an office
    or a comma, in brackets, beside a number or the word for a telephone.
    """
    clean = redact(text, names)
    parts = _PARTS.split(re.sub(rf"[{_SPELLED}]{{4,}}", BLANK, clean))
    return "".join(BLANK if is_name_like(part) else part for part in parts)


def is_safe_number(number: str, places: Iterable[str] = ()) -> bool:
    """Whether a register's number names nobody.

    Its words are those of offices (信访字〔2023〕12号) or places of the county.
    """
    for place in places:
        number = number.replace(place, "")
    return not is_number_of_person(number) and not re.search(rf"[^{_OFFICES}\W\d_a-zA-Z]", number)


def is_personal_header(header: object) -> bool:
    """Whether a column's header says that it is about a person.

    Such as 姓名, 联系电话, 包村县级领导, mobile …
    """
    text = re.sub(r"\s", "", plain_forms(header))
    return bool(PERSONAL_HEADER.search(text)) and not SAFE_HEADER.match(text)


def is_about_persons(header: object, cells: list[object]) -> bool:
    """Whether a column is about persons.

    By its header, by the numbers of persons in it, or by looking like names throughout.
    """
    if is_personal_header(header):
        return True
    numbers, names = sum(map(is_number_of_person, cells)), sum(map(is_name_like, cells))
    return bool(cells) and (
        numbers >= CONTENT_SHARE * len(cells)
        or (len(cells) >= 3 and names >= NAME_SHARE * len(cells))
    )


def names_in(cells: Iterable[object]) -> set[str]:
    """The names that stand in cells of a column of persons.

    Whole cells and their parts, brackets and 等5人 taken off.
    """
    found = set()
    for cell in set(cells):
        if not isinstance(cell, str):
            continue
        text = plain_forms(cell).strip()
        outside = re.sub(r"\([^)]*\)|等?\d+人?.*$", "", text)
        parts = [text, outside, *re.split(r"[、,;/|\s和及]+", outside)]
        bare = (re.sub(rf"^(?:{_ROLE})[::]?|(?:同志|等)$", "", p.strip()) for p in parts)
        # Sentences and numbers are no names; ×× for a name left out is one.
        found |= {
            b
            for b in bare
            if b not in _NOBODY and 2 <= len(b) <= 30 and re.search(r"[^\W\d_]{2}|[*×]{2}", b)
        }
    return found
