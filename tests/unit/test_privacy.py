"""Nothing about a person gets past the door, whatever column, sheet or sentence it stands in."""

import pandas as pd
import pytest
from bureau_delivery import (
    CAMPAIGN,
    LEADERS,
    PEOPLE,
    deliver,
    listing,
    measures,
    register,
    roster,
    write_workbook,
)

from village_eval.bureau import importing as bureau
from village_eval.bureau.importing import ImportFault, import_folder
from village_eval.county.privacy import (
    is_name_like,
    is_personal_header,
    redact,
)
from village_eval.county.problems import InputError
from village_eval.county.pseudonyms import pseudonyms
from village_eval.county.without_persons import drop_personal

PERSONAL = [
    "37132419470101481X",
    "371324194701014810",  # the check digit is wrong, and it is still somebody's number
    "371324470101481",
    "３７１３２４１９４７０１０１４８１Ｘ",
    "371324 19470101 481X",
    "13824695547",
    "138 2469 5547",
    "138-2469-5547",
    "+86 13824695547",
    "0539-5212345",
    "(010)62345678",
    "13824695547.0",
    "371324********481X",
    "138****5547",
]


@pytest.mark.parametrize("number", PERSONAL)
def test_numbers_of_persons_are_blanked_in_any_form(number):
    text = redact(f"反映土地问题，{number}，未解决")
    assert "***" in text and not any(c.isdigit() for c in text.replace(".0", ""))
    assert text.startswith("反映土地问题") and text.endswith("未解决")


@pytest.mark.parametrize(
    "text",
    [
        "371324100200",
        "2019年4月12日",
        "2019-04-12 08:30:00",
        "117.80765",
        "1180人",
        "P0001694",
        "12,345,678.90元",
        "0.123456789012345678",
    ],
)
def test_what_is_no_number_of_a_person_stays_as_it_is(text):
    assert redact(text) == text


def test_names_go_when_known_masked_or_after_a_role():
    assert redact("与欧阳 明远协商", names=["欧阳明远"]) == "与***协商"
    assert "张某某" not in redact("张某某反映")
    assert "王小明" not in redact("联系人：王小明") and "李四" not in redact("村支书李四不作为")
    assert redact("群众满意度") == "群众满意度"


@pytest.mark.parametrize(
    "header",
    [
        "姓名",
        "信访人",
        "身份证号码",
        "联系电话",
        "手机号",
        "包村县级领导",
        "包联领导",
        "责任人",
        "联系人",
        "ID Number",
        "telephone",
        "petitioner_name",
        "Mobile phone",
    ],
)
def test_columns_about_persons_are_known_by_their_header(header):
    assert is_personal_header(header)


@pytest.mark.parametrize(
    "header",
    [
        "村名",
        "village_name",
        "人数",
        "信访人次",
        "责任单位",
        "人口",
        "党员人数",
        "主要问题",
        "信访形式",
        "township_name",
        "case_id",
    ],
)
def test_other_columns_are_not(header):
    assert not is_personal_header(header)


def test_a_village_is_not_a_person():
    assert (
        not is_name_like("王家村")
        and not is_name_like("李庄")
        and is_name_like("王小明")
        and is_name_like("欧阳明远")
    )


def test_drop_personal_by_header_by_content_and_cell_by_cell():
    n = 10
    frame = pd.DataFrame(
        {
            "village_name": [
                "王家",
                "李庄",
                "赵楼",
                "张湾",
                "陈寨",
                "周坡",
                "孙店",
                "吴桥",
                "郑屯",
                "冯河",
            ],
            "信访人": ["王小明"] * n,
            "甲": ["371324194701014810"] * n,
            "乙": [
                "王小明",
                "李大伟",
                "赵铁柱",
                "张建国",
                "陈志强",
                "周文",
                "孙丽",
                "吴刚",
                "郑爽",
                "冯军",
            ],
            "丙": [13824695547.0] * n,
            "备注": ["土地问题"] * (n - 1) + ["请打13824695547找王小明"],
            "人口": [100.0] * (n - 1) + [13824695547.0],
        }
    )
    clean, lines = drop_personal(frame, "册.xlsx", names=["王小明"])
    assert list(clean) == ["village_name", "备注", "人口"]
    assert clean["village_name"].equals(frame["village_name"])
    assert clean["备注"].iloc[-1] == "请打***找***" and pd.isna(clean["人口"].iloc[-1])
    assert len(lines) == 6 and all(line[0] == "册.xlsx" and line[1] == "dropped" for line in lines)
    assert "王小明" not in str(lines) and "13824695547" not in str(lines)


