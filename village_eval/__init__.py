"""Honest evaluation of a county's 100-day campaign for its worst-governed villages."""

__version__ = "0.1.0"


def __getattr__(name: str):
    """``evaluate`` and ``Evaluation``, imported when first asked for.

    So the command line starts faster.
    """
    if name in ("evaluate", "Evaluation"):
        from village_eval.words.parallel import one_thread

        one_thread()
        from village_eval.findings import evaluation

        return getattr(evaluation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
