"""The command ``village-eval``: thin functions.

Exit status 0 done, 2 the user's input, 1 a fault of the program.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import sys
import traceback
from collections import Counter
from pathlib import Path

from village_eval import __version__
from village_eval.certify.scenarios import SCENARIOS
from village_eval.county.audience import AUDIENCES, FORMATS
from village_eval.county.problems import InputError, problem
from village_eval.words import wording
from village_eval.words.catalogue import DEFAULT, LANGUAGES
from village_eval.words.messages import LANG_VARIABLE, locale_lang, message

DONE, FAULT, INPUT, INTERRUPTED = 0, 1, 2, 130


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

    for folder, error in evaluate_folders(
        there, args.out, draws=args.draws, seed=args.seed, workers=args.workers
    ):
        if error is None:
            print(
                message(
                    "cli.evaluated",
                    args.lang,
                    county=Path(folder).name,
                    out=Path(args.out) / Path(folder).resolve().name,
                )
            )
        else:
            status = _worst(
                status, _report_error(error, args, folder=folder if len(args.county) > 1 else None)
            )
    return status


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
    }
    out = make(args.county, args.out, lang=args.report_lang, **about)
    print(message("cli.reported", args.lang, out=out or args.out))
    return DONE


def import_(args: argparse.Namespace) -> int:
    """Bureau workbooks and registers to a county folder."""
    from village_eval.bureau.importing import import_folder

    county = import_folder(args.folder, args.out, lang=args.lang)
    print(_summary(county, args.out, args.lang))
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
    except ValueError as error:  # numbers that do not make a county
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
    for what in asked:
        examine(what, args.counties, args.out, **about)
    if args.library:
        run_library(args.counties, args.scenario, args.out, **about)
    if (asked or args.library) and not (args.real or args.design):
        return DONE
    about |= {"out": args.out, "design": args.design, "lang": args.lang}
    try:
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


def index(args: argparse.Namespace) -> int:
    """A page over many results."""
    from village_eval.report.index import index as make

    print(message("cli.page", args.lang, path=make(args.folder, args.lang)))
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
        except Exception as error:
            status = _worst(
                status, _report_error(error, args, folder=folder if len(folders) > 1 else None)
            )
    return status


def _worst(a: int, b: int) -> int:
    """A fault of the program is worse than wrong input, and that is worse than success."""
    return max(a, b, key=[DONE, INPUT, FAULT].index)


def _report_error(error: Exception, args: argparse.Namespace, folder: Path | None = None) -> int:
    """Say on stderr what went wrong; returns the exit status."""
    lang = args.lang
    where = message("cli.in_county", lang, county=folder) + "\n" if folder is not None else ""
    if isinstance(error, InputError):
        count = len(error.problems)
        head = message("cli.problems", lang, count=count) + "\n" if count > 1 else ""
        print(f"{where}{head}{error}", file=sys.stderr)
        return INPUT
    if isinstance(error, OSError) and error.filename is not None:
        print(
            where + message("cli.os_error", lang, path=error.filename, reason=error.strerror),
            file=sys.stderr,
        )
        return INPUT
    if args.debug:
        traceback.print_exception(error, file=sys.stderr)
    print(
        where
        + message(
            "cli.fault", lang, kind=type(error).__name__, text=" ".join(str(error).split())[:300]
        ),
        file=sys.stderr,
    )
    return FAULT


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


def _summary(county, folder: Path, lang: str) -> str:
    """What was read, in a few lines."""
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
    lines.append(
        message(
            "cli.warnings" if county.warnings else "cli.no_warnings",
            lang,
            count=len(county.warnings),
        )
    )
    lines += [f"  - {warning.text(lang)}" for warning in county.warnings]
    return "\n".join(lines)


def _parser(lang: str) -> argparse.ArgumentParser:
    def say(name: str) -> str:
        return message(f"help.{name}", lang).replace("%", "%%")

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", help=say("debug"))
    messages = argparse.ArgumentParser(add_help=False)
    messages.add_argument("--lang", choices=LANGUAGES, default=lang, help=say("lang"))
    numbers = argparse.ArgumentParser(add_help=False)
    numbers.add_argument("--draws", type=_positive, default=9999, help=say("draws"))
    seed = argparse.ArgumentParser(add_help=False)
    seed.add_argument("--seed", type=int, default=1, help=say("seed"))

    parser = argparse.ArgumentParser(prog="village-eval", description=say("program"))
    parser.add_argument("--version", action="version", version=f"village-eval {__version__}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", title=say("commands")
    )

    def command(name: str, function, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        about = say(name)
        made = commands.add_parser(name, help=about, description=about, parents=[*parents, common])
        made.set_defaults(function=function)
        return made

    one = command("evaluate", evaluate, messages, numbers, seed)
    one.add_argument("county", nargs="+", type=Path, metavar="COUNTY", help=say("county"))
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help=say("out"))
    one.add_argument("--workers", type=_positive, metavar="N", help=say("workers"))

    one = command("report", report, numbers, seed)
    one.add_argument("county", type=Path, metavar="COUNTY", help=say("county"))
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help=say("out"))
    one.add_argument(
        "--lang",
        dest="report_lang",
        choices=[*LANGUAGES, "both"],
        default=DEFAULT,
        help=say("report_lang"),
    )
    one.add_argument(
        "--format", type=_formats, default=("html",), metavar="html,pdf,docx", help=say("format")
    )
    one.add_argument("--audience", choices=list(AUDIENCES), default="adviser", help=say("audience"))
    one.add_argument("--as-of", type=_date, metavar="DATE", help=say("as_of"))
    one.add_argument("--full", action="store_true", help=say("full"))
    one.set_defaults(lang=None)

    one = command("check", check, messages)
    one.add_argument("county", nargs="+", type=Path, metavar="COUNTY", help=say("county"))

    one = command("import", import_, messages)
    one.add_argument("folder", type=Path, metavar="BUREAU_FOLDER", help=say("bureau_folder"))
    one.add_argument("--out", type=Path, required=True, metavar="COUNTY", help=say("out_county"))

    one = command("simulate", simulate, messages, seed)
    one.add_argument("--out", type=Path, required=True, metavar="COUNTY", help=say("out_county"))
    one.add_argument(
        "--scenario",
        choices=list(SCENARIOS),
        metavar="NAME",
        help=say("scenario") + ": " + ", ".join(SCENARIOS),
    )
    for name in ("villages", "townships", "listed"):
        one.add_argument(f"--{name}", type=_positive, metavar="N", help=say(f"n_{name}"))
    one.add_argument("--effect", type=float, metavar="LOG_RATIO", help=say("effect"))
    one.add_argument("--set", action="append", type=_setting, metavar="NAME=VALUE", help=say("set"))

    one = command("certify", certify, messages, seed)
    one.add_argument("--counties", type=_positive, default=40, metavar="N", help=say("n_counties"))
    one.add_argument("--scenario", action="append", metavar="NAME", help=say("scenarios"))
    one.add_argument("--real", action="store_true", help=say("real"))
    one.add_argument("--checks", action="store_true", help=say("checks"))
    one.add_argument("--attribution", action="store_true", help=say("attribution"))
    one.add_argument("--grades", action="store_true", help=say("grades"))
    one.add_argument("--foresight", action="store_true", help=say("foresight"))
    one.add_argument("--persistence", action="store_true", help=say("persistence"))
    one.add_argument("--questions", action="store_true", help=say("questions"))
    one.add_argument("--villages", action="store_true", help=say("turnaround"))
    one.add_argument("--library", action="store_true", help=say("library"))
    one.add_argument("--planning", action="store_true", help=say("planning"))
    one.add_argument("--years", action="store_true", help=say("unlike_years"))
    one.add_argument("--design", metavar="MODULE:FUNCTION", help=say("design"))
    one.add_argument("--workers", type=_positive, metavar="N", help=say("workers"))
    one.add_argument("--out", type=Path, metavar="DIR", help=say("out"))

    one = command("compare", compare, messages)
    one.add_argument("old", type=Path, metavar="OLD", help=say("old_result"))
    one.add_argument("new", type=Path, metavar="NEW", help=say("new_result"))
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help=say("out_page"))

    one = command("index", index, messages)
    one.add_argument("folder", type=Path, metavar="DIR", help=say("results"))

    one = command("plan", plan, messages, seed)
    one.add_argument("county", type=Path, metavar="COUNTY", help=say("county"))
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help=say("out"))
    one.add_argument(
        "--design", choices=["phased", "measures"], default="phased", help=say("plan_design")
    )
    one.add_argument("--villages", type=_positive, metavar="N", help=say("plan_villages"))
    one.add_argument("--list", type=Path, metavar="FILE", help=say("plan_list"))
    one.add_argument("--start", type=_date, metavar="DATE", help=say("plan_start"))
    one.add_argument("--delay", type=_positive, default=6, metavar="MONTHS", help=say("plan_delay"))
    one.add_argument("--full", action="store_true", help=say("plan_full"))
    one.add_argument("--analyse", action="store_true", help=say("plan_analyse"))
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: a number of at least 1 is expected")
    return value


def _formats(text: str) -> tuple[str, ...]:
    """Formats of the report, html always among them."""
    asked = [part.strip() for part in text.split(",") if part.strip()]
    if not asked or set(asked) - set(FORMATS):
        raise argparse.ArgumentTypeError(f"{text}: {', '.join(FORMATS)} are known")
    return tuple(dict.fromkeys(("html", *asked)))


def _setting(text: str) -> tuple[str, float | int | bool]:
    """A parameter of the simulator: true and false, whole numbers, or decimals."""
    name, equals, value = text.partition("=")
    try:
        number = (
            {"true": True, "false": False}.get(value.lower())
            if value.lower() in ("true", "false")
            else float(value)
        )
    except ValueError:
        number = None
    if not equals or number is None:
        raise argparse.ArgumentTypeError(f"{text}: something like suppression=0.35 is expected")
    return name, int(number) if isinstance(
        number, float
    ) and number.is_integer() and "." not in value else number


def _date(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: a date such as 2023-06-30 is expected") from None


def _asked_lang(argv: list[str]) -> str:
    """The language of help texts has to be known before argparse can say it."""
    for word, following in zip(argv, [*argv[1:], ""], strict=False):
        value = (
            word.removeprefix("--lang=")
            if word.startswith("--lang=")
            else following
            if word == "--lang"
            else ""
        )
        if value in LANGUAGES:
            return value
    return locale_lang()


def main(argv: list[str] | None = None) -> int:
    """Run a command line and return the exit status."""
    argv = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        # Chinese sentences must not fail on a terminal that is set to another encoding.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    args = _parser(_asked_lang(argv)).parse_args(argv)
    args.lang = args.lang or _asked_lang(argv)
    os.environ[LANG_VARIABLE] = args.lang  # worker processes and notebooks speak the same language
    logging.basicConfig(
        level=logging.DEBUG if args.debug else logging.WARNING, format="%(message)s"
    )
    try:
        return args.function(args)
    except KeyboardInterrupt:
        print(message("cli.interrupted", args.lang), file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        return _report_error(error, args)


if __name__ == "__main__":
    sys.exit(main())
