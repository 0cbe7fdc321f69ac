"""Certification: any design against counties of known truth, and against real registers where
nothing happened."""

from village_eval.certify.counties import certify, examine, examine_many
from village_eval.certify.summary import summarise

__all__ = ["certify", "examine", "examine_many", "summarise"]
