"""What may be added to a header or a term without another meaning, and what must stay apart."""

import tomllib
from pathlib import Path

import pytest
from two_meanings import two_meanings

from village_eval.bureau.forms import plain
from village_eval.bureau.headers import assign, meaning, persons_in
from village_eval.bureau.layout import unit_of_column
from village_eval.bureau.names import village_stem
from village_eval.bureau.values import COLUMNS, parse_flag
from village_eval.words import vocabulary
from village_eval.words.patterns import Ways, is_pattern, written_out

KIND = {"roster": "villages", "register": "petitions"}
NONE = tomllib.loads(Path(__file__).with_name("words_that_are_none.toml").read_text("utf-8"))
NO_TERMS = NONE.pop("terms")
FLAGS = {
    "completed": ("yes", "no"),
    "satisfied": ("satisfied", "dissatisfied"),
    "repeat": ("repeated", "first"),
}
COLUMNS_OF = COLUMNS["columns"]


def read(kind, *ways):
    found = meaning(list(ways), kind)
    return found and found[0]


@pytest.mark.parametrize("table", NONE)
def test_a_header_that_looks_like_one_of_ours_is_not_taken_for_it(table):
    taken = [
        (header, column)
        for column, headers in NONE[table].items()
        for header in headers
        if (found := read(KIND.get(table, table), header)) and column in ("any", found)
    ]
    assert taken == []


@pytest.mark.parametrize("kind", NO_TERMS)
def test_a_term_that_looks_like_one_of_a_kind_is_not_taken_for_it(kind):
    def read(written):
        if kind in FLAGS:
            return parse_flag(written, *FLAGS[kind])
        return vocabulary.lookup(kind, written)

    taken = {term: found for term in NO_TERMS[kind] if (found := read(term)) is not None}
    assert taken == {}


def test_what_is_noted_behind_yes_or_no_may_not_take_it_back():
    assert parse_flag("满意（已回访）", *FLAGS["satisfied"]) == 1
    assert parse_flag("初访（首次）", *FLAGS["repeat"]) == 0
    assert parse_flag("已销号（县级验收）", *FLAGS["completed"]) == 1
    for taken_back in (
        "完成（部分）",
        "已完成（80%）",
        "满意（不满意）",
        "销号（待验收）",
        "完成（未销号）",
    ):
        assert all(parse_flag(taken_back, *FLAGS[kind]) is None for kind in FLAGS)


def test_hundreds_of_such_headers_are_tried():
    assert sum(len(headers) for table in NONE.values() for headers in table.values()) > 400


@pytest.mark.parametrize(
    ("kind", "header", "column"),
    [
        ("income", "★1.（一）2023年经营性收入（万元）", "operating"),
        ("income", "①经营收入/万元", "operating"),
        ("income", "511-发包及上交收入", "contracting"),
        ("income", "其中：投资收益（损失以“－”号填列）", "investment"),
        ("income", "村集体经济（经营性）收入", "operating"),
        ("villages", "总人口（人）【必填】", "population"),
        ("villages", "截至2023年底户籍人口数", "population"),
        ("villages", "村“两委”班子运行情况", "team_state"),
        ("petitions", "来信（访）日期", "date"),
        ("petitions", "初访/重访", "repeat"),
        ("petitions", "*问题属地（村）", "village_name"),
        ("petitions", "问题属地（镇）", "township_name"),
        ("measures", "资金投入情况，单位：万元", "funds"),
        ("measures", "采取的措施", "measure"),
        ("measures", "责任单位/牵头部门", "department"),
        ("measures", "县直牵头责任单位及配合单位", "department"),
        ("measures", "帮扶整治具体措施", "measure"),
        ("measures", "完成率%", "dose"),
        ("villages", "户籍人口（含外出）", "population"),
        ("measures", "责任单位/完成时限", None),
        ("income", "经营收入\n万元", "operating"),
        ("measures", "完成情况（%）", "dose"),
        ("measures", "完成时间（计划）", "planned_end"),
        ("measures", "完成时间（实际）", "end_date"),
    ],
)
def test_what_is_added_to_a_header_does_not_hide_it(kind, header, column):
    assert read(kind, header) == column


def test_a_unit_that_ends_a_header_is_that_of_its_amounts():
    assert unit_of_column(["经营收入\n万元"]) == unit_of_column(["经营收入（万元）"]) == 1e4
    assert unit_of_column(["经营收入"]) is None


