"""A result is of one state of the data: what was hashed is what was read."""

import hashlib

from village_eval.folder.reading import county_inputs, read_county


def test_a_file_that_changes_during_the_run_is_read_as_it_was_hashed(county_folder):
    before = {p.name: p.read_bytes() for p in county_folder.iterdir()}
    inputs = county_inputs(county_folder)
    (county_folder / "income.csv").unlink()
    text = (county_folder / "villages.csv").read_text("utf-8")
    (county_folder / "villages.csv").write_text(text.replace("王家庄村", "另一个村"), "utf-8")
    county = read_county(county_folder, inputs=inputs)
    assert county.income is not None and "王家庄村" in set(county.villages["village_name"])
    assert county.inputs == {n: hashlib.sha256(b).hexdigest() for n, b in before.items()}


def test_only_what_is_read_is_an_input(county_folder):
    for name in ("VILLAGES2.csv", "会议记录.docx", "truth.json", ".hidden.csv", "~$income.xlsx"):
        (county_folder / name).write_bytes(b"x")
    assert set(read_county(county_folder).inputs) == {
        "campaign.toml",
        "villages.csv",
        "petitions.csv",
        "income.csv",
        "measures.csv",
    }
