"""The diagrams and decision tables that are simulated, checked as far as they can be without a package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.domain.errors import Problem, Refused
from engine.domain.said import said
from engine.spiff.checking.connections import check_calls, check_correlations
from engine.spiff.checking.problems import at
from engine.spiff.decisions import Decision, read_decisions
from engine.spiff.definitions import Definitions
from engine.spiff.model import Process
from engine.spiff.parsing.bpmn import read_diagram
from engine.spiff.versions import check_diagram


@dataclass(frozen=True, slots=True)
class Drawn:
    """What can be run, and which of it is started by itself."""

    definitions: Definitions
    #: ids of the processes that are executable and called by none, in the order of the files
    startable: tuple[str, ...]


def read_drawn(files: Mapping[str, bytes], time_zone: str = "UTC") -> Drawn:
    """The processes and decisions of the files. Raises `Refused` with everything that is wrong."""
    problems: list[Problem] = []
    processes: dict[str, Process] = {}
    decisions: dict[str, Decision] = {}
    for path, content in files.items():
        if path.endswith(".dmn"):
            read, found = read_decisions(path, content)
            decisions |= read
            problems += found
        else:
            problems += check_diagram(path, content)
            drawn = read_diagram(path, content).processes
            problems += _twice(drawn, processes)
            processes |= drawn
    problems += [problem for process in processes.values() for problem in _missing(process, processes, decisions)]
    problems += [*check_calls(processes), *check_correlations(processes.values())]
    if any(problem.severity == "error" for problem in problems):
        raise Refused(list(dict.fromkeys(problems)))
    called = {node.called for process in processes.values() for node in process.nodes.values()}
    own = [process.id for process in processes.values() if process.executable and not process.parent]
    return Drawn(
        Definitions("simulated", processes, decisions, time_zone),
        tuple(key for key in own if key not in called) or tuple(own),
    )


def _twice(drawn: Mapping[str, Process], known: Mapping[str, Process]) -> Iterator[Problem]:
    for key in drawn.keys() & known.keys():
        told = said("The process '{key}' stands in {file} too.", key=key, file=known[key].file)
        yield Problem(drawn[key].file, told, said("Give one of the two another id."), element=key)


def _missing(
    process: Process, processes: Mapping[str, Process], decisions: Mapping[str, Decision]
) -> Iterator[Problem]:
    for node in process.nodes.values():
        if node.type == "callActivity" and node.called not in processes:
            told = said("The process '{called}' doesn't exist.", called=node.called)
            yield at(process, node, told, said("Give its diagram too, or call one that is there."))
        if node.type == "businessRuleTask" and node.decision not in decisions:
            told = said("The decision '{decision}' doesn't exist.", decision=node.decision)
            yield at(process, node, told, said("Give its table too, or ask one that is there."))
