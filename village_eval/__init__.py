"""Honest evaluation of a county's 100-day campaign for its worst-governed villages."""

__version__ = "0.1.0"
