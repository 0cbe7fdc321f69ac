"""The command line: exit status, languages, one line instead of a traceback."""

import ctypes
import inspect
import sys
import types
from types import SimpleNamespace

import pytest
from conftest import county_rows, write_folder

from village_eval import __version__
from village_eval.cli import main as cli
from village_eval.county.problems import InputError
from village_eval.many.failure import failure_of
from village_eval.words.catalogue import LANGUAGES
from village_eval.words.messages import locale_lang

COMMANDS = [
    "evaluate",
    "batch",
    "report",
    "check",
    "import",
    "template",
    "simulate",
    "certify",
    "plan",
    "compare",
    "index",
]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Messages follow the locale; tests do not."""
    monkeypatch.setenv("VILLAGE_EVAL_LANG", "en")


@pytest.fixture
def bad_folder(tmp_path):
    rows = county_rows()
    rows["villages"][0]["listed"] = "x"
    rows["petitions"][0]["date"] = "y"
    return write_folder(tmp_path / "bad", rows)


def stand_in(monkeypatch, module: str, **functions) -> None:
    """Put a module in place of the real one, to see what the command asks of it."""
    made = types.ModuleType(module)
    for name, function in functions.items():
        setattr(made, name, function)
    monkeypatch.setitem(sys.modules, module, made)


def raising(error):
    def function(*_args, **_options):
        raise error

    return function


def status_of(argv) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(argv)
    return stopped.value.code


def test_version(capsys):
    assert status_of(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"village-eval {__version__}"


@pytest.mark.parametrize(
    "argv",
    [
        ["--help"],
        *([c, "--help"] for c in COMMANDS),
        *([c, "--lang", "zh", "--help"] for c in COMMANDS),
    ],
)
def test_help_everywhere(argv, capsys):
    assert status_of(argv) == 0
    said = capsys.readouterr().out
    spoken = "{" + ",".join(LANGUAGES)
    for choices in (
        spoken + "}",
        spoken + ",both}",
        "{adviser,researcher,public}",
        "{phased,measures}",
    ):
        said = said.replace(choices, "")
    assert "usage: village-eval" in said and "{" not in said


def test_help_lists_only_what_exists(capsys):
    status_of(["--help"])
    said = capsys.readouterr().out
    assert [c for c in COMMANDS if f"\n    {c} " not in said] == []


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["chek"],
        ["check"],
        ["evaluate", "x"],
        ["report", "x", "--out", "y", "--as-of", "gestern"],
        ["evaluate", "x", "--out", "y", "--draws", "0"],
    ],
)
def test_bad_arguments(argv, capsys):
    assert status_of(argv) == 2
    assert "usage" in capsys.readouterr().err


def test_check_says_what_was_read(county_folder, capsys):
    assert cli.main(["check", str(county_folder), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    for part in (
        "测试县",
        "40个村",
        "6个乡镇",
        "8个村列入名单",
        "78个月",
        "villages(40)、petitions(1,",
    ):
        assert part in said


def test_check_prints_every_problem_and_no_traceback(bad_folder, capsys):
    assert cli.main(["check", str(bad_folder), "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.strip().splitlines()
    assert lines[0].startswith("2 problems")
    assert [line.split(",")[0] for line in lines[1:]] == ["villages.csv", "petitions.csv"]


def test_one_bad_county_does_not_stop_the_others(bad_folder, county_folder, capsys):
    assert (
        cli.main(["check", str(bad_folder), str(county_folder), str(county_folder / "nowhere")])
        == 2
    )
    out, err = capsys.readouterr()
    assert "40 villages" in out
    assert f"[{bad_folder}]" in err and "there is no such folder" in err


def test_no_such_folder(tmp_path, capsys):
    assert cli.main(["evaluate", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")]) == 2
    assert "there is no such folder" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_two_folders_of_one_name(tmp_path, capsys):
    (tmp_path / "a" / "x").mkdir(parents=True)
    (tmp_path / "b" / "x").mkdir(parents=True)
    assert (
        cli.main(
            [
                "evaluate",
                str(tmp_path / "a/x"),
                str(tmp_path / "b/x"),
                "--out",
                str(tmp_path / "out"),
                "--lang",
                "zh",
            ]
        )
        == 2
    )
    assert "同名（x）" in capsys.readouterr().err


def test_evaluate_reports_each_county_and_the_worst_status(
    tmp_path, monkeypatch, capsys, bad_folder
):
    folders = [tmp_path / name for name in ("good", "wrong", "broken")]
    for folder in folders:
        folder.mkdir()
    asked = {}

    def evaluate_folders(given, out, **options):
        asked.update(options)
        errors = {
            "good": None,
            "wrong": failure_of(InputError([])),
            "broken": failure_of(ZeroDivisionError("division by zero")),
        }
        return [(folder, errors[folder.name]) for folder in given]

    stand_in(monkeypatch, "village_eval.many.folders", evaluate_folders=evaluate_folders)
    argv = [
        "evaluate",
        "--out",
        str(tmp_path / "out"),
        "--draws",
        "99",
        "--seed",
        "7",
        *map(str, folders[:2]),
    ]
    assert cli.main(argv) == 2
    assert asked == {"draws": 99, "seed": 7, "workers": None}
    assert cli.main([*argv, str(folders[2])]) == 1
    out, err = capsys.readouterr()
    assert out.count("good: evaluated") == 2
    assert "ZeroDivisionError" in err and "Traceback" not in err


def test_a_fault_of_the_program_is_one_line_unless_asked(monkeypatch, capsys, county_folder):
    monkeypatch.setattr(
        "village_eval.folder.reading.read_county", raising(RuntimeError("lost\nmy way"))
    )
    assert cli.main(["check", str(county_folder)]) == 1
    err = capsys.readouterr().err
    assert "RuntimeError: lost my way" in err and len(err.strip().splitlines()) == 1
    assert cli.main(["check", str(county_folder), "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_interrupted(monkeypatch, capsys, county_folder):
    monkeypatch.setattr("village_eval.folder.reading.read_county", raising(KeyboardInterrupt()))
    assert cli.main(["check", str(county_folder), "--lang", "zh"]) == 130
    assert capsys.readouterr().err.strip() == "已中断。"


def test_unwritable_output_is_the_users_to_mend(monkeypatch, capsys, tmp_path):
    error = PermissionError(13, "Permission denied", "/somewhere")
    stand_in(monkeypatch, "village_eval.bureau.importing", import_delivery=raising(error))
    assert cli.main(["import", str(tmp_path), "--out", str(tmp_path / "c")]) == 2
    assert "/somewhere" in capsys.readouterr().err


def test_simulate_then_check(tmp_path, capsys):
    out = tmp_path / "s"
    assert (
        cli.main(
            [
                "simulate",
                "--out",
                str(out),
                "--villages",
                "60",
                "--townships",
                "5",
                "--listed",
                "6",
                "--seed",
                "3",
            ]
        )
        == 0
    )
    assert (out / "truth.json").is_file()
    assert cli.main(["check", str(out)]) == 0
    assert "60 villages in 5 townships, 6 listed" in capsys.readouterr().out
    assert (
        cli.main(["simulate", "--out", str(tmp_path / "t"), "--villages", "5", "--listed", "6"])
        == 2
    )
    assert "these options cannot be used" in capsys.readouterr().err
    assert not (tmp_path / "t").exists()


def test_report_passes_its_options_on(monkeypatch, capsys, tmp_path):
    asked = {}

    def report(county, out, **options):
        asked.update(options)

    stand_in(monkeypatch, "village_eval.report.writing", report=report)
    argv = [
        "report",
        str(tmp_path),
        "--out",
        str(tmp_path / "r"),
        "--lang",
        "both",
        "--as-of",
        "2023-12-31",
    ]
    assert cli.main([*argv, "--format", "docx", "--audience", "public"]) == 0
    told = {
        "designs": [],
        "lang": "both",
        "audience": "public",
        "as_of": "2023-12-31",
        "draws": 9999,
        "seed": 1,
        "formats": ("html", "docx"),
        "full": False,
    }
    assert asked == told
    assert cli.main([*argv, "--full"]) == 0
    assert asked["full"]


def test_an_examination_takes_the_scenarios_that_are_asked_or_says_that_it_has_its_own(
    tmp_path, capsys
):
    from village_eval.certify.command import EXAMINATIONS

    for what, (make, _) in EXAMINATIONS.items():
        named = "scenarios" in inspect.signature(make).parameters
        asked = ["certify", f"--{what}", "--out", str(tmp_path), "--lang", "en", "--scenario"]
        assert cli.main([*asked, "nope"]) == 2
        said = capsys.readouterr().err
        assert ("no scenario 'nope'" in said) == named
        assert ("counties of its own" in said) != named
    argv = ["certify", "--years", "--scenario", "rare", "--counties", "1", "--workers", "1"]
    assert cli.main([*argv, "--out", str(tmp_path)]) == 0
    kept = (tmp_path / "certification_years.csv").read_text().splitlines()
    assert len(kept) == 2 and kept[1].startswith("rare,")


def test_certify_runs_every_examination_that_is_asked(monkeypatch, tmp_path):
    from village_eval.certify import command

    asked = []
    monkeypatch.setattr(command, "examine", lambda what, *a, **k: asked.append(what))
    monkeypatch.setattr(command, "run_library", lambda *a, **k: asked.append("library"))
    monkeypatch.setattr(command, "run", lambda *a, **k: asked.append("designs"))
    flags = [f"--{what}" for what in command.EXAMINATIONS]
    out = ["--out", str(tmp_path)]
    assert cli.main(["certify", *flags, "--library", *out]) == 0
    assert asked == [*command.EXAMINATIONS, "library"]
    asked.clear()
    assert cli.main(["certify", *out]) == 0 and asked == ["designs"]
    asked.clear()
    assert cli.main(["certify", "--grades", "--real", *out]) == 0 and asked == ["grades", "designs"]


@pytest.mark.parametrize(("told", "lang"), [(0x0804, "zh"), (0x0C04, "zh"), (0x0409, "en")])
def test_windows_which_sets_no_lang_is_asked_for_its_language(monkeypatch, told, lang):
    for variable in ("VILLAGE_EVAL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: told)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert locale_lang() == lang
