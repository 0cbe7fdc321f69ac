"""What a design declares: its function, how it departs from the headline, what it stands beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, TypeVar

from village_eval.expectation.results import Estimate
from village_eval.expectation.setting import Setting
from village_eval.words.catalogue import LANGUAGES


class Result(Protocol):
    """More than an estimate: a design's own result, which has one."""

    @property
    def estimate(self) -> Estimate:
        """The estimate that it has."""


Design = TypeVar("Design", bound=Callable[..., Any])
ASKED = """
    Parameters
    ----------
    panel
        Villages by months, ``Panel.of(county)``.
    campaign
        ``county.campaign``: dates, and the windows cut from them.
    outcome
        ``petitions``, a part of the register such as ``skip_level``, ``operating_income``,
        ``earned_income`` or ``total_income``; of income ``earned_income:typical`` is the typical
        village, ``earned_income:share_earning`` the share that earns; ``satisfaction``,
        ``resolved_share`` and a county's own where its data hold them. Or a DataFrame of one's
        own: village_code, period (2023, 2023Q1 or 2023-04) and value, of which the change of the
        mean is told.
    window
        ``first_year``, ``during``, ``after``, ``after_1_3``, ``after_4_6``, ``after_7_12``,
        ``after_13_24``; of income ``first_year``.
    given
        ``designs.setting(panel, campaign, outcome)``, when several designs are asked: the listing
        rule and the history are learned once.

    Returns
    -------
    {returned}
        The effect on the listed as a log ratio (a difference for shares) with its 95 % interval;
        no number and a ``reason`` where the design cannot answer.

    Raises
    ------
    InputError
        For an outcome or a window that there is not, with the nearest and all there are; for rows
        of a DataFrame that cannot be read, with all of them.
    """


def described(design: Design) -> Design:
    """A design with what all of them ask for and give added to its docstring."""
    returned = design.__annotations__["return"]
    design.__doc__ = f"{(design.__doc__ or '').rstrip()}\n{ASKED.format(returned=returned)}"
    return design


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
