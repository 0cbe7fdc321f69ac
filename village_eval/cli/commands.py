"""The commands: thin functions, each from its arguments to an exit status."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterable
from functools import reduce
from pathlib import Path

from village_eval.cli.status import DONE, INPUT, report_error, report_failure, status_of, worst
from village_eval.county.problems import InputError, problem
from village_eval.words import wording
from village_eval.words.messages import message


def check(args: argparse.Namespace) -> int:
    """Read each folder and print all its problems, or a short summary."""
    from village_eval.folder.reading import read_county

    def one(folder: Path) -> None:
        county = read_county(folder, lang=args.lang)
        print(_summary(county, folder, args.lang))

    return _each(args.county, one, args)


def evaluate(args: argparse.Namespace) -> int:
    """findings.json and tables for each county."""
    _refuse_same_names(args.county, args.lang)
    there, status = _existing(args.county, args)
    if not there:
        return status
    from village_eval.many.folders import evaluate_folders

    for folder, failure in evaluate_folders(
        there, args.out, draws=args.draws, seed=args.seed, workers=args.workers
    ):
        if failure is None:
            print(
                message(
                    "cli.evaluated",
                    args.lang,
                    county=Path(folder).name,
                    out=Path(args.out) / Path(folder).resolve().name,
                )
            )
        else:
            status = worst(
                status,
                report_failure(failure, args, folder if len(args.county) > 1 else None),
            )
    return status


def batch(args: argparse.Namespace) -> int:
    """Many counties into one folder, resumable."""
    from village_eval.many.batch import Stopped, run_batch

    about = {name: getattr(args, name) for name in ("reports", "workers", "scheduler", "as_of")}
    about |= {"draws": args.draws, "seed": args.seed, "lang": args.lang}
    try:
        made = run_batch(args.county, args.out, limit=60 * args.limit, **about)
    except Stopped as stopped:
        return report_failure(stopped.failure, args)
    return reduce(worst, map(status_of, made.failed.values()), DONE)


def report(args: argparse.Namespace) -> int:
    """The adviser's report in one language or both."""
    from village_eval.report.writing import report as make

    about = {
        "audience": args.audience,
        "as_of": args.as_of,
        "draws": args.draws,
        "seed": args.seed,
        "formats": args.format,
        "full": args.full,
        "designs": _own_designs(args.design, args.lang),
    }
    out = make(args.county, args.out, lang=args.report_lang, **about)
    print(message("cli.reported", args.lang, out=out or args.out))
    return DONE


def _own_designs(names: list[str], lang: str) -> list:
    """The functions that ``module:function`` names."""
    if not names:
        return []
    from village_eval.certify.command import load_design

    try:
        return [load_design(name) for name in names]
    except ValueError as error:
        raise InputError([problem("wrong_options", "report", lang, reason=str(error))]) from error


def import_(args: argparse.Namespace) -> int:
    """Bureau workbooks and registers to a county folder."""
    from village_eval.bureau.province import LIST, explain_province, import_province, is_province

    if args.explain:
        from village_eval.bureau.explain import explain

        if is_province(args.folder):
            print(explain_province(args.folder, args.lang))
        else:
            print(explain(args.folder, args.lang, args.limit))
        return DONE
    if is_province(args.folder):
        made = import_province(args.folder, args.out, lang=args.lang, annotate=args.annotate)
        about = {n: f"{getattr(made, n):,}" for n in ("counties", "villages", "read", "kept")}
        about |= {"out": str(args.out), "list": str(args.out / LIST)}
        print("\n".join([message("cli.split", args.lang, **about), *map(str, made.warnings)]))
        return DONE
    from village_eval.bureau.explain import became
    from village_eval.bureau.importing import import_delivery

    county, delivery = import_delivery(
        args.folder, args.out, lang=args.lang, annotate=args.annotate, minutes=args.limit
    )
    print(_summary(county, args.out, args.lang, became(delivery, args.lang)))
    return DONE


def template(args: argparse.Namespace) -> int:
    """Empty workbooks for the bureaus to fill in."""
    from village_eval.bureau.template import write_template

    write_template(args.folder, lang=args.lang)
    print(message("cli.template", args.lang, out=args.folder))
    return DONE


def simulate(args: argparse.Namespace) -> int:
    """A synthetic county with a known truth."""
    from village_eval.certify.synthetic_county import simulate_to_folder

    names = ("scenario", "villages", "townships", "listed", "effect")
    options = {
        name: getattr(args, name) for name in names if getattr(args, name) is not None
    } | dict(args.set or [])
    try:
        simulate_to_folder(args.out, seed=args.seed, **options)
    except InputError:
        raise
    except (ValueError, ArithmeticError) as error:  # numbers that do not make a county
        raise InputError(
            [problem("wrong_options", "simulate", args.lang, reason=str(error))]
        ) from error
    print(message("cli.simulated", args.lang, out=args.out))
    return DONE


