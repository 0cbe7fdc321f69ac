"""A memory of what was computed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

Found = TypeVar("Found")


class Memory:
    """Computes what a key stands for when it is first asked for, and keeps it."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Any] = {}

    def once(self, key: Hashable, compute: Callable[[], Found]) -> Found:
        """What was computed under ``key``, or computes it."""
        if key not in self._found:
            self._found[key] = compute()
        return cast(Found, self._found[key])
