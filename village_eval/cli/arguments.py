"""What can be typed after ``village-eval``."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from village_eval import __version__
from village_eval.certify.scenarios import SCENARIOS
from village_eval.cli import commands
from village_eval.county.audience import AUDIENCES, FORMATS
from village_eval.words.catalogue import DEFAULT, LANGUAGES
from village_eval.words.messages import locale_lang, message

YEARS = (1900, 2100)
"""As for dates in files (folder/dates.py, which needs pandas)."""
LONGEST_NUMBER = 12
"""Digits."""
MOST_MONTHS = 120
"""Of a delay between two halves of a list."""


def parser_in(lang: str) -> argparse.ArgumentParser:
    """The parser of all commands, its help in ``lang``."""

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
    known = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", title=say("commands")
    )

    def command(name: str, function, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        about = say(name)
        made = known.add_parser(name, help=about, description=about, parents=[*parents, common])
        made.set_defaults(function=function)
        return made

    one = command("evaluate", commands.evaluate, messages, numbers, seed)
    one.add_argument("county", nargs="+", type=Path, metavar="COUNTY", help=say("county"))
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help=say("out"))
    one.add_argument("--workers", type=_positive, metavar="N", help=say("workers"))

    one = command("report", commands.report, numbers, seed)
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
    one.add_argument(
        "--design",
        action="append",
        default=[],
        metavar="MODULE:FUNCTION",
        help=say("design_beside"),
    )
    one.set_defaults(lang=None)

    one = command("check", commands.check, messages)
    one.add_argument("county", nargs="+", type=Path, metavar="COUNTY", help=say("county"))

    one = command("import", commands.import_, messages)
    one.add_argument("folder", type=Path, metavar="BUREAU_FOLDER", help=say("bureau_folder"))
    made = one.add_mutually_exclusive_group(required=True)
    made.add_argument("--out", type=Path, metavar="COUNTY", help=say("out_county"))
    made.add_argument("--explain", action="store_true", help=say("explain"))
    one.add_argument("--annotate", type=Path, metavar="DIR", help=say("annotate"))
    one.add_argument(
        "--limit", type=_positive, default=30, metavar="MINUTES", help=say("limit_reading")
    )

    one = command("template", commands.template, messages)
    one.add_argument("folder", type=Path, metavar="DIR", help=say("template_folder"))

    one = command("simulate", commands.simulate, messages, seed)
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

    one = command("certify", commands.certify, messages, seed)
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
    one.add_argument("--pooling", action="store_true", help=say("pooling"))
    one.add_argument("--earnings", action="store_true", help=say("earnings"))
    one.add_argument("--lots", action="store_true", help=say("lots"))
    one.add_argument("--design", metavar="MODULE:FUNCTION", help=say("design"))
    one.add_argument("--workers", type=_positive, metavar="N", help=say("workers"))
    one.add_argument("--out", type=Path, metavar="DIR", help=say("out"))

    one = command("batch", commands.batch, messages, numbers, seed)
    one.add_argument("county", nargs="+", type=Path, metavar="COUNTY", help=say("counties"))
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help=say("out"))
    one.add_argument("--reports", action="store_true", help=say("reports"))
    where = one.add_mutually_exclusive_group()
    where.add_argument("--workers", type=_positive, metavar="N", help=say("workers"))
    where.add_argument("--scheduler", metavar="ADDRESS", help=say("scheduler"))
    one.add_argument("--as-of", type=_date, metavar="DATE", help=say("as_of"))
    one.add_argument("--limit", type=_positive, default=60, metavar="MINUTES", help=say("limit"))

    one = command("compare", commands.compare, messages)
    one.add_argument("old", type=Path, metavar="OLD", help=say("old_result"))
    one.add_argument("new", type=Path, metavar="NEW", help=say("new_result"))
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help=say("out_page"))

    one = command("lab", commands.lab, messages)
    one.add_argument(
        "folder", nargs="?", type=Path, default="work", metavar="DIR", help=say("work")
    )
    one.add_argument("jupyter", nargs=argparse.REMAINDER, metavar="OPTION", help=say("jupyter"))

    one = command("kernel", commands.kernel, messages)
    where = one.add_mutually_exclusive_group()
    where.add_argument("--user", action="store_true", help=say("kernel_user"))
    where.add_argument("--prefix", type=Path, metavar="DIR", help=say("kernel_prefix"))

    one = command("index", commands.index, messages)
    one.add_argument("folder", type=Path, metavar="DIR", help=say("results"))

    one = command("pool", commands.pool, messages)
    one.add_argument("folder", type=Path, metavar="RESULTS", help=say("pool_results"))
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help=say("out"))

    one = command("plan", commands.plan, messages, seed)
    one.add_argument("county", type=Path, metavar="COUNTY", help=say("county"))
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help=say("out"))
    one.add_argument(
        "--design", choices=["phased", "measures"], default="phased", help=say("plan_design")
    )
    one.add_argument("--villages", type=_positive, metavar="N", help=say("plan_villages"))
    one.add_argument("--list", type=Path, metavar="FILE", help=say("plan_list"))
    one.add_argument("--start", type=_date, metavar="DATE", help=say("plan_start"))
    one.add_argument("--delay", type=_months, default=6, metavar="MONTHS", help=say("plan_delay"))
    one.add_argument("--full", action="store_true", help=say("plan_full"))
    one.add_argument("--analyse", action="store_true", help=say("plan_analyse"))
    return parser


def _positive(text: str) -> int:
    value = int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: a number of at least 1 is expected")
    return value


def _months(text: str) -> int:
    value = _positive(text)
    if value > MOST_MONTHS:
        raise argparse.ArgumentTypeError(f"{text}: a number of at most {MOST_MONTHS} is expected")
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
        day = dt.date.fromisoformat(text)
        if not YEARS[0] <= day.year <= YEARS[1]:
            raise ValueError
        return day.isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: a date such as 2023-06-30 is expected") from None


def asked_lang(argv: list[str]) -> str:
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
