"""What a design declares: its function, how it departs from the headline, what it stands beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from village_eval.expectation.results import Estimate
from village_eval.expectation.setting import Setting
from village_eval.words.catalogue import LANGUAGES


class Result(Protocol):
    """More than an estimate: a design's own result, which has one."""

    @property
    def estimate(self) -> Estimate:
        """The estimate that it has."""


def estimate_of(result: Estimate | Result) -> Estimate:
    """The estimate of what a design returns, which may be more than that."""
    return result if isinstance(result, Estimate) else result.estimate


@dataclass(frozen=True)
class DeclaredDesign:
    """A design: ``function(panel, campaign, *, outcome, window, given)`` answers a question.

    traits
        how it departs from the headline (keys of disagreement.why in the words): what may explain a
        difference; None: not known.
    yearly
        whether it answers for totals of the first year only.
    beside
        every: beside every total of the headline windows; primary: beside the primary questions
        only, being slow or yearly; none: asked for by name only.
    label
        names by language of a design of one's own; the words have those of the others.
    """

    name: str
    function: Callable[..., Estimate | Result]
    traits: tuple[str, ...] | None = ()
    yearly: bool = False
    beside: Literal["every", "primary", "none"] = "every"
    label: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __call__(self, given: Setting, window: str) -> Estimate | Result:
        """Its answer on a setting.

        A design of one's own is named as it is declared; TypeError where it gives no Estimate.
        """
        result: Any = self.function(
            given.panel, given.campaign, outcome=given.series.name, window=window, given=given
        )
        if not self.label:
            return result  # type: ignore[no-any-return]  # a function of this package
        if not isinstance(result, Estimate):
            raise TypeError(f"design {self.name} gave {type(result).__name__}, not an Estimate")
        return replace(result, design=self.name, traits=self.traits, label=self.label)


def own_design(given: DeclaredDesign | Callable[..., Estimate]) -> DeclaredDesign:
    """A declared design with a label in every language.

    A plain function's name is its label, and nothing is known of its traits.
    """
    if isinstance(given, DeclaredDesign):
        named = {lang: given.label.get(lang, given.name) for lang in LANGUAGES}
        return replace(given, label=named)
    label = dict.fromkeys(LANGUAGES, given.__name__.replace("_", " "))
    return DeclaredDesign(given.__name__, given, None, label=label)
