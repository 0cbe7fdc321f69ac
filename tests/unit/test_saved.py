"""A result is a folder: written and read back as it was, without pickle, for its owner only."""

import datetime as dt
import json
import pickle
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from conftest import write_folder

from village_eval.county.campaign import Campaign
from village_eval.county.problems import InputError
from village_eval.expectation.results import Check
from village_eval.findings import evaluation as module
from village_eval.findings import kept, saved
from village_eval.findings.evaluation import Evaluation, evaluate
from village_eval.folder.overwriting import LIST
from village_eval.folder.reading import county_inputs
from village_eval.report.findings_json import findings_json
from village_eval.report.writing import write_results


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("saved") / "测试县")


@pytest.fixture(scope="module")
def made(county):
    return evaluate(county, draws=99, cache=False)


def there_and_back(value, folder):
    folder.mkdir()
    saved.write(value, folder)
    return saved.read(folder)


def contents(folder):
    """What a folder says: the JSON with what is only referred to written out, every array and
    frame."""
    arrays = {}
    if (folder / saved.ARRAYS).is_file():
        with np.load(folder / saved.ARRAYS) as held:
            arrays = {k: (held[k].dtype.str, held[k].tobytes()) for k in held}
    frames = {p.name: pd.read_parquet(p) for p in folder.glob("*.parquet")}
    return written_out(json.loads((folder / saved.VALUES).read_text("utf-8")), {}), arrays, frames


def written_out(content, known):
    if isinstance(content, list):
        return [written_out(v, known) for v in content]
    if not isinstance(content, dict):
        return content
    if content.get("$") == "again":
        return known[content["is"]]
    value = {k: written_out(v, known) for k, v in content.items() if k != "#"}
    known[content.get("#")] = value
    return value


def test_an_evaluation_comes_back_to_the_last_digit(made, tmp_path):
    again = Evaluation.load(made.save(tmp_path / "one"))
    assert findings_json(again, digits=None) == findings_json(made, digits=None)
    again.save(tmp_path / "two")
    one, two = (contents(tmp_path / name) for name in ("one", "two"))
    assert one[:2] == two[:2] and one[2].keys() == two[2].keys() and "panel.petitions" in str(one)
    for name, frame in one[2].items():
        pd.testing.assert_frame_equal(frame, two[2][name])


def test_only_the_owner_reads_it_and_nothing_is_pickled(made, tmp_path):
    made.save(tmp_path / "kept")
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    suffixes = {p.suffix for p in (tmp_path / "kept").iterdir() if p.name != LIST}
    assert suffixes <= {".json", ".parquet", ".npz"}
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads((tmp_path / "kept" / saved.VALUES).read_bytes())


@pytest.mark.slow
@pytest.mark.ci
def test_the_commands_result_is_read_back(made, county, tmp_path):
    out = write_results(made, tmp_path / "out", county)
    assert (out / module.RESULT).stat().st_mode & 0o077 == 0
    assert findings_json(Evaluation.load(out)) == json.loads((out / "findings.json").read_text())


