"""Every reader of what others send, as a function of bytes: it reads, or says in words what is wrong.

``python tests/fuzz_readers.py NAME FIRST LAST`` changes real files by seed and tells what makes one
fail; led by coverage it is ``fuzz_by_coverage.py``.
"""

from __future__ import annotations

import io
import json
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def _county(name: str) -> Callable[[bytes], object]:
    table = name.partition(".")[0]

    def read(content: bytes) -> object:
        from village_eval.folder.inputs import InputFile
        from village_eval.folder.raw import read_raw
        from village_eval.folder.relations import check_relations
        from village_eval.folder.validate import check_table

        raw, problems = read_raw(InputFile(name, content), table)
        if raw is not None:
            checked = check_table(table, raw)
            check_relations({table: checked})
            problems = [*checked.problems, *checked.warnings]
        return _told(problems)

    return read


def _delivery(name: str) -> Callable[[bytes], object]:
    def read(content: bytes) -> object:
        from village_eval.bureau.delivery import Delivery, take_in
        from village_eval.bureau.notes import Notes

        with tempfile.TemporaryDirectory() as place:
            (Path(place) / name).write_bytes(content)
            delivery = Delivery(Notes())
            take_in(Path(place), delivery)
        return _told([*delivery.notes.problems(), *delivery.notes.warnings()])

    return read


def _campaign(content: bytes) -> object:
    import pandas as pd

    from village_eval.folder.campaign_file import finish_campaign, read_campaign

    keys, problems, warnings = read_campaign(content)
    if keys is not None and "start" in keys:
        months = pd.Period("2018-01", "M"), pd.Period("2024-06", "M")
        campaign, more, others = finish_campaign(keys, months)
        problems += [*more, *others]
        if campaign is not None:
            campaign.windows(), campaign.end, campaign.listing_offsets
    return _told([*problems, *warnings])


def _words(content: bytes) -> object:
    from village_eval.bureau.notes import Notes
    from village_eval.bureau.own_words import read_words

    notes = Notes()
    read_words(content, notes)
    return _told(notes.problems())


def _result(content: bytes) -> object:
    from village_eval.report.compare import changes, checks
    from village_eval.report.index import _row
    from village_eval.report.read_back import result_of

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "a"
        folder.mkdir()
        (folder / "findings.json").write_bytes(content)
        (folder / "manifest.json").write_text('{"made": "2024"}', "utf-8")
        shown = _row(Path(place), folder, "zh")
        try:
            result = result_of(folder)
        except (OSError, ValueError):
            return shown
    return changes(result, result, "zh"), checks(result, result, "en"), shown


def _kept(content: bytes) -> object:
    from village_eval.findings import saved

    with tempfile.TemporaryDirectory() as place:
        (Path(place) / saved.VALUES).write_bytes(content)
        try:
            return saved.read(Path(place))
        except saved.NotReadable:
            return None


def _ledger(content: bytes) -> object:
    from village_eval.county.ledger import worded
    from village_eval.folder.inputs import InputFile, Inputs
    from village_eval.folder.reading import _imported

    file = InputFile("ledger.csv", content)
    lines, problems = _imported(Inputs(Path("."), {file.name: file}))
    return _told(problems), worded(lines, "zh"), worded(lines, "en")


def _list(content: bytes) -> object:
    from village_eval.county.problems import InputError
    from village_eval.many.jobs import folders_of

    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "counties.txt").write_bytes(content)
        try:
            return folders_of([Path(place) / "counties.txt"], "en")
        except InputError as error:
            return _told(error.problems)


def _plan(content: bytes) -> object:
    from village_eval.folder.inputs import InputFile, Inputs
    from village_eval.folder.plan import plan_of
    from village_eval.folder.raw import PLAN_FILES

    about, _, table = content.partition(b"\n#####\n")
    files = dict(zip(PLAN_FILES, (about, table), strict=True))
    held = {name: InputFile(name, part) for name, part in files.items()}
    return _told(plan_of(Inputs(Path("."), held), {}, None)[1])


def _told(problems) -> list[str]:
    """Every problem in every language: a sentence that cannot be said is a fault, too."""
    said = [p.text(lang) for p in problems for lang in ("zh", "en")]
    assert all(text.strip() and "\x1b" not in text for text in said)
    return said


READERS: dict[str, Callable[[bytes], object]] = {
    "villages.csv": _county("villages.csv"),
    "petitions.csv": _county("petitions.csv"),
    "income.xlsx": _county("income.xlsx"),
    "measures.parquet": _county("measures.parquet"),
    "campaign.toml": _campaign,
    "words.toml": _words,
    "plan": _plan,
    "ledger.csv": _ledger,
    "counties.txt": _list,
    "findings.json": _result,
    "values.json": _kept,
    "register.csv": _delivery("信访登记台账.csv"),
    "roster.xlsx": _delivery("村庄基本情况.xlsx"),
    "delivery.zip": _delivery("报送.zip"),
    "page.xls": _delivery("导出.xls"),
}


