"""Where each token of a stored state stands in the new version, by what the diagrams say alone. Nothing is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from engine.domain.said import said
from engine.spiff.compiling import ProcessSpec
from engine.spiff.definitions import Definitions
from engine.spiff.migrating.verdicts import Finding, Mapped, Option
from engine.spiff.model import Locals, Loop, MultiInstance
from engine.spiff.running.gateways import EventGateway
from engine.spiff.running.resting import scope_of
from engine.spiff.running.specs import Element, Trigger
from engine.spiff.running.tokens import Token, Wait
from engine.spiff.stored import StoredScope, StoredState

#: what tokens wait for beside others, or inside them: these can't be sent elsewhere
_BOUND: frozenset[Wait] = frozenset({"scope", "join", "events"})


@dataclass
class Placed:
    """A stored state as the new version's diagrams have it, as far as they do."""

    scopes: list[StoredScope] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    #: where each token stood: its process and element
    stood: dict[int, tuple[str, str]] = field(default_factory=dict)
    #: listening tokens whose events are gone, each with its process and element
    dropped: list[tuple[Token, str, str]] = field(default_factory=list)


def place(stored: StoredState, old: Definitions, new: Definitions, mapping: Mapped) -> Placed:
    """Where the tokens of a state, which `old` can go on with, stand in `new`."""
    placed = Placed()
    first = stored.scopes[0].process
    known = new.processes.get(first)
    if known is None or known.parent or known.drawn_in:
        told = said("The new version has no process '{process}'.", process=first)
        placed.findings.append(Finding("impossible", told, first))
        return placed
    for scope in stored.scopes:
        if scope.process in new.specs:
            _Scope(placed, scope, old.specs[scope.process], new.specs[scope.process], mapping).place()
    return placed


class _Scope:
    """One scope on its way."""

    def __init__(self, placed: Placed, scope: StoredScope, old: ProcessSpec, new: ProcessSpec, mapping: Mapped) -> None:
        self.placed, self.scope, self.old, self.new, self.mapping = placed, scope, old, new, mapping
        self.process = old.process.id
        #: where the standing tokens are, by their numbers
        self.elements: dict[int, str] = {}

    def place(self) -> None:
        """Those that stand somewhere first: those that listen beside them go with them."""
        for element, token in self.scope.tokens:
            self.placed.stood[token.number] = (self.process, element)
            if not token.host:
                self.elements[token.number] = self._stand(element, token)
        tokens = tuple(self._tokens())
        self.placed.scopes.append(replace(self.scope, tokens=tokens))

    def _tokens(self) -> Iterator[tuple[str, Token]]:
        for element, token in self.scope.tokens:
            kept = replace(token)
            if not token.host:
                kept.flow = self._flow(element, token) if token.waits == "join" else token.flow
                yield self.elements[token.number], kept
            elif self._listens(element, kept):
                yield element, kept
            else:
                self.placed.dropped.append((token, self.process, element))

    # Tokens that stand somewhere --------------------------------------------------------------------------------

    def _stand(self, element: str, token: Token) -> str:
        spec = self.new.task_specs.get(element)
        if not fits(spec, token.waits):
            return self._elsewhere(element, token)
        if token.waits == "scope":
            problem = _scope_problem(self.old.task_specs[element], self.new.task_specs[element], self._label(element))
            if problem:
                self._find(element, problem)
        return element

    def _elsewhere(self, element: str, token: Token) -> str:
        """The element that was chosen instead; else what can be chosen from."""
        options = () if token.waits in _BOUND or self.new.process.drawn_in else tuple(self._options(token.waits))
        chosen = self.mapping.get((self.process, element), "")
        if chosen in {option.element for option in options}:
            return chosen
        label = self._label(element)
        if element in self.new.process.nodes:
            problem = said("'{label}' has become another kind of element.", label=label)
        else:
            problem = said("'{label}' is gone.", label=label)
        self._find(element, problem, options)
        return element

    def _options(self, waits: Wait) -> Iterator[Option]:
        for node in self.new.process.nodes.values():
            if fits(self.new.task_specs.get(node.id), waits):
                yield Option(node.id, node.label)

    def _flow(self, element: str, token: Token) -> str:
        """The flow by which a token has come to its join; the one that has taken its place, where just one has."""
        now = self.new.process.nodes.get(element)
        before, after = self.old.process.nodes[element].incoming, now.incoming if now else ()
        gone, come = [flow for flow in before if flow not in after], [flow for flow in after if flow not in before]
        if token.flow in after:
            return token.flow
        if len(gone) == len(come) == 1:
            return come[0]
        if after:
            told = said("The flow by which a token has come to '{label}' is gone.", label=self._label(element))
            self._find(element, told)
        return token.flow

    # Tokens that listen beside them -----------------------------------------------------------------------------

    def _listens(self, element: str, token: Token) -> bool:
        """Whether the event is still there to be listened for; behind a gateway, by which flow."""
        spec = self.new.task_specs.get(element)
        if not isinstance(spec, Element) or spec.rests != token.waits:
            return False
        if token.starts_handler:
            return isinstance(spec, Trigger)
        host = self.elements[token.host]
        if not isinstance(self.new.task_specs.get(host), EventGateway):
            return bool(spec.node.attached_to == host)
        flows = [flow for flow in self.new.process.nodes[host].outgoing if flow in spec.node.incoming]
        token.flow = token.flow if token.flow in flows else next(iter(flows), "")
        return bool(flows)

    # What is found ----------------------------------------------------------------------------------------------

    def _find(self, element: str, problem: str, options: tuple[Option, ...] = ()) -> None:
        kind: Literal["choice", "impossible"] = "choice" if options else "impossible"
        drawn = self.old.process.drawn_in or self.process
        found = Finding(kind, problem, drawn, element, self._label(element), options)
        if found not in self.placed.findings:
            self.placed.findings.append(found)

    def _label(self, element: str) -> str:
        return self.old.process.nodes[element].label


def fits(spec: object, waits: Wait) -> bool:
    """Whether a token that waits so may stand at the element."""
    listens = isinstance(spec, Trigger) or not isinstance(spec, Element) or spec.node.attached_to
    return not listens and spec.rests == waits  # type: ignore[attr-defined]


def _scope_problem(old: Element, new: Element, label: str) -> str:
    """Why what runs inside an activity couldn't go on inside of the new one; empty where it can."""
    if type(old) is not type(new):
        return said("'{label}', in which something runs, has become another kind of activity.", label=label)
    if scope_of(old) != scope_of(new):
        return said("'{label}' calls another process now.", label=label)
    if not _goes_on(old.node.loop, new.node.loop):
        return said("The instances of '{label}' run in another way now.", label=label)
    return ""


def _goes_on(old: Loop | None, new: Loop | None) -> bool:
    """Whether instances that have begun under one loop can end under the other."""
    if isinstance(old, MultiInstance) and isinstance(new, MultiInstance):
        return (old.sequential, old.item, old.result) == (new.sequential, new.item, new.result)
    if isinstance(old, Locals) and isinstance(new, Locals):
        return new.values.keys() <= old.values.keys()
    return type(old) is type(new)
