"""One command's transaction with what it gathers: journal entries, announcements, whether the worker is to be woken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from blinker import NamedSignal
from sqlalchemy import Connection

from engine.commands.announcements import announce as send
from engine.commands.engine import Engine
from engine.domain.actors import Actor
from engine.domain.events import Event
from engine.storage import journal
from engine.storage.batching import Batch
from engine.storage.instances import Loaded

_WHERE = {"ticket_id": "ticket_id", "instance_id": "id", "package_id": "package_id"}


@dataclass
class Work:
    """A command at work. Made by `working.working`."""

    engine: Engine
    tx: Connection
    actor: Actor
    #: `user_tasks.complete`, …: what the journal calls it
    command: str
    now: datetime
    #: something was left for the worker
    wakes: bool = False
    #: steps are written together, when the command ends
    gathers: bool = False
    #: the step that is being taken: what an incident is recorded of, if it fails
    attempt: tuple[Loaded, Event] | None = None
    batch: Batch = field(init=False)
    _entries: list[dict[str, Any]] = field(default_factory=list)
    _announcements: list[tuple[NamedSignal, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.batch = Batch(self.tx)

    def journal(
        self,
        data: Mapping[str, Any],
        *,
        kind: str = "command",
        element: str = "",
        ticket_id: int | None = None,
        instance_id: str | None = None,
        package_id: str | None = None,
    ) -> None:
        """Add an entry; all of a command's are written in one batch before it commits."""
        self._entries.append(
            {
                "at": self.now, "actor_id": self.actor.id, "command": self.command, "kind": kind, "element": element,
                "data": data, "ticket_id": ticket_id, "instance_id": instance_id, "package_id": package_id,
            }
        )  # fmt: skip

    def where(self, loaded: Loaded) -> dict[str, Any]:
        """The columns of an entry about a loaded instance."""
        instance = loaded.instance
        return {name: instance[column] for name, column in _WHERE.items()}

    def announce(self, signal: NamedSignal, **values: Any) -> None:
        """Announce something, once it has been committed."""
        self._announcements.append((signal, values))

    def mark(self) -> tuple[int, int]:
        """Where the journal and the announcements are now, for `return_to`; what waits to be written is."""
        self.batch.flush()
        return len(self._entries), len(self._announcements)

    def return_to(self, mark: tuple[int, int]) -> None:
        """Forget what was gathered since: it was rolled back."""
        del self._entries[mark[0] :]
        del self._announcements[mark[1] :]
        self.batch.forget()
        self.attempt = None

    def finish(self) -> None:
        """Write what waits to be written, and the journal; announce and wake after the commit."""
        if self._entries:
            journal.add(self.batch, self._entries)
        self.batch.flush()
        self.engine.database.after_commit(self._after_commit)

    def _after_commit(self) -> None:
        if self.wakes:
            self.engine.wake.set()
        for signal, values in self._announcements:
            send(self.engine, signal, **values)