def certify(args: argparse.Namespace) -> int:
    """The designs against counties of known truth."""
    from village_eval.certify.command import EXAMINATIONS, examine, run, run_library

    about = {"seed": args.seed, "workers": args.workers}
    asked = [what for what in EXAMINATIONS if getattr(args, what)]
    try:
        for what in asked:
            examine(what, args.counties, args.scenario, args.out, **about)
        if args.library:
            run_library(args.counties, args.scenario, args.out, **about)
        if not (asked or args.library) or args.real or args.design:
            about |= {"out": args.out, "design": args.design, "lang": args.lang}
            run(args.counties, args.scenario, args.real, **about)
    except (
        ValueError,
        ImportError,
    ) as error:  # an unknown scenario or design, or the registers' package not installed
        raise InputError(
            [problem("wrong_options", "certify", args.lang, reason=str(error))]
        ) from error
    return DONE


def compare(args: argparse.Namespace) -> int:
    """What changed between two results of one county."""
    from village_eval.report.compare import compare as make

    print(message("cli.page", args.lang, path=make(args.old, args.new, args.out, args.lang)))
    return DONE


def lab(args: argparse.Namespace) -> int:
    """JupyterLab on working copies of the notebooks."""
    from village_eval.report import lab as jupyter

    jupyter.register_for_lab()
    made = jupyter.working_copies(args.folder, args.lang)
    print(message("cli.working_copies", args.lang, folder=args.folder, n=len(made.written)))
    if made.kept:
        names = wording.several((path.name for path in made.kept), args.lang)
        print(message("cli.kept_copies", args.lang, names=names))
    jupyter.start(args.folder, [option for option in args.jupyter if option != "--"])
    return DONE


def kernel(args: argparse.Namespace) -> int:
    """A kernel of Jupyter that runs this environment."""
    from village_eval.report.lab import SHOWN, register_kernel

    print(message("cli.kernel", args.lang, name=SHOWN, folder=register_kernel(args.prefix)))
    return DONE


def index(args: argparse.Namespace) -> int:
    """A page over many results."""
    from village_eval.report.index import index as make

    print(message("cli.page", args.lang, path=make(args.folder, args.lang)))
    return DONE


def pool(args: argparse.Namespace) -> int:
    """What many counties say together."""
    from village_eval.many.pool import pool_results

    path = pool_results(args.folder, args.out, lang=args.lang)
    print(message("cli.pooled", args.lang, path=path))
    return DONE


def plan(args: argparse.Namespace) -> int:
    """The next round by lot, or its analysis."""
    from village_eval.cli.plan import analyse_county, plan_county

    if args.analyse:
        sentences = analyse_county(args.county, args.out, lang=args.lang)
    else:
        start = dt.date.fromisoformat(args.start) if args.start else None
        about = {
            "villages": args.villages,
            "names": args.list,
            "start": start,
            "delay": args.delay,
            "full": args.full,
        }
        sentences = plan_county(
            args.county, args.out, design=args.design, seed=args.seed, lang=args.lang, **about
        )
    print("\n".join(sentences))
    if not args.analyse:
        print(message("cli.planned", args.lang, out=args.out))
    return DONE


def _each(folders: list[Path], one, args: argparse.Namespace) -> int:
    """Do ``one`` for every folder.

    A folder that fails does not stop the others, the worst status counts.
    """
    status = DONE
    for folder in folders:
        try:
            one(folder)
        except BrokenPipeError:
            raise
        except Exception as error:
            status = worst(
                status, report_error(error, args, folder=folder if len(folders) > 1 else None)
            )
    return status


def _refuse_same_names(folders: list[Path], lang: str) -> None:
    """Refuse two county folders of one name.

    Results go to a folder named after the county folder, so both cannot be written.
    """
    counts = Counter(Path(folder).resolve().name for folder in folders)
    twice = [
        problem("same_name", name, lang, name=name) for name, count in counts.items() if count > 1
    ]
    if twice:
        raise InputError(twice)


def _existing(folders: list[Path], args: argparse.Namespace) -> tuple[list[Path], int]:
    """The folders that are there; the others are reported."""
    absent = [folder for folder in folders if not folder.is_dir()]
    for folder in absent:
        print(InputError([problem("no_folder", str(folder), args.lang)]), file=sys.stderr)
    return [folder for folder in folders if folder not in absent], INPUT if absent else DONE


def _summary(county, folder: Path, lang: str, sources: Iterable[str] = ()) -> str:
    """What was read, in a few lines, and of what (``sources``)."""
    villages, petitions = county.villages, county.petitions
    campaign = county.campaign
    about = {
        "county": campaign.county,
        "folder": folder,
        "villages": len(villages),
        "townships": villages["township_code"].nunique(),
        "listed": int((villages["listed"] == 1).sum()),
        "petitions": len(petitions) if county.is_register else int(petitions["petitions"].sum()),
        "first": str(campaign.observed[0]),
        "last": str(campaign.observed[1]),
        "months": (campaign.observed[1] - campaign.observed[0]).n + 1,
        "start": str(campaign.start),
        "days": campaign.days,
        "tables": wording.several(
            (f"{name}({len(table):,})" for name, table in county.tables().items()), lang
        ),
    }
    lines = [message("cli.summary", lang, **about)]
    if county.plan is not None:
        drawn = {"n": len(county.plan.codes), "start": county.plan.start.isoformat()}
        drawn["month"] = str(county.plan.last_month)
        lines.append(message("cli.summary_plan", lang, **drawn))
    lines += sources
    lines.append(
        message(
            "cli.warnings" if county.warnings else "cli.no_warnings",
            lang,
            count=len(county.warnings),
        )
    )
    lines += [f"  - {warning.text(lang)}" for warning in county.warnings]
    return "\n".join(lines)
