"""What a package's `demonstration/` says: invented companies and people, and what becomes of their tickets."""

from engine.spiff.demonstration.format import (
    FOLDER,
    Company,
    Demonstration,
    Person,
    Step,
    Story,
    read_demonstration,
)
from engine.spiff.demonstration.references import check_demonstration
from engine.spiff.demonstration.timeline import instants_of

__all__ = [
    "FOLDER", "Company", "Demonstration", "Person", "Step", "Story", "check_demonstration", "instants_of",
    "read_demonstration",
]  # fmt: skip
