"""What reading has to say waits for its reader: one reading serves every language."""

import json

import pandas as pd
import pytest
from conftest import CAMPAIGN, county_rows, write_folder

from village_eval.county.ledger import ledger, worded
from village_eval.county.panel import build_panel
from village_eval.county.problems import InputError
from village_eval.folder.reading import read_county
from village_eval.words.catalogue import LANGUAGES
from village_eval.words.said import Said


def spoilt():
    """Every kind of detail: a term, a list, a sentence in a sentence, a count, a meaning."""
    rows = county_rows()
    rows["measures"][0]["measure"] = "dispute_mediaton"
    rows["petitions"][0]["date"] = "不详"
    rows["income"].append(dict(rows["income"][0]))
    for row in rows["villages"]:
        del row["population"]
    return rows


def test_problems_of_one_reading_are_told_in_every_language(tmp_path):
    folder = write_folder(tmp_path / "c", spoilt(), CAMPAIGN + "days = 0\n")
    raised = {}
    for lang in LANGUAGES:
        with pytest.raises(InputError) as caught:
            read_county(folder, lang=lang)
        raised[lang] = caught.value
    for lang, error in raised.items():
        assert str(error) == error.text(lang)
        assert len(error.problems) >= 5
        for other in LANGUAGES:
            assert error.text(other) == raised[other].text(other)
    assert len({error.text(lang) for lang, error in raised.items()}) == len(LANGUAGES)


def test_warnings_and_ledger_of_one_reading_are_told_in_every_language(tmp_path):
    rows = county_rows()
    rows["petitions"] += [dict(row) for row in rows["petitions"][:3]]
    rows["villages"][0]["terrain"] = "山区"
    for row in rows["villages"]:
        row.setdefault("terrain", "")
        row["负责人电话"] = "13812345678"
    rows["measures"][0]["measure"] = "矛盾纠纷调解机制"
    rows["income"] = [row for row in rows["income"] if row["village_code"] != "371324101201"]
    folder = write_folder(tmp_path / "c", rows)
    (folder / "notes.docx").write_bytes(b"x")
    read = {lang: read_county(folder, lang=lang) for lang in LANGUAGES}
    for lang, county in read.items():
        assert county.ledger.equals(read[LANGUAGES[0]].ledger)
        for other in LANGUAGES:
            told = [w.text(other) for w in county.warnings]
            assert told == [str(w) for w in read[other].warnings] and len(told) >= 2
        text = "".join(worded(county.ledger, lang)["reason"])
        assert "{" not in text and "13812345678" not in text
    zh, en = (worded(read["zh"].ledger, lang)["reason"].tolist() for lang in ("zh", "en"))
    assert len(zh) == len(en) >= 7 and not set(zh) & set(en)


def test_the_panel_tells_its_part_in_every_language(county_folder):
    panel = build_panel(read_county(county_folder), as_of="2023-06-15")
    zh, en = (" ".join(worded(panel.ledger, lang)["reason"]) for lang in ("zh", "en"))
    assert "截至2023-06-15，2023-05以后的月份还不知道" in zh
    assert "months after 2023-05 are not known on 2023-06-15" in en


def test_a_line_comes_back_from_its_file_as_it_was(tmp_path):
    inner = Said("form.key_and_term", {"key": "visit", "term": Said("vocabulary.channel.visit")})
    why = Said("messages.ledger.term", {"column": ("a", "b"), "written": 1200, "key": inner})
    lines = ledger([("x.csv", "converted", 3, why)])
    lines.to_csv(tmp_path / "ledger.csv", index=False)
    again = pd.read_csv(tmp_path / "ledger.csv")
    for lang in LANGUAGES:
        assert worded(again, lang)["reason"].tolist() == [why.text(lang)]
    assert json.loads(lines["details"][0])["written"] == 1200


def test_a_ledger_of_an_earlier_version_keeps_its_reasons():
    old = pd.DataFrame([("x.csv", "read", 3, "读入")], columns=["source", "step", "rows", "reason"])
    assert worded(old, "en").to_numpy().tolist() == old.to_numpy().tolist()