def test_last_year_is_another_column_but_in_tables_of_income():
    assert read("counts", "上年件数") is None
    assert read("villages", "总人口（上年）") is None
    assert read("villages", "上年度考核扣分") == "listing_score"
    assert read("income", "上年经营收入") == "operating"
    assert read("counts", "1月份") is None


def test_both_rows_of_a_header_say_more_than_the_lower_one():
    rows = {"计划": "planned_end", "实际": "end_date"}
    texts = [["完成时间", f"{high}完成时间", high] for high in rows]
    assert assign(texts, "measures") == {"planned_end": 0, "end_date": 1}
    assert read("income", "小计", "经营收入小计", "经营收入") == "operating"
    assert read("income", "合计", "支出合计", "支出") is None
    assert read("counts", "件数", "上年件数", "上年") is None
    assert read("measures", "投入资金", "计划投入资金", "计划") is None
    assert read("measures", "完成时限", "整治计划完成时限", "整治计划") == "planned_end"


def test_a_part_goes_after_its_whole_and_the_accused_after_who_complains():
    texts = [["其中：经营收入"], ["经营性收入"]]
    assert assign(texts, "income")["operating"] == 1
    assert persons_in([["被反映人"], ["反映人"]], set()) == {"name": 1}
    assert persons_in([["被反映人"]], set()) == {"name": 0}


@pytest.mark.parametrize(
    ("kind", "written", "key"),
    [
        ("category", "1.土地征收", "land"),
        ("category", "城乡建设_征地拆迁", "land"),
        ("category", "国土资源-其他", "land"),
        ("category", "土地纠纷（承包地）", "land"),
        ("category", "环境污染（宅基地）", None),
        ("category", "城乡建设_不知什么", None),
        ("category", "家庭邻里", "other"),
        ("category", "土地环境", None),
        ("category", "农村违建", "construction"),
        ("category", "村务村帐", "village_finance"),
        ("department", "丙川县农业农村局（乡村振兴局）", "agriculture_water"),
        ("department", "安平镇财政所", "finance"),
        ("village_type", "班子不团结、内耗严重", "disunity"),
        ("village_type", "班子不团结、信访突出", None),
        ("change", "合并（未批复）", None),
        ("measure", "持续开展农村集体“三资”清理专项行动", "financial_management"),
        ("measure", "养老保险", "social_security"),
        ("measure", "村干部养老保险", "cadre_incentives"),
        ("level", "县级市", None),
        ("channel", "服务平台", None),
    ],
)
def test_a_term_is_known_by_all_of_what_is_written(kind, written, key):
    assert vocabulary.lookup(kind, written) == key


def test_no_pattern_lets_one_term_mean_two_things():
    for kind, terms in vocabulary.TERMS.items():
        ways = [
            (vocabulary.normalise(w).lower(), key) for key in terms for w in terms[key]["aliases"]
        ]
        assert two_meanings(filter(_made, ways)) == {}, kind


def test_no_pattern_lets_one_header_mean_two_columns():
    persons = {f"person {column}": ways for column, ways in COLUMNS["person"].items()}
    for kind in COLUMNS["kinds"]:
        columns = COLUMNS_OF["any"] | COLUMNS_OF[kind] | persons
        ways = [(plain(way), column) for column, ways in columns.items() for way in ways]
        assert two_meanings(filter(_made, ways)) == {}, kind
        spelled = {}
        for way, column in ways:
            if not is_pattern(way):
                spelled.setdefault(way, set()).add(column)
        assert {w for w, c in spelled.items() if len(c) > 1} <= {"后进村"}, kind


def _made(way):
    return is_pattern(way[0])


def test_two_meanings_are_found_where_they_are():
    assert two_meanings([("{甲,乙}{丙,}", 1), ("甲{丁,丙}", 2), ("{乙,戊}丁", 3)]) == {
        frozenset({1, 2}): ["甲丙"]
    }


def test_a_pattern_is_matched_whole_and_stands_for_what_is_written_out():
    ways = ["{整改,整治}{{具体,}措施,举措}{,及要求}", "甲"]
    known = Ways(((way, way[0]) for way in ways), plain)
    every = written_out(ways)
    assert len(every) == 13 and "整治具体措施及要求" in every
    assert all(way in known for way in every)
    assert "整改" not in known and "整改措施及" not in known and "" not in known


@pytest.mark.parametrize(
    "of", ["党支部", "党总支", "股份经济合作社", "集体经济组织", "民委员会", ""]
)
def test_what_belongs_to_a_village_names_it(of):
    assert village_stem(f"大沟村{of}") == "大沟"
