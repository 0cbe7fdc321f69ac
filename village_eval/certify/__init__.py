"""Certification of designs, checks and plans.

Any design against counties of known truth, and against real registers where nothing happened.
"""

from importlib import import_module

__all__ = ["certify", "examine", "examine_many", "summarise"]


def __getattr__(name: str):
    """Imported when first asked for: the command line needs the names of scenarios only."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(
        import_module(f"{__name__}.{'summary' if name == 'summarise' else 'counties'}"), name
    )