COLUMNS = {
    "text": ["a", "", None, "中"],
    "count": pd.array([1, None, 3, 4], dtype="Int64"),
    "yes": [True, False, True, True],
    "number": [0.1, np.nan, np.inf, -0.0],
    "day": pd.to_datetime(["2023-01-01", None, "1900-02-03", "2024-05-06 07:08"], format="ISO8601"),
}
VALUES = {
    "numbers": [0.1 + 0.2, float("nan"), float("-inf"), -0.0, 2**70, True, None],
    "numpy numbers": [np.float64(0.1), np.int32(-4), np.bool_(True), np.float32(0.1)],
    "dates": [dt.date(2023, 3, 1), pd.Period("2023-03"), pd.Period("2022Q1"), pd.Timestamp(0)],
    "nested": ({"a": (1, [2, (3,)])}, frozenset({"x", "y"})),
    "keys": {(1, "a"): 2, pd.Period("2023-03"): 3, "$": 4},
    "missing": [pd.NaT, pd.NA],
    "arrays": [np.arange(6).reshape(2, 3), np.array([], float), np.array([[np.nan, 1]])],
    "texts that no column of texts holds": pd.DataFrame({"a": ["x"]}, dtype=object),
    "large array": np.random.default_rng(1).normal(size=(70, 70)),
    "objects": np.array([dt.date(2023, 3, 1), None, "x"], dtype=object),
    "days": np.array(["2023-01-01", "NaT"], dtype="datetime64[ns]"),
    "frame": pd.DataFrame(COLUMNS),
    "large frame": pd.concat([pd.DataFrame(COLUMNS)] * 500, ignore_index=True),
    "empty frame": pd.DataFrame(COLUMNS).iloc[:0],
    "rows by month": pd.DataFrame({"a": [1.5, 2]}, index=pd.period_range("2023-01", periods=2)),
    "two levels": pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([("x", 1)])),
    "columns of numbers": pd.DataFrame(np.eye(2)),
    "series": pd.Series([1.5, None], index=["a", "b"], name="s"),
    "months": pd.period_range("2020-01", "2020-03", freq="M"),
    "campaign": Campaign(
        "县", dt.date(2023, 3, 1), (pd.Period("2022-03"),) * 2, (pd.Period("2018-01"),) * 2
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_every_kind_of_value_comes_back(name, tmp_path):
    value = VALUES[name]
    again = there_and_back(value, tmp_path / "one")
    assert type(again) is type(value)
    if isinstance(value, pd.DataFrame):
        pd.testing.assert_frame_equal(again, value, check_exact=True)
    elif isinstance(value, pd.Series):
        pd.testing.assert_series_equal(again, value, check_exact=True)
    elif isinstance(value, np.ndarray):
        assert again.dtype == value.dtype and repr(again) == repr(value)
        assert again.tobytes() == value.tobytes() or value.dtype == object
    else:
        assert repr(again) == repr(value)


def test_what_was_one_is_one_again(tmp_path):
    check = Check("suppression", "petitions.first_year", "pass", frame=pd.DataFrame(COLUMNS))
    one, two, frame = there_and_back([check, check, check.frame], tmp_path / "one")
    assert one is two and frame is one.frame


@dataclass(frozen=True)
class Mine:
    function: object


@pytest.mark.parametrize("value", [print, Mine(1), object(), pd.Categorical(["a"])])
def test_what_is_no_value_of_ours_is_refused_when_written(value, tmp_path):
    with pytest.raises(TypeError, match=r"value\.0"):
        saved.write([value], tmp_path)


def test_a_strangers_file_makes_nothing_of_anybody_elses(tmp_path):
    for kind in ("os:system", "village_eval.findings.saved:write", "subprocess:Popen"):
        text = json.dumps({"#": 0, "$": kind, "is": {"command": "true"}})
        (tmp_path / saved.VALUES).write_text(text)
        with pytest.raises(saved.NotReadable):
            saved.read(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"$": "nonsense", "#": 0, "is": 1}', '{"$":'])
def test_a_folder_without_a_result_is_refused_in_words(text, tmp_path):
    with pytest.raises(InputError, match="result"):
        Evaluation.load(tmp_path / "nowhere")
    (tmp_path / saved.VALUES).write_text(text)
    with pytest.raises(InputError, match="result"):
        Evaluation.load(tmp_path)


@pytest.mark.slow
@pytest.mark.ci
def test_a_result_is_computed_once(county, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = evaluate(county, draws=19)
    monkeypatch.setattr(module, "assess", lambda *_: pytest.fail("computed again"))
    assert findings_json(evaluate(county, draws=19)) == findings_json(first)


@pytest.mark.slow
@pytest.mark.ci
def test_a_kept_result_that_was_spoilt_is_computed_anew(county, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = evaluate(county, draws=19)
    (place,) = kept.root().iterdir()
    (place / saved.VALUES).write_text("{")
    assert findings_json(evaluate(county, draws=19)) == findings_json(first)
    assert findings_json(Evaluation.load(place)) == findings_json(first)


def test_the_key_knows_data_options_program_and_libraries(county, tmp_path, monkeypatch):
    inputs, options = county_inputs(county), {"draws": 19}
    keys = [kept.place_of(inputs, options), kept.place_of(inputs, {"draws": 20})]
    changed = replace(inputs, files={k: v for k, v in inputs.files.items() if k != "income.csv"})
    keys.append(kept.place_of(changed, options))
    package = tmp_path / "package"
    (package / "findings").mkdir(parents=True)
    monkeypatch.setattr(kept, "__file__", str(package / "findings" / "kept.py"))
    for name in ("findings/kept.py", "words.toml", "words.toml"):
        with (package / name).open("a") as file:
            file.write("x")
        kept.program.cache_clear()
        keys.append(kept.place_of(inputs, options))
    monkeypatch.setattr(kept.importlib.metadata, "version", lambda name: "9.9")
    kept.program.cache_clear()
    keys.append(kept.place_of(inputs, options))
    kept.program.cache_clear()
    assert len(set(keys)) == len(keys) == 7


@pytest.mark.slow
@pytest.mark.ci
def test_only_the_newest_results_are_kept(county, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(kept, "KEPT", 2)
    kept.root().mkdir()
    (kept.root() / "old.pickle").write_bytes(b"x")
    for seed in (1, 2, 3):
        evaluate(county, draws=19, seed=seed)
    assert len(list(kept.root().iterdir())) == 2
    assert not (kept.root() / "old.pickle").exists()
