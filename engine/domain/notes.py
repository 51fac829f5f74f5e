"""The rules of notes: who may write which, which message a note is, what the process learns of it. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Forbidden, Invalid
from engine.domain.packages import Package
from engine.domain.said import said

Expects = Literal["staff", "customer", "nobody"]
_CLOSED = frozenset({"closed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody says on a ticket."""

    text: str
    #: customers see it
    public: bool = True
    #: from whom an answer is expected
    expects: Expects = "nobody"

    def check(self, author: Actor, package: Package) -> None:
        """Raises `Invalid` where it contradicts itself, `Forbidden` where the author may not write it."""
        if self.expects not in ("staff", "customer", "nobody"):
            told = said("Expected staff, customer or nobody.")
            raise Invalid(said("Can't be accepted: expects. {told}", told=told), {"expects": [told]})
        if self.expects == "customer" and not self.public:
            told = said("Customers don't see internal notes, so none can expect their answer.")
            raise Invalid(told, {"expects": [told]})
        permission = "note" if self.public else "note_internal"
        if not author.may(permission, package) or (author.kind == "customer" and not self.public):
            raise Forbidden(said("Your roles don't allow you to add such a note."))

    def message(self, author: Actor, package: Package) -> str:
        """The message that it is to the process, by the package's first rule that fits; empty for none.

        An internal note is none: what staff say among themselves doesn't change whose turn it is.
        """
        if not self.public:
            return ""
        by = "customer" if author.kind == "customer" else "staff"
        fitting = (rule.message for rule in package.notes if (rule.by, rule.expects) == (by, self.expects))
        return next(fitting, "")

    def variables(self, author: Actor) -> dict[str, Any]:
        """What the process learns of it: one variable, `note`."""
        return {"note": {**asdict(self), "by": author.id}}


def opens_again(package: Package, status: str, number: str) -> bool:
    """Whether a note on a ticket in this status opens it again. Raises `Conflict` where the package refuses it."""
    found = package.statuses.get(status)
    if found is None or found.kind not in _CLOSED:
        return False
    if package.closed_note == "refuse":
        raise Conflict(
            said("The ticket {number} is closed. Please open a new one and refer to this one.", number=number)
        )
    return True


def reopening_process(package: Package) -> str:
    """The process that a note on a closed ticket starts: the first action's that starts one, else the package's own."""
    return next((action.process for action in package.actions.values() if action.process), package.process)
