"""Decisions: DMN read without leaving anything out, and decided as DMN 1.3 says."""

from engine.spiff.decisions.mapping import as_wanted
from engine.spiff.decisions.model import Decision, DecisionFailed, Formula, Input, Output, Rule, Table
from engine.spiff.decisions.reading import read_decisions
from engine.spiff.decisions.service_levels import policy_from_decision

__all__ = [
    "Decision",
    "DecisionFailed",
    "Formula",
    "Input",
    "Output",
    "Rule",
    "Table",
    "as_wanted",
    "policy_from_decision",
    "read_decisions",
]
