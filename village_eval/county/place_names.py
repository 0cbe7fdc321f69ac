"""Names of villages and townships in which somebody wrote a person's name, too.

A clerk adds who is in charge: 王家村（支书张伟）, 李庄 13812345678. A name of a place is shown
everywhere, so the addition goes when it is read. Families' names stand in villages' names
(王家村, 张三营村), so only what was added is looked at: what stands in brackets, behind a comma or
a blank, behind the word for an office, or is a person's number.
"""

from __future__ import annotations

import re

from village_eval.county.privacy import is_name_like, is_number_of_person, plain_forms, redact

_ADDED = re.compile(r"[\s(\[【〔,，、;；/|:：]+")
_BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_OFFICE = re.compile(
    r"(?:第一书记|党?支部书记|支书|书记|村?主任|镇长|乡长|村长|组长|会计|文书|网格员|联络员"
    r"|联系人|负责人|责任人|包村干部|驻村干部|包村领导|联系电话|电话|手机)(?:是|为)?"
)
_OF_PLACES = re.compile(
    "[村庄屯寨店镇乡县市区社居组队场家沟岭庙坡河湾洼峪桥铺营堡台岗坪塘坝集楼园山]"
)
"""Characters that end the names of hamlets: 方家, 高岭 are places, though 方, 高 are surnames."""
_NOT_NAMES = ("安置点", "安置区", "高山片", "方圆片", "易地", "合并", "单设")


def without_person(name: str) -> str:
    """The name of a place without what tells of a person.

    Where nothing does it comes back as it was, character by character.
    """
    text = plain_forms(name)
    parts = [part for part in _ADDED.split(re.sub(r"[)\]】〕]", " ", text)) if part]
    if not parts or not (_tells(parts[0], alone=False) or any(map(_tells, parts[1:]))):
        return name
    kept = _BRACKETS.sub(lambda m: "" if _any(m[0][1:-1]) else m[0], text)
    first, *added = [part for part in _ADDED.split(kept) if part] or [""]
    if not any(map(_tells, added)) and not _tells(first, alone=False):
        return kept.strip()
    return _bare(first)


def _any(added: str) -> bool:
    return any(_tells(part) for part in _ADDED.split(added) if part)


def _tells(part: str, alone: bool = True) -> bool:
    """Whether a part of a name tells of a person; ``alone``: by its form, too."""
    if is_number_of_person(part):
        return True
    if alone and part not in _NOT_NAMES and is_name_like(part) and not _OF_PLACES.search(part):
        return True
    office = _OFFICE.search(part)
    if office is None or (not alone and office.start() < 2):
        return False
    who = part[office.end() :]
    return is_name_like(who) and not _OF_PLACES.search(who[-1:])


def _bare(first: str) -> str:
    """The place alone, of 王家村支书张伟 or 王家村13812345678."""
    office = _OFFICE.search(first, 2)
    if office is not None and _tells(first, alone=False):
        return first[: office.start()]
    return redact(first).replace("***", "")
