"""words.toml: a county's own headers and terms, and what is said of those that nobody knows."""

import pytest
from bureau_delivery import REGISTER_HEADER, deliver, register

from village_eval.bureau.importing import import_folder
from village_eval.county.problems import InputError


def changed(header=None, column=None, **terms):
    """The register with another header, and other terms in a column."""
    head, *rows = register()
    head, rows = list(head), [list(row) for row in rows]
    for old, new in (header or {}).items():
        head[REGISTER_HEADER.index(old)] = new
    if column:
        at = REGISTER_HEADER.index(column)
        for row in rows:
            row[at] = terms.get(row[at], row[at])
    return [head, *rows]


@pytest.fixture
def run(tmp_path):
    def imported(words=None, encoding="utf-8", name="words.toml", **parts):
        folder = deliver(tmp_path / "in", income=None, measures=None, **parts)
        if words is not None:
            (folder / name).write_bytes(words.encode(encoding))
        return import_folder(folder, tmp_path / "out", key=b"test")

    return imported


@pytest.fixture
def refused(run):
    def sentences(**parts):
        with pytest.raises(InputError) as caught:
            run(**parts)
        return [p.text("zh") for p in caught.value.problems]

    return sentences


HEADERS = {"登记日期": "接件登记日", "信访形式": "走哪条路"}
WORDS = """
[headers]
"接件登记日" = "登记日期"
"走哪条路" = "信访形式"
[terms.channel]
"板凳夜话" = "visit"
[terms.repeat]
"头一回" = "初访"
"""


def test_a_countys_own_headers_and_terms_are_read(run):
    plain = run().petitions
    rows = changed(HEADERS, "信访形式", 来访="板凳夜话")
    own = run(words=WORDS, register=rows).petitions
    assert own.equals(plain)
    at = REGISTER_HEADER.index("初访重访")
    rows = changed(HEADERS)
    for row in rows[1:]:
        row[at] = "头一回" if row[at] == "初访" else row[at]
    assert run(words=WORDS, register=rows).petitions.equals(plain)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_words_toml_may_be_saved_in_any_encoding_and_with_txt(run, encoding):
    rows = changed(HEADERS, "信访形式", 来访="板凳夜话")
    own = run(words=WORDS, encoding=encoding, name="words.toml.txt", register=rows)
    assert (own.petitions["channel"] == "visit").any()


def test_unknown_terms_are_listed_once_for_pasting(refused, tmp_path):
    rows = changed({}, "信访形式", 来访="板凳夜话")
    (last,) = [s for s in refused(register=rows) if s.startswith("words.toml")]
    lines = [line for line in last.splitlines() if line.startswith(("[", '"'))]
    assert lines[0] == "[terms.channel]" and lines[1].startswith('"板凳夜话" = ""')
    # Pasted as it is the block says nothing, so nothing is taken by likeness.
    again = refused(words="\n".join(lines), register=rows)
    assert any("没有这种写法" in s for s in again)
    # With the right side filled in it is all that was lacking.
    filled = "\n".join(lines).replace('= ""', '= "来访"')
    folder = deliver(tmp_path / "in2", income=None, measures=None, register=rows)
    (folder / "words.toml").write_text(filled, encoding="utf-8")
    import_folder(folder, tmp_path / "out2")


def test_unknown_headers_are_listed_once_however_many_sheets_have_them(run):
    head, *rows = register()
    county = run(register=[[*head, "包案进度"], *([*row, "已包案"] for row in rows)])
    (said,) = [w.text("zh") for w in county.warnings if w.file == "words.toml"]
    assert '"包案进度" = ""' in said
    county = run(
        words='[headers]\n"包案进度" = "不用"',
        register=[[*head, "包案进度"], *([*row, "已包案"] for row in rows)],
    )
    assert not [w for w in county.warnings if w.file == "words.toml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("[headers\n", "写法不对"),
        ('[header]\n"a" = "b"', "没有这一节"),
        ('[headers]\n"甲" = 1', "等号右边应是引号中的文字"),
        ('[headers]\n"甲" = "登记曰期"', "最接近的是：登记日期"),
        ('[headers]\n"信访人姓名" = "村名"', "这一列是个人信息"),
        ('[terms.chanel]\n"甲" = "来访"', "没有这一类写法"),
        ('[terms.channel]\n"甲" = "来放"', "应为以下之一：来访、来信"),
    ],
)
def test_a_wrong_words_toml_gets_a_sentence(refused, words, said):
    sentences = refused(words=words)
    assert any(s.startswith("words.toml") and said in s for s in sentences), sentences


def test_what_yes_means_depends_on_what_the_header_asks(run, refused):
    at = REGISTER_HEADER.index("初访重访")
    plain = run().petitions["repeat"]
    head, *rows = [list(r) for r in register()]

    def asked(header, first, again):
        answers = {"初访": first, "重访": again}
        new = [[*r[:at], answers.get(r[at], r[at]), *r[at + 1 :]] for r in rows]
        return [[*head[:at], header, *head[at + 1 :]], *new]

    assert run(register=asked("是否初访", "是", "否")).petitions["repeat"].equals(plain)
    assert run(register=asked("是否重访", "否", "是")).petitions["repeat"].equals(plain)
    assert any("看不出是初访还是重访" in s for s in refused(register=asked("初访重访", "否", "是")))
