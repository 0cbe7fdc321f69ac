"""Writing the adviser's report.

Page, notebooks, findings, tables, figures and a manifest, all or nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from village_eval.county.audience import FORMATS, names_villages, shows_everything
from village_eval.county.door import check, is_a, one_of
from village_eval.county.problems import InputError, problem
from village_eval.folder.overwriting import keep_out_of_git, replacing
from village_eval.report.manifest import manifest
from village_eval.report.pdf import NoBrowser, browser, print_pdf
from village_eval.report.progress import Progress
from village_eval.report.run import NotebookFailed, run_notebook
from village_eval.words.catalogue import BOTH, LANGUAGES
from village_eval.words.messages import locale_lang
from village_eval.words.parallel import each

if TYPE_CHECKING:
    from village_eval.designs import DeclaredDesign
    from village_eval.expectation.results import Estimate
    from village_eval.findings.evaluation import Evaluation

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
Step = tuple[str, float, dict[str, str]]
"""What was done (a key of the progress words), its seconds, and what the words name."""

__all__ = ["NotebookFailed", "report", "write_results"]


def report(
    county: str | Path | Evaluation,
    out: str | Path,
    *,
    lang: str = "zh",
    audience: str = "adviser",
    as_of: str | None = None,
    draws: int = 9999,
    seed: int = 1,
    formats: str | Iterable[str] = ("html",),
    full: bool = False,
    workers: int | None = None,
    quiet: bool = False,
    cache: bool = True,
    designs: Iterable[DeclaredDesign | Callable[..., Estimate]] = (),
) -> Path:
    """Write the report on a county folder, or on an evaluation, into ``out``.

    It is computed once; everything that is shown is made from that result, each language in a
    process of its own (at most ``workers``, default: as many as there are cores).

    Parameters
    ----------
    county
        A county folder, or ``ve.evaluate(…)``: with checks, designs or outcomes of one's own, say.
        An evaluation brings its own ``as_of``, ``draws``, ``seed`` and ``designs``.
    out
        The folder of the report; what stood there before is replaced if it was a report.
    lang
        zh, en or both.
    audience
        adviser, researcher or public: who reads it.
    as_of, draws, seed
        As for ``ve.evaluate``.
    formats
        adds pdf (where a Chromium is found) and docx to html, which is always there.
    full
        with the technical annex and all notebooks; always so for researchers.
    quiet
        says its steps in run.log only.
    workers
        processes; as many as there are cores unless given.
    cache
        whether the result is kept for the next time (findings/kept.py).
    designs
        of one's own, beside the built-in ones.

    Returns
    -------
    Path
        That of ``out``, with report.zh.html, report.en.html, findings.json, tables/, figures/,
        notebooks/.

    Raises
    ------
    InputError
        for input that cannot be used, or an ``out`` that holds something else.
    NotebookFailed
        when a cell fails; in both cases what stood in ``out`` before is left as it was.
    """
    from village_eval.designs.declared import own_design
    from village_eval.findings.evaluation import Evaluation, evaluate
    from village_eval.report.findings_json import findings_json

    is_a(county, (str, Path, Evaluation), "county", '"my_county", ve.evaluate("my_county")')
    check(audience=audience, as_of=as_of, draws=draws, seed=seed, out=out, workers=workers)
    one_of(lang, (*LANGUAGES, "both"), "language")
    is_a(out, (str, Path), "out", '"reports/my_county"')
    formats = (formats,) if isinstance(formats, str) else tuple(formats)
    for kind in formats:
        one_of(kind, FORMATS, "format")
    designs = tuple(designs)
    if isinstance(county, Evaluation):
        asked, sources = county.options, [county.county.folder] if county.county.folder else []
        as_of, draws, seed = asked["as_of"], asked["draws"], asked["seed"]
    else:
        sources = [Path(county).resolve()]
    cache = cache and not designs and not isinstance(county, Evaluation)
    langs, said = (BOTH, locale_lang()) if lang == "both" else ((lang,), lang)
    if "pdf" in formats:
        _need_browser(said)
    out, began = Path(out).resolve(), time.monotonic()
    day = None if as_of is None else str(as_of)
    shared = {"seed": seed, "draws": draws, "as_of": day, "audience": audience}
    full = full or shows_everything(audience)
    # The notebooks of a county show its villages.
    notebooks = NOTEBOOKS if full and names_villages(audience) else ()
    kinds = tuple(k for k in FORMATS if k in formats and k != "html")
    with replacing(out, sources, lang=said) as made:
        count = 1 + len(notebooks) + (4 + len(kinds)) * len(langs)
        progress = Progress(count, made / "run.log", said, quiet)
        try:
            with progress.step("evaluate"):
                if isinstance(county, Evaluation):
                    evaluation = county
                else:
                    evaluation = evaluate(
                        sources[0], draws=draws, seed=seed, as_of=day, cache=cache, designs=designs
                    )
                result = _result(evaluation, made, cache)
            for name in ("notebooks", "tables", "figures"):
                (made / name).mkdir()
            _write_json(made / "findings.json", findings_json(evaluation.shown_to(audience)))
            if names_villages(audience):
                write_scores(evaluation, made)
            jobs = [
                _Job(made, result, one, said, shared, notebooks * (one == langs[0]), kinds, full)
                for one in langs
            ]
            steps = _steps(jobs[0]) if len(jobs) == 1 else _all_steps(jobs, workers)
            for what, seconds, named in steps:
                progress.done(what, seconds, **named)
            parameters = {"lang": lang, "format": ",".join(formats), "full": full} | shared
            parameters |= {"designs": [own_design(one).name for one in designs]} if designs else {}
            written = manifest(evaluation.county, made, parameters, time.monotonic() - began)
            _write_json(made / "manifest.json", written)
            keep_out_of_git(made)
        finally:
            progress.close()
    return out


@dataclass(frozen=True)
class _Job:
    """A report's part in one language; ``said`` is the language of what went wrong."""

    made: Path
    result: Path
    lang: str
    said: str
    shared: Mapping[str, object]
    notebooks: tuple[str, ...]
    kinds: tuple[str, ...]
    full: bool


