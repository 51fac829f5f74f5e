"""What the expressions of a token may see, and how they are evaluated. Reads only; the execution writes."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task

from engine.domain.errors import StepFailed
from engine.domain.said import said
from engine.spiff.decisions import as_wanted
from engine.spiff.expressions import ExpressionFailed, Sandbox, may_change, names_used, strip
from engine.spiff.model import Flow, Mapped
from engine.spiff.running.tokens import Instance, node_of, token_of

if TYPE_CHECKING:
    from engine.spiff.definitions import Definitions

#: names that variables can't have, because expressions mean something else by them
RESERVED = frozenset({"ticket", "now", "working", "deadline", "warning", "completed_by"})

#: what Iter counts while an activity has several instances; inside of them these names can't be given values
COUNTERS = frozenset({"loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances"})

#: for which a step may evaluate expressions, scripts and tables altogether
STEP_SECONDS = 5.0


class Names:
    """The variables of a step's scopes, the ticket, the instant: all that an expression reads."""

    definitions: Definitions
    sandbox: Sandbox
    now: datetime
    ticket: dict[str, Any]
    instance: Instance
    #: seconds for which the step has evaluated so far
    evaluating: float

    @property
    def local_now(self) -> datetime:
        """The step's instant in the package's zone: what `now` is in an expression."""
        return self.now.astimezone(self.definitions.zone)

    def scopes(self, task: Task) -> Iterator[Any]:
        """The scopes around a token, innermost first, up to its process."""
        workflow = task.workflow
        while True:
            yield workflow
            if workflow is self.instance or node_of(workflow.parent).calls:
                return
            workflow = workflow.parent.workflow

    def holders(self, task: Task) -> Iterable[dict[str, Any]]:
        """The variables that a token sees, innermost first, up to its process."""
        return (scope.variables for scope in self.scopes(task))

    def variables(self, task: Task) -> dict[str, Any]:
        """A copy of the variables that the token sees."""
        names = self.names(task)
        del names["ticket"]
        return copy.deepcopy(names)

    def names(self, task: Task) -> dict[str, Any]:
        """All names that an expression at the token may use. The values are those of the scopes, not copies."""
        merged: dict[str, Any] = {}
        for variables in reversed(list(self.holders(task))):
            merged.update(variables)
        merged["ticket"] = self.ticket
        return merged

    def value(self, task: Task, text: str, names: Mapping[str, Any] | None = None) -> Any:
        """A text as it is, or the value of an `=expression`."""
        if not text.startswith("="):
            return text
        with failing_at(task):
            return self.evaluate(text[1:], names if names is not None else self.names(task))

    def values(self, task: Task, texts: Mapping[str, str], names: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Several texts, each as `value` gives it."""
        with failing_at(task):
            return self.computed(texts, self.names(task) if names is None else names)

    def computed(self, texts: Mapping[str, str], names: Mapping[str, Any]) -> dict[str, Any]:
        """Texts as they are, and the values of `=expressions`. Raises `ExpressionFailed`."""
        found = self._evaluate_all([text[1:] for text in texts.values() if text.startswith("=")], names)
        return {name: next(found) if text.startswith("=") else text for name, text in texts.items()}

    def reasons(self, task: Task, flows: Iterable[Flow]) -> Iterator[dict[str, Any]]:
        """Why the condition of each flow holds: its text and the values that it read; empty where it doesn't hold."""
        names, asked = self.names(task), list(flows)
        with failing_at(task):
            conditions = [strip(flow.condition) for flow in asked]
            for flow, condition, holds in zip(asked, conditions, self._evaluate_all(conditions, names), strict=False):
                yield self._why(flow, condition, names) if holds else {}

    def _why(self, flow: Flow, condition: str, names: Mapping[str, Any]) -> dict[str, Any]:
        used = names_used(condition)
        return {
            "condition": flow.condition,
            "values": {k: v for k, v in names.items() if k in used and k != "ticket"}
            | ({"ticket": _ticket_values(flow.condition, self.ticket)} if "ticket" in used else {}),
        }

    def execute(self, task: Task, script: str) -> dict[str, Any]:
        """The variables that a script assigns."""
        with self._timed():
            return self.sandbox.execute(script, self.names(task), self.local_now)

    def decide(self, task: Task) -> dict[str, Any]:
        """The outputs of the element's decision, or its result variable."""
        node = node_of(task)
        decision = self.definitions.decisions[node.decision]
        with self._timed():
            result = decision.decide(self.names(task), self.local_now)
        if node.result_variable:
            return {node.result_variable: as_wanted(decision, result, node.decision_result)}
        outputs = [output.name for output in decision.outputs]
        if len(outputs) == 1:
            return {outputs[0]: result}
        return result if isinstance(result, dict) else dict.fromkeys(outputs)

    def mapped(
        self, task: Task, lines: Sequence[Mapped], source: Mapping[str, Any], everything: set[str] | None = None
    ) -> dict[str, Any]:
        """What a call activity's mapping takes from one side for the other; `everything`: the names that this means."""
        every = (source.keys() if everything is None else everything) - RESERVED - COUNTERS
        computed = {line.target: f"={line.source}" for line in lines if line.expression and not line.everything}
        values = self.values(task, computed, {**source, "ticket": self.ticket})
        result: dict[str, Any] = {}
        for line in lines:
            if line.everything:
                result.update({name: value for name, value in source.items() if name in every})
            elif line.expression:
                result[line.target] = values[line.target]
            elif line.target:
                result[line.target] = source.get(line.source)
        return result

    def lane_around(self, task: Task) -> str:
        """The lane of the subprocess or call activity around a token: lanes inherit into subprocesses."""
        workflow = task.workflow
        while workflow is not self.instance:
            lane: str = node_of(workflow.parent).lane
            if lane:
                return lane
            workflow = workflow.parent.workflow
        return ""

    def _evaluate_all(self, texts: Sequence[str], names: Mapping[str, Any]) -> Iterator[Any]:
        """The values of expressions, all by one crossing into the sandbox.

        One by one where one of them fails, or could change what the next one reads.
        """
        try:
            if len(texts) > 1 and not any(map(may_change, texts)):
                with self._timed():
                    found = self.sandbox.evaluate_all(texts, names, self.local_now)
                yield from found
                return
        except ExpressionFailed:
            pass
        for text in texts:
            yield self.evaluate(text, names)

    def evaluate(self, text: str, names: Mapping[str, Any]) -> Any:
        """The value of an expression in the sandbox. Raises `ExpressionFailed`."""
        with self._timed():
            return self.sandbox.evaluate(text, names, self.local_now)

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Others wait for the locks of a step: what it evaluates may not take long altogether."""
        if self.evaluating > STEP_SECONDS:
            raise ExpressionFailed(
                said("What this step evaluates takes longer than {seconds} s altogether.", seconds=STEP_SECONDS)
            )
        begun = self.sandbox.stopwatch()
        try:
            yield
        finally:
            self.evaluating += self.sandbox.stopwatch() - begun


@contextmanager
def failing_at(task: Task) -> Iterator[None]:
    """Tells at which element an expression failed: as `StepFailed`."""
    try:
        yield
    except ExpressionFailed as error:
        raise StepFailed(node_of(task).id, str(error), token_of(task).number) from error


def _ticket_values(condition: str, ticket: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in ticket.items() if f"ticket.{key}" in condition or f'"{key}"' in condition}
