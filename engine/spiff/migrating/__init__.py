"""Moves an instance from one version of its package to another, or says what keeps it from that. No token moves on."""

from engine.spiff.migrating.migrating import migrate
from engine.spiff.migrating.shape import shape_of
from engine.spiff.migrating.tickets import TicketVerdict, judge, judge_ticket
from engine.spiff.migrating.verdicts import Finding, Kind, Mapped, Moved, Option, Verdict

__all__ = [
    "Finding", "Kind", "Mapped", "Moved", "Option", "TicketVerdict", "Verdict", "judge", "judge_ticket", "migrate",
    "shape_of",
]  # fmt: skip