def _all_steps(jobs: list[_Job], workers: int | None) -> Iterator[Step]:
    """The steps of all languages, each language in a process of its own."""
    for _, done in each(_list_steps, jobs, workers):
        yield from done


def _list_steps(job: _Job) -> list[Step]:
    return list(_steps(job))


def _steps(job: _Job) -> Iterator[Step]:
    """Write everything that is in one language.

    Every picture is drawn once, for page, notebooks and files.
    """
    from village_eval.report import gallery
    from village_eval.report.export import write_page
    from village_eval.report.opening import open_evaluation
    from village_eval.report.sections import page, title
    from village_eval.report.tables import write_tables

    made, lang, began = job.made, job.lang, time.monotonic()
    given = {**job.shared, "result": str(job.result), "lang": lang}
    evaluation = open_evaluation(result=job.result, lang=lang, audience=str(job.shared["audience"]))

    def done(what: str, **named: str) -> Step:
        nonlocal began
        before, began = began, time.monotonic()
        return what, began - before, named

    write_tables(evaluation, made / "tables", lang)
    yield done("tables")
    gallery.save_all(evaluation, made / "figures", lang)
    yield done("figures")
    html = made / f"report.{lang}.html"
    synthetic = evaluation.campaign.synthetic
    write_page(page(evaluation, lang, job.full), html, lang, title(evaluation, lang), synthetic)
    yield done("html", name=html.name)
    for name, file in [*((n, n) for n in job.notebooks), ("report", f"report.{lang}")]:
        run_notebook(name, made / "notebooks" / f"{file}.ipynb", given, lang=job.said)
        yield done("notebook", name=file)
    for kind in job.kinds:
        _convert(made, lang, kind)
        yield done("html", name=f"report.{lang}.{kind}")


def _result(evaluation: Evaluation, made: Path, cache: bool) -> Path:
    """The folder of the result that languages and notebooks read.

    The kept one, else one that lives as long as the work.
    """
    from village_eval.findings import kept

    place = kept.place_of(evaluation.county, evaluation.options)
    return place if cache and place.is_dir() else evaluation.save(made.parent / "result")


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
    evaluation: Evaluation, out: str | Path, folder: str | Path, inputs: Iterable[str | Path] = ()
) -> Path:
    """What ``evaluate`` leaves in ``out``.

    That is findings.json, manifest.json, tables/ and result/ (the evaluation itself, for its owner
    only), all or nothing. ``inputs`` are other folders that must not be touched.
    """
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
        write_scores(evaluation, made)
        about = manifest(evaluation.county, made, evaluation.options, time.monotonic() - began)
        _write_json(made / "manifest.json", about)
        keep_out_of_git(made)
    return Path(out)


def write_scores(evaluation: Evaluation, made: Path) -> None:
    """What pooling over counties needs, some kilobytes.

    Of the doses ``dose_scores.parquet``, of a round drawn by lot ``lot_scores.parquet``. Pyarrow
    gets files: it takes no path that is no text.
    """
    if evaluation.lottery is not None and len(evaluation.lottery.scores):
        with (made / "lot_scores.parquet").open("wb") as file:
            evaluation.lottery.scores.to_parquet(file, index=False)
    scores = evaluation.attribution.scores
    if len(scores):
        with (made / "dose_scores.parquet").open("wb") as file:
            scores.to_parquet(
                file,
                index=False,
                compression="zstd",
                use_dictionary=["outcome", "measure", "province"],
                write_statistics=False,
            )


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(
        json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", "utf-8"
    )
