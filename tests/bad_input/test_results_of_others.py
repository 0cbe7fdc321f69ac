"""Results that somebody sent on, one of them spoilt in any way: it is named, the others are shown.

Hypothesis puts something odd at any place of findings.json or manifest.json; commands that read
many results end with 0, those that need this one with 2, and nobody sees a traceback.
"""

import copy
import json
import random
import shutil

import fixtures_evaluation as made
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from village_eval.cli.main import main
from village_eval.many.results import read_results
from village_eval.report.findings_json import findings_json
from village_eval.report.index import results

MANIFEST = {
    "schema": "village-eval/manifest/1",
    "made": "2024-07-01T00:00:00+00:00",
    "inputs": {"petitions.csv": "a"},
    "parameters": {"draws": 9999, "seed": 1, "as_of": None, "lang": "zh"},
    "versions": {"village-eval": "0.1.0"},
}
ODD = (
    *(None, True, -1, 10**400, 1e300, float("nan"), float("inf"), "", "x", "\ud800", "\x00\x1b[2J"),
    *("<script>alert(1)</script>", "长" * 50_000, [], [[]], {}, {"a": {}}, "{0.__class__}", "9999"),
)


@pytest.fixture(scope="module")
def several(tmp_path_factory):
    """Four results; the third is the one that is spoilt."""
    place = tmp_path_factory.mktemp("results")
    content = findings_json(made.worked())
    for name in "abcd":
        (place / name).mkdir()
        _write(place / name, content, MANIFEST)
    return place, content


def _write(folder, content, manifest):
    (folder / "findings.json").write_text(json.dumps(content), "utf-8")
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def places_in(content, path=()):
    """The path of every value in a JSON."""
    yield path
    items = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in items:
        if isinstance(value, dict | list):
            yield from places_in(value, (*path, key))
        else:
            yield (*path, key)


def spoilt(content, path, odd):
    """A copy with something odd at a place, or without it (``...``)."""
    if not path:
        return odd if odd is not ... else {}
    changed = copy.deepcopy(content)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    if odd is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = odd
    return changed


def of_seed(content, seed):
    rng = random.Random(seed)
    whole = {"findings": content, "manifest": MANIFEST}
    path = rng.choice(sorted(places_in(whole), key=str))
    return spoilt(whole, path or ("findings",), rng.choice([*ODD, ...]))


@pytest.mark.slow
@pytest.mark.ci
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
@example(0)
def test_one_spoilt_result_among_many_stops_no_other(several, tmp_path_factory, capsys, seed):
    place, content = several
    odd = of_seed(content, seed)
    _write(place / "c", odd.get("findings"), odd.get("manifest"))
    out = tmp_path_factory.mktemp("out")
    assert main(["index", str(place), "--lang", "en"]) == 0
    assert (place / "index.html").read_text("utf-8").count("<tr>") == 5
    assert main(["pool", str(place), "--out", str(out / "p"), "--lang", "zh"]) == 0
    pair = ["compare", str(place / "a"), str(place / "c"), "--out", str(out / "c")]
    status = main([*pair, "--lang", "en"])
    told = capsys.readouterr()
    assert status in (0, 2) and "Traceback" not in told.err and "\x1b" not in told.out + told.err
    pages = [place / "index.html", *out.rglob("*.html")]
    for page in pages:
        text = page.read_text("utf-8")
        assert "\x1b" not in text and "<script>alert" not in text


WHOLE = {
    "no json": b"{",
    "no object": b"[1, 2]",
    "a number": b"1",
    "nothing": b"",
    "nested without end": b"[" * 100_000,
    "no text": b"\xff\xfe\x00",
    "a number of digits": b'{"schema": ' + b"9" * 5000 + b"}",
    "another form": b'{"schema": "village-eval/findings/9"}',
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("file", ["findings.json", "manifest.json"])
def test_a_file_that_is_no_result(several, tmp_path, capsys, name, file):
    place = tmp_path / "results"
    shutil.copytree(several[0], place, ignore=shutil.ignore_patterns("index.html", ".village*"))
    _write(place / "c", several[1], MANIFEST)
    (place / "c" / file).write_bytes(WHOLE[name])
    assert main(["index", str(place), "--lang", "en"]) == 0
    page = (place / "index.html").read_text("utf-8")
    assert page.count("<tr>") == 5 and page.count(">not finished<") == 1
    assert main(["pool", str(place), "--out", str(tmp_path / "p"), "--lang", "en"]) == 0
    left = json.loads((tmp_path / "p" / "pooled.json").read_text("utf-8"))
    assert left["counties"] == (3 if file == "findings.json" else 4)
    pair = ["compare", str(place / "c"), str(place / "a"), "--out", str(tmp_path / "o")]
    assert main([*pair, "--lang", "zh"]) == 2
    assert "Traceback" not in capsys.readouterr().err


TABLES = {
    "no parquet": b"PAR1 rubbish PAR1",
    "other columns": pd.DataFrame({"outcome": ["petitions"]}),
    "text for numbers": pd.DataFrame({"outcome": ["petitions"], "score": ["=1+1"]}),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("file", ["dose_scores.parquet", "lot_scores.parquet"])
def test_scores_that_are_none_leave_the_county_out(several, tmp_path, name, file):
    place = tmp_path / "results"
    shutil.copytree(several[0], place)
    _write(place / "c", several[1], MANIFEST)
    table = TABLES[name]
    if isinstance(table, bytes):
        (place / "c" / file).write_bytes(table)
    else:
        table.to_parquet(place / "c" / file)
    found, refused = read_results(place, "en")
    assert [r.name for r in found] == ["a", "b", "d"]
    assert refused == [{"county": "c", "reason": "not_readable"}]


def test_what_a_killed_run_left_is_no_result(several, tmp_path):
    place = tmp_path / "results"
    shutil.copytree(several[0], place)
    left = place / ".a.village-eval-x1" / "new"
    left.mkdir(parents=True)
    _write(left, several[1], MANIFEST)
    assert [p.name for p in results(place)] == ["a", "b", "c", "d"]
