"""A person's name that a clerk added to a village's name is not shown; a family's name in it is."""

import pytest
from conftest import county_rows, write_folder

from village_eval.cli.main import main
from village_eval.county.place_names import without_person
from village_eval.folder.reading import read_county

PLACES = [
    "王家村",
    "李庄",
    "张三营村",
    "高家庄村",
    "方山",
    "石桥",
    "东方红村",
    "马家堡子",
    "司马村",
    "单县集",
    "欧阳海村",
    "金银潭社区",
    "阳光花园社区",
    "万寿宫村",
    "史家胡同社区",
    "安乐村",
    "白云村",
    "田横岛",
    "石油新村",
    "书记村",
    "主任庄村",
    "会计庄",
    "支书沟村",
    "群众村",
    "何家楼村",
    "王家村(东)",
    "李庄（原张庄）",
    "大王村（高家）",
    "新村（安置点）",
    "新村（易地）",
    "高桥镇(城关)",
    "张村、李村",
    "前王·后王",
    "王某村",
    "李×村",
    "一村",
    "1组",
    "第二村",
    "12号院",
    "王村2组",
    "汤山",
    "Wang-jia",
    "王家村(合并)",
    "新民村（含方家、高岭）",
]
ADDED = {
    "王家村（支书张伟）": "王家村",
    "王家村(张伟)": "王家村",
    "王家村【联系人：李晓明】": "王家村",
    "王家村 13812345678": "王家村",
    "王家村13812345678": "王家村",
    "王家村支书张伟": "王家村",
    "王家村，书记张伟": "王家村",
    "王家村 张伟": "王家村",
    "王家村/包村干部李强": "王家村",
    "王家村（原李庄）（主任欧阳明）": "王家村(原李庄)",
    "王家村（张伟 138 1234 5678）": "王家村",
    "王家村(37132419800101123X)": "王家村",
    "青石镇镇长王伟": "青石镇",
}


@pytest.mark.parametrize("name", PLACES)
def test_a_name_of_a_place_stays_as_it_is(name):
    assert without_person(name) == name


@pytest.mark.parametrize("name", ADDED)
def test_what_was_added_of_a_person_goes(name):
    assert without_person(name) == ADDED[name]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_check_says_where_and_not_whom(tmp_path, capsys, lang):
    rows = county_rows()
    rows["villages"][3]["village_name"] = "李家庄村（张伟）"
    rows["villages"][5]["township_name"] = "沙沟镇 王晓明 13812345678"
    folder = write_folder(tmp_path / "county", rows)
    assert main(["check", str(folder), "--lang", lang]) == 0
    said = "".join(capsys.readouterr())
    assert not [word for word in ("张伟", "王晓明", "1381234") if word in said]
    lines = [line for line in said.splitlines() if line.startswith("  - ")]
    assert any("village_name" in line and "5" in line for line in lines)
    county = read_county(folder)
    assert county.villages["village_name"][3] == "李家庄村"
    assert county.villages["township_name"][5] == "沙沟镇"
    assert county.ledger["key"].str.contains("persons_in_names").any()
