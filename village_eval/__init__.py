"""Honest evaluation of a county's 100-day campaign for its worst-governed villages.

``import village_eval as ve`` is the front door: the names in ``__all__``, each imported when it is
first asked for, so that the command line starts fast. ``__init__.pyi`` beside this file tells the
same to type checkers; a test compares them.
"""

__version__ = "0.1.0"

_WHERE = {
    # read
    "read_county": "folder.reading:read_county",
    "demo_county": "folder.reading:demo_county",
    "County": "county.county:County",
    "Panel": "county.panel:Panel",
    # evaluate
    "evaluate": "findings.evaluation:evaluate",
    "Evaluation": "findings.evaluation:Evaluation",
    "Estimate": "expectation.results:Estimate",
    "quiet_year_did": "designs:quiet_year_did",
    "designs": "designs",
    "checks": "checks",
    # show
    "tables": "report.tables",
    "figures": "report.gallery",
    "write_report": "report.writing:report",
    # try, and put together
    "simulate": "certify.simulate:simulate",
    "examine": "certify.one_design:examine",
    "pool": "many.pool:pool_results",
    "InputError": "county.problems:InputError",
}
"""Where each name of the front door stands: a module, or what a module holds."""

__all__ = [*_WHERE]


def __getattr__(name: str):
    """A name of the front door, imported when first asked for."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    from village_eval.words.parallel import one_thread

    one_thread()
    module, _, held = _WHERE[name].partition(":")
    found = import_module(f"{__name__}.{module}")
    return getattr(found, held) if held else found


def __dir__() -> list[str]:
    """What tab completion shows."""
    return [*__all__, "__version__"]
