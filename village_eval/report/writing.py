"""The adviser's report: notebooks run by papermill, HTML, findings, tables, figures and a manifest,
all or nothing."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from village_eval.county.audience import FORMATS, names_villages
from village_eval.county.problems import InputError, problem
from village_eval.folder.ours import replacing
from village_eval.report.manifest import manifest
from village_eval.report.pdf import NoBrowser, browser, print_pdf
from village_eval.report.progress import Progress
from village_eval.report.run import NotebookFailed, run_notebook
from village_eval.words.catalogue import BOTH
from village_eval.words.messages import locale_lang

NOTEBOOKS = (
    "00_data",
    "01_diagnosis",
    "02_campaign",
    "03_effects",
    "04_measures",
    "05_robustness",
    "06_persistence",
    "07_planning",
)

__all__ = ["NotebookFailed", "report", "write_results"]


def report(
    county: str | Path,
    out: str | Path,
    *,
    lang: str = "zh",
    audience: str = "adviser",
    as_of: str | None = None,
    draws: int = 9999,
    seed: int = 1,
    formats: tuple[str, ...] = ("html",),
) -> Path:
    """Write the report on a county folder into ``out`` and return its path; ``lang`` is zh, en or
    both; ``formats`` adds pdf (where a Chromium is found) and docx to html, which is always there.

    Raises InputError for input that cannot be used or an ``out`` that holds something else,
    NotebookFailed when a cell fails; in both cases what stood in ``out`` before is left as it was.
    """
    from village_eval.findings.evaluation import evaluate
    from village_eval.report import gallery
    from village_eval.report.export import export_html
    from village_eval.report.findings_json import findings_json
    from village_eval.report.sections import title
    from village_eval.report.tables import write_tables

    langs = BOTH if lang == "both" else (lang,)
    if "pdf" in formats:
        _need_browser(langs[0])
    folder, out, began = Path(county).resolve(), Path(out).resolve(), time.monotonic()
    shared = {
        "seed": seed,
        "draws": draws,
        "as_of": None if as_of is None else str(as_of),
        "audience": audience,
    }
    steps = (
        NOTEBOOKS if names_villages(audience) else ()
    )  # the notebooks of a county show its villages
    count = 3 + len(steps) + (1 + len({*formats, "html"})) * len(langs)
    with replacing(out, [folder], lang=langs[0]) as made:
        progress = Progress(count, made / "run.log", langs[0])
        try:
            with progress.step("evaluate"):
                evaluation = evaluate(folder, draws=draws, seed=seed, as_of=as_of).shown_to(
                    audience
                )
            for name in ("notebooks", "tables", "figures"):
                (made / name).mkdir()
            given = {"county": str(folder), "out": str(out)} | shared
            # Notebooks are started in order, as many at once as there are cores; figures are drawn
            # meanwhile.
            runs = [(name, name, langs[0]) for name in steps] + [
                ("report", f"report.{each}", each) for each in langs
            ]
            with ThreadPoolExecutor(min(os.cpu_count() or 1, len(runs))) as pool:
                running = [
                    pool.submit(
                        run_notebook,
                        name,
                        made / "notebooks" / f"{file}.ipynb",
                        given | {"lang": each},
                        lang=langs[0],
                    )
                    for name, file, each in runs
                ]
                try:
                    with progress.step("tables"):
                        for each in langs:
                            write_tables(evaluation, made / "tables", each)
                        _write_json(made / "findings.json", findings_json(evaluation))
                    with progress.step("figures"):
                        for each in langs:
                            gallery.save_all(evaluation, made / "figures", each)
                    for (_, file, _), run in zip(runs, running, strict=True):
                        progress.done("notebook", run.result(), name=file)
                finally:
                    pool.shutdown(wait=False, cancel_futures=True)
            for each in langs:
                with progress.step("html", name=f"report.{each}.html"):
                    executed, synthetic = (
                        made / "notebooks" / f"report.{each}.ipynb",
                        evaluation.campaign.synthetic,
                    )
                    export_html(
                        executed,
                        made / f"report.{each}.html",
                        each,
                        title(evaluation, each),
                        synthetic,
                    )
            for each in langs:
                for kind in [k for k in FORMATS if k in formats and k != "html"]:
                    with progress.step("html", name=f"report.{each}.{kind}"):
                        _convert(made, each, kind)
            parameters = {"lang": lang, "format": ",".join(formats)} | shared
            _write_json(
                made / "manifest.json",
                manifest(evaluation.county, made, parameters, time.monotonic() - began),
            )
        finally:
            progress.close()
    return out


def _need_browser(lang: str) -> None:
    """Say at once that there is nothing to print with."""
    try:
        browser()
    except NoBrowser:
        raise InputError([problem("no_browser", "--format pdf", lang)]) from None


def _convert(made: Path, lang: str, kind: str) -> None:
    """The report of one language in another format."""
    html, path = made / f"report.{lang}.html", made / f"report.{lang}.{kind}"
    if kind == "docx":
        from village_eval.report.docx import write_docx

        write_docx(html, made / "figures", path, lang)
        return
    try:
        print_pdf(html, path)
    except NoBrowser as error:
        raise InputError(
            [problem("not_printed", "--format pdf", lang, reason=str(error))]
        ) from error


def write_results(
    evaluation, out: str | Path, folder: str | Path, inputs: Iterable[str | Path] = ()
) -> Path:
    """What ``evaluate`` leaves in ``out``: findings.json, manifest.json, tables/ and result/ (the
    evaluation itself, for its owner only), all or nothing. ``inputs`` are other folders that must
    not be touched."""
    from village_eval.findings import saved
    from village_eval.findings.evaluation import RESULT
    from village_eval.report.findings_json import findings_json
    from village_eval.report.tables import write_tables

    began, lang = time.monotonic(), locale_lang()
    with replacing(out, [folder, *inputs], lang=lang) as made:
        (made / "tables").mkdir()
        write_tables(evaluation, made / "tables", lang)
        (made / RESULT).mkdir(mode=0o700)
        saved.write(evaluation, made / RESULT)
        _write_json(made / "findings.json", findings_json(evaluation))
        _write_json(
            made / "manifest.json",
            manifest(evaluation.county, made, evaluation.options, time.monotonic() - began),
        )
    return Path(out)


def _write_json(path: Path, content: dict) -> None:
    path.write_text(
        json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", "utf-8"
    )
