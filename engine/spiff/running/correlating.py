"""Messages are correlated by what they hold: the values of a key are taken from the payload, and compared.

BPMN 2.0, 8.3.2. What an instance has sent and received so far says what it goes on with (its conversations); where
who waits says by itself what the values must be, that holds. Keys are compared as texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.task import Task

from engine.domain.effects import ANY_KEY, SubscriptionOpened
from engine.domain.errors import StepFailed
from engine.domain.said import said
from engine.domain.storable import LINE
from engine.spiff.expressions import names_used
from engine.spiff.model import Correlation, MultiInstance
from engine.spiff.running.naming import failing_at
from engine.spiff.running.recording import Recording
from engine.spiff.running.tokens import node_of, token_of


class Correlating(Recording):
    """The part of a step that knows which message is whose."""

    #: what messages to this instance are correlated by, unless a diagram says otherwise
    business_key: str

    def subscribe(self, task: Task) -> None:
        """The token asks for its message; again, where what the message is correlated by has got other values."""
        self.emit(task, SubscriptionOpened, message=node_of(task).message_name, key=self._awaited_key(task))

    def follow(self, changed: Mapping[str, Any]) -> None:
        """Who waits for a message by the values of variables waits for it by their new ones (BPMN 2.0, 8.3.2)."""
        for task, correlation in self._awaiting():
            with failing_at(task):
                names = {name for text in correlation.context.values() for name in names_used(text)}
            if changed.keys() & names:
                self.subscribe(task)

    def _awaiting(self) -> Iterator[tuple[Task, Correlation]]:
        """The tokens that wait for messages which are correlated by what they hold."""
        for workflow in (self.instance, *self.instance.subprocesses.values()):
            for task in workflow.tokens():
                correlation = node_of(task).correlation
                if token_of(task).waits == "message" and correlation is not None:
                    yield task, correlation

    def _awaited_key(self, task: Task) -> str:
        """What a message has to have to be the one that the token waits for."""
        correlation = node_of(task).correlation
        if correlation is None:
            return self._told_key(task)
        if correlation.context:
            return self._key(task, correlation.context, self.names(task))
        known = (of.conversations.get(correlation.key) for of in self.scopes(task))
        return self._short(task, next((key for key in known if key is not None), ANY_KEY))

    def thrown_key(self, task: Task, payload: Mapping[str, Any]) -> str:
        """What a thrown message has: the conversation goes on with that."""
        correlation = node_of(task).correlation
        return self.converse(task, correlation, payload) if correlation else self._told_key(task)

    def converse(self, task: Task, correlation: Correlation, payload: Mapping[str, Any]) -> str:
        """A message was sent or received: its conversation goes on with its key, in the instance of an activity too."""
        key = self._key(task, correlation.retrieval, payload)
        scopes = list(self.scopes(task))
        own = next(filter(_is_one_of_several, scopes), scopes[-1])
        if own.conversations.get(correlation.key) != key:
            own.conversations[correlation.key] = key
            self._go_on(own, correlation.key)
        return key

    def _go_on(self, scope: Any, key: str) -> None:
        """Who waits already for a message of the conversation waits for one of its new key."""
        for task, correlation in self._awaiting():
            if correlation.key == key and not correlation.context and any(of is scope for of in self.scopes(task)):
                self.subscribe(task)

    def _told_key(self, task: Task) -> str:
        text = node_of(task).properties.get("correlationKey", "")
        return self._short(task, _fixed(str(self.value(task, text))) if text else self.business_key)

    def _key(self, task: Task, expressions: Mapping[str, str], names: Mapping[str, Any]) -> str:
        with failing_at(task):
            return self._short(task, key_of({name: self.evaluate(text, names) for name, text in expressions.items()}))

    def _short(self, task: Task, key: str) -> str:
        if len(key) > LINE:
            told = said(
                "The correlation key has {count:,} characters; at most {line} are compared.", count=len(key), line=LINE
            )
            raise StepFailed(node_of(task).id, told, token_of(task).number)
        return key


def _is_one_of_several(scope: Any) -> bool:
    """Whether it is the scope of one instance of an activity that has several."""
    if not scope.spec.process.drawn_in or scope.rounds is not None:
        return False
    return isinstance(node_of(scope.parent.workflow.parent).loop, MultiInstance)


def key_of(values: Mapping[str, Any]) -> str:
    """The values of correlation properties as a text; of a single one, its value itself. Equal ones are equal."""
    texts = {name: _fixed(value) if isinstance(value, str) else _json(_whole(value)) for name, value in values.items()}
    return next(iter(texts.values())) if len(texts) == 1 else _json(texts)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _fixed(key: str) -> str:
    """A key that somebody gave, which isn't to be taken for any key."""
    return _json(key) if key == ANY_KEY else key


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