def seeds() -> dict[str, list[bytes]]:
    """Real files of each kind, small, to begin from."""
    import fixtures_evaluation as made
    import pandas as pd
    from bureau_delivery import CAMPAIGN as DELIVERED
    from bureau_delivery import income_sheet, register, roster, write_csv, write_workbook
    from conftest import CAMPAIGN, county_rows, write_rows

    from village_eval.report.findings_json import findings_json

    place = Path(tempfile.mkdtemp(prefix="seeds-"))
    rows = {name: table[:12] for name, table in county_rows().items()}
    for name in ("villages", "petitions"):
        write_rows(place / f"{name}.csv", rows[name])
    pd.DataFrame(rows["income"]).to_excel(place / "income.xlsx", index=False)
    pd.DataFrame(rows["measures"]).to_parquet(place / "measures.parquet", index=False)
    write_csv(place / "register.csv", register(8))
    write_workbook(place / "roster.xlsx", {"Sheet1": roster()}, {"Sheet1": ["A1:F1"]})
    with zipfile.ZipFile(place / "delivery.zip", "w") as archive:
        archive.write(place / "register.csv", "台账/信访.csv")
        archive.write(place / "roster.xlsx", "村.xlsx")
    cells = ["".join(f"<td rowspan=1>{c}</td>" for c in row) for row in income_sheet(2022)]
    page = "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
    own = 'outcomes.assemblies = { kind = "count", better = "more", zh = "会议" }\n'
    found = {name: [(place / name).read_bytes()] for name in READERS if (place / name).exists()}
    found["income.xlsx"].append(unpacked(found["income.xlsx"][0]))
    found["roster.xlsx"].append(unpacked(found["roster.xlsx"][0]))
    return found | {
        "campaign.toml": [(CAMPAIGN + own).encode(), DELIVERED.encode()],
        "words.toml": [
            '[headers]\n"受理时间" = "登记日期"\n[terms.channel]\n"信箱" = "online"\n'.encode()
        ],
        "plan": [b'schema = "village-eval/plan/1"\nmonths = 6\n#####\nvillage_code,arm\n1,0\n'],
        "ledger.csv": [
            b"source,step,rows,reason,key,details\n"
            b'a.csv,read,12,read,messages.ledger.read,"{""rows"": 1}"\n'
        ],
        "counties.txt": ["甲县\n乙县 # 说明\n".encode("gb18030"), b"a\nb\n"],
        "findings.json": [json.dumps(findings_json(made.worked())).encode()],
        "values.json": [
            b'{"$":"village_eval.county.campaign:Campaign","#":0,"is":{"county":"x"}}',
            b'[{"#":1,"$":"frame","is":[{"#":2,"$":"range","is":[0,1,1,null]},0,[]]}]',
            b'{"#":0,"$":"numpy","is":["datetime64[D]", 1]}',
        ],
        "page.xls": [page.encode("gb18030"), page.encode()],
    }


def unpacked(content: bytes) -> bytes:
    """The same archive without compression, so that a change of a byte is one of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(made, "w") as out:
        for info in archive.infolist():
            out.writestr(info.filename, archive.read(info))
    return made.getvalue()


ODD = (
    *(
        b"\x00",
        b"\xff",
        b"\n",
        b'"',
        b"'",
        b",",
        b"{",
        b"}",
        b"[",
        b"]",
        b"<",
        b">",
        b"&",
        b"=",
        b"-",
    ),
    *(
        b"9" * 400,
        b"[" * 2000,
        b"1e999",
        b"nan",
        b"-1",
        b"0",
        b"0001-01-01",
        b"9999-12-31",
        b"1e400",
    ),
    *("\ud800".encode("utf-8", "surrogatepass"), "\u202e".encode(), b"\x1b[2J", b"\r", b"\\u0000"),
    *(
        b'<!ENTITY a "&b;">',
        b"true",
        b"null",
        b"{0.__class__}",
        "，".encode(),
        "长".encode("gb18030"),
    ),
    *(b'r="A99999999999"', b't="s"', b't="e"', b't="d"', b"<f>1+1</f>", b"PK\x03\x04", b"\xff\xfe"),
)


def mutated(content: bytes, rng: random.Random) -> bytes:
    """A file after a few slips, cuts, copies and insertions."""
    made = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 3, 5, 9])):
        at = rng.randrange(len(made) + 1)
        end = min(len(made), at + rng.choice([1, 1, 2, 4, 16, 200]))
        what = rng.random()
        if what < 0.35:
            made[at:end] = rng.choice(ODD)
        elif what < 0.55:
            made[at:at] = rng.choice(ODD)
        elif what < 0.7:
            made[at:end] = b""
        elif what < 0.8:
            made[at:at] = made[end : end + rng.choice([4, 40, 400])]
        elif what < 0.85:
            del made[at:]
        elif made:
            at = rng.randrange(len(made))
            made[at] = rng.choice([made[at] ^ (1 << rng.randrange(8)), rng.randrange(256)])
    return bytes(made)


def packed(content: bytes, rng: random.Random) -> bytes:
    """An archive with one part changed, and its checksums right."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(made, "w") as out:
        names = archive.namelist()
        chosen = rng.choice([n for n in names if "sheet" in n or "shared" in n.lower()] or names)
        for name in names:
            part = archive.read(name)
            out.writestr(name, mutated(part, rng) if name == chosen else part)
    return made.getvalue()


def of_seed(name: str, seed: int, held: dict[str, list[bytes]]) -> bytes:
    """The bytes that a seed makes of a real file."""
    rng = random.Random(f"{name} {seed}")
    content = rng.choice(held[name])
    if content[:4] == b"PK\x03\x04" and rng.random() < 0.7:
        return packed(content, rng)
    return mutated(content, rng)


def try_seeds(name: str, first: int, last: int) -> list[str]:
    """What failed, by seed."""
    held, failed = seeds(), []
    for seed in range(first, last):
        try:
            READERS[name](of_seed(name, seed, held))
        except Exception as error:
            failed.append(f"{name} {seed}: {type(error).__name__}: {str(error)[:300]}")
            print(failed[-1], flush=True)
    return failed


if __name__ == "__main__":
    word, first, last = sys.argv[1:]
    chosen = list(READERS) if word == "all" else [word]
    print({n: len(try_seeds(n, int(first), int(last))) for n in chosen}, flush=True)
