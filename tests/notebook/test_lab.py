"""JupyterLab on working copies: the committed notebooks stay as they are, the kernel is the
project's."""

import json
import os
import sys
from types import SimpleNamespace

import nbformat
import pytest

from village_eval.cli.main import main
from village_eval.county.problems import InputError
from village_eval.county.resources import notebooks_dir
from village_eval.report import lab
from village_eval.report.run import run_notebook

COMMITTED = sorted(p.relative_to(notebooks_dir()) for p in notebooks_dir().rglob("*.ipynb"))


def test_a_kernel_named_for_the_project_runs_this_interpreter(tmp_path, capsys):
    assert main(["kernel", "--prefix", str(tmp_path), "--lang", "en"]) == 0
    folder = tmp_path / "share" / "jupyter" / "kernels" / "village-eval"
    assert str(folder) in capsys.readouterr().out
    spec = json.loads((folder / "kernel.json").read_text("utf-8"))
    assert spec["argv"][0] == sys.executable and spec["display_name"] == "village_eval"


def test_the_kernel_is_registered_for_the_user_unless_said_otherwise(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    assert main(["kernel"]) == 0
    assert (tmp_path / "kernels" / "village-eval" / "kernel.json").is_file()


@pytest.mark.slow
@pytest.mark.ci
def test_the_registered_kernel_starts_and_knows_the_package(tmp_path, monkeypatch):
    from jupyter_client.manager import start_new_kernel

    main(["kernel", "--prefix", str(tmp_path)])
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share" / "jupyter"))
    manager, client = start_new_kernel(kernel_name="village-eval")
    try:
        said = []
        client.execute_interactive(
            "import village_eval, sys; print(sys.executable)", output_hook=said.append, timeout=60
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert "".join(m["content"].get("text", "") for m in said).strip() == sys.executable


def broken_python3(folder):
    """A kernelspec called python3 whose interpreter does not exist."""
    spec = folder / "kernels" / "python3"
    spec.mkdir(parents=True)
    argv = [str(folder / "no_python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    content = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(content), "utf-8")


def test_a_report_runs_its_own_interpreter_whatever_python3_is_elsewhere(tmp_path, monkeypatch):
    broken_python3(tmp_path / "share")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    from jupyter_client.kernelspec import KernelSpecManager

    assert KernelSpecManager().get_kernel_spec("python3").argv[0].endswith("no_python")
    cells = [
        nbformat.v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("import sys\n(x, sys.executable)"),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), tmp_path / "n.ipynb")
    run_notebook("n", tmp_path / "out.ipynb", {"x": 2}, folder=tmp_path)
    shown = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[-1].outputs[0]
    assert shown.data["text/plain"] == repr((2, sys.executable))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_working_copies_are_of_all_notebooks_and_in_their_readers_language(lang, tmp_path):
    before = {name: (notebooks_dir() / name).read_bytes() for name in COMMITTED}
    made = lab.working_copies(tmp_path / "work", lang)
    assert sorted(p.relative_to(tmp_path / "work") for p in made.written) == COMMITTED
    for path in made.written:
        copy = nbformat.read(path, as_version=4)
        nbformat.validate(copy)
        assert copy.metadata["kernelspec"]["name"] == "village-eval"
        tagged = [c.source for c in copy.cells if "parameters" in c.metadata.get("tags", [])]
        assert all(f'lang = "{lang}"' in source for source in tagged if "lang =" in source)
    assert {name: (notebooks_dir() / name).read_bytes() for name in COMMITTED} == before


def test_a_copy_that_its_user_changed_is_kept_and_others_follow_the_program(tmp_path):
    first = lab.working_copies(tmp_path, "en").written
    mine, other = first[0], first[1]
    mine.write_text("{}", "utf-8")
    again = lab.working_copies(tmp_path, "zh")
    assert again.kept == (mine,) and other in again.written and mine.read_text("utf-8") == "{}"


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_a_link_in_the_place_of_a_copy_is_not_written_through(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "00_data.ipynb").symlink_to(tmp_path / "elsewhere")
    made = lab.working_copies(tmp_path / "work", "zh")
    assert [p.name for p in made.kept] == ["00_data.ipynb"]
    assert not (tmp_path / "elsewhere").exists()


def test_working_copies_are_not_made_over_the_committed_ones():
    with pytest.raises(InputError):
        lab.working_copies(notebooks_dir(), "en")
    with pytest.raises(InputError):
        lab.working_copies(notebooks_dir() / "mine", "en")


def test_a_committed_notebook_is_not_saved_in_jupyterlab(tmp_path):
    from tornado.web import HTTPError

    root = notebooks_dir().parent
    manager = SimpleNamespace(root_dir=str(root))
    for path in ("notebooks/00_data.ipynb", "/notebooks/methods/regression_to_the_mean.ipynb"):
        with pytest.raises(HTTPError) as refused:
            lab.keep_committed(path=path, contents_manager=manager, model={})
        assert refused.value.status_code == 403 and "work" in refused.value.log_message
    assert lab.keep_committed(path="work/00_data.ipynb", contents_manager=manager) is None


def test_lab_is_rooted_where_it_is_called_and_takes_jupyters_own_options(tmp_path, monkeypatch):
    from jupyterlab.labapp import LabApp

    asked = []
    monkeypatch.setattr(LabApp, "launch_instance", lambda argv: asked.extend(argv))
    monkeypatch.setattr(lab, "register_for_lab", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.chdir(tmp_path)
    assert main(["lab", "work", "--port", "9999", "--no-browser"]) == 0
    assert f"--ServerApp.root_dir={tmp_path}" in asked and "--allow-root" in asked
    assert "--LabApp.default_url=/lab/tree/work/00_start.ipynb" in asked
    assert asked[-3:] == ["--port", "9999", "--no-browser"]
    assert (tmp_path / "work" / "00_data.ipynb").is_file()