def test_pseudonyms_follow_the_person_and_not_the_spelling():
    people = [
        ("37132419470101481x", "王小明", "13824695547"),
        (" 371324 19470101481X", "王 小明", ""),
        ("371324470101481", "", ""),  # the old number of 15 digits
        ("", "王　小明", "+86 138-2469-5547"),  # linked by name and telephone
        ("", "李大伟", "13824695547"),
        ("", "李大伟", 13824695547.0),
        ("", "李大伟", ""),
        (None, None, float("nan")),
    ]
    frame = pd.DataFrame(people, columns=["identity", "name", "telephone"], dtype=object)
    ids = pseudonyms(frame["identity"], frame["name"], frame["telephone"], key=b"k")
    assert ids[0] == ids[1] == ids[2] == ids[3] != ids[4] == ids[5]
    assert ids[6] == ids[7] == ""
    assert ids[0].isalpha() and len(ids[0]) == 16
    again = pseudonyms(frame["identity"], frame["name"], frame["telephone"])
    other = pseudonyms(frame["identity"], frame["name"], frame["telephone"])
    assert again[0] != other[0] and again[0] == again[3]


SECRETS = (
    [part for person in PEOPLE for part in person if part]
    + LEADERS
    + ["毕升华", "13699998888", "371324199912310011"]
)


def hostile(folder):
    """Personal data in every place where somebody might put it."""
    villages, list_, books, done = roster(), listing(), register(), measures()
    villages[2] += ["备注", "甲方"]
    for row in villages[3:-1]:
        row += ["电话13699998888", "毕升华"]
    villages[5][2] = "赵楼村(支书毕升华13699998888)"
    villages.append(["填表人:毕升华", None, None, "联系电话:13699998888"])
    list_[2][4] = "历史遗留土地纠纷、支书欧阳明远不作为，电话13812345678"
    list_[3][4] = "集体经济空壳；毕升华371324199912310011"
    books[0] = [*books[0], "情况说明"]
    books[1:] = [[*row, f"{PEOPLE[0][0]}称，身份证{PEOPLE[0][1]}"] for row in books[1:]]
    books[5][3] = f"{books[5][3]}(联系人欧阳明远13812345678)"
    books[6][0] = "371324199912310011"
    done[1] = [*done[1], "责任人", "包联领导"]
    done[2][4] = "县民政局 毕升华 13699998888"
    done[2:] = [[*row, "毕升华", LEADERS[0]] for row in done[2:]]
    campaign = CAMPAIGN + 'contact = "毕升华 13699998888"\n'
    deliver(
        folder, roster=villages, listing=list_, register=books, measures=done, campaign=campaign
    )
    write_workbook(
        folder / "通讯录.xlsx",
        {"毕升华": [["姓名", "电话"], ["毕升华", 13699998888], [LEADERS[1], "13699998888"]]},
    )
    return folder


def test_no_byte_of_the_output_and_no_message_names_anybody(tmp_path):
    county = import_folder(hostile(tmp_path / "in"), tmp_path / "out")
    written = b"".join(p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()).decode(
        "utf-8"
    )
    said = "\n".join(
        [
            written,
            *map(str, county.warnings),
            county.ledger.to_csv(),
            *(t.to_csv() for t in county.tables().values()),
        ]
    )
    assert [s for s in SECRETS if s in said] == []
    assert len(county.petitions) == 80 and len(county.villages) == 12
    assert county.villages["village_name"].tolist()[2] == "赵楼村"
    assert county.measures["department"].tolist()[0] == "civil_affairs"


def test_no_problem_names_anybody(tmp_path):
    books, villages, list_ = register(), roster(), listing()
    books[1][3] = "欧阳明远"  # shifted by a column
    books[2][3] = "毕升华"
    books[3][1] = "13812345678"
    books[4][10] = 13812345678
    books[5][7] = "司徒文静"
    villages[4][5] = "13699998888"
    list_[2][3] = "信访人欧阳明远缠访"
    with pytest.raises(InputError) as caught:
        import_folder(
            deliver(tmp_path / "in", register=books, roster=villages, listing=list_),
            tmp_path / "out",
        )
    said = str(caught.value) + repr(caught.value.problems) + repr(caught.value)
    assert [s for s in SECRETS if s in said] == []
    assert all(f"第{row}行" in said for row in range(2, 7)) and "后进类型" in said
    assert not (tmp_path / "out").exists()


def test_a_fault_of_the_program_quotes_no_cell(tmp_path, monkeypatch):
    def broken(*_):
        raise KeyError("欧阳明远 13812345678")

    monkeypatch.setattr(bureau, "read_petitions", broken)
    with pytest.raises(ImportFault) as caught:
        import_folder(deliver(tmp_path / "in"), tmp_path / "out")
    assert (
        "欧阳明远" not in str(caught.value)
        and caught.value.__cause__ is None
        and caught.value.__context__ is None
    )
    assert "KeyError" in str(caught.value)
