"""What a package version runs: its processes and decisions, parsed once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from engine.spiff.compiling import ProcessSpec, compile_process
from engine.spiff.decisions import Decision
from engine.spiff.model import Conditional, Correlation, Process
from engine.spiff.running.repeating import bodies


@dataclass(frozen=True)
class Definitions:
    """All processes (embedded subprocesses among them) and decisions of one package version."""

    #: content hash of the package version
    hash: str
    #: those that run inside activities with a loop are added
    processes: Mapping[str, Process]
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    #: zone in which timers without an offset are read
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        inside = {body.id: body for process in self.processes.values() for body in bodies(process)}
        object.__setattr__(self, "processes", {**self.processes, **inside})

    @cached_property
    def zone(self) -> ZoneInfo:
        """The package's time zone."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def asks_conditions(self) -> bool:
        """Whether some event waits for a condition to become true, and so for any change of the ticket."""
        nodes = (node for process in self.processes.values() for node in process.nodes.values())
        return any(isinstance(node.event, Conditional) for node in nodes)

    @cached_property
    def correlations(self) -> dict[str, Correlation]:
        """How messages are correlated by what they hold, by their names; of one that isn't, nothing."""
        nodes = [node for process in self.processes.values() for node in process.nodes.values()]
        return {node.message_name: node.correlation for node in nodes if node.correlation and node.message_name}

    @cached_property
    def follows_variables(self) -> bool:
        """Whether some event waits for a message that is correlated by what variables say."""
        nodes = (node for process in self.processes.values() for node in process.nodes.values())
        return any(node.correlation is not None and node.correlation.context for node in nodes)

    @cached_property
    def specs(self) -> dict[str, ProcessSpec]:
        """The processes as SpiffWorkflow runs them."""
        return {key: compile_process(process, self.processes) for key, process in self.processes.items()}
