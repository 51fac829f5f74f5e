"""How messages are correlated: properties that a payload holds, keys made of them, what who waits says of them.

BPMN 2.0, 8.3.2: each property says by message where its value stands in the payload; a key is made of properties,
and the messages of one conversation have the same. SpiffArena writes properties without a key, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from engine.domain.said import said
from engine.spiff.model import THROWING, Correlation
from engine.spiff.parsing.dialects import BPMN
from engine.spiff.parsing.reporting import Findings
from engine.spiff.parsing.xml import Element, local

#: the key of properties that belong to none
MAIN_KEY = "MainCorrelationKey"


class Correlations:
    """The correlation properties and keys of one file."""

    def __init__(self, root: Element, findings: Findings) -> None:
        self.findings = findings
        #: by message's id: by property's id, where its value stands in the payload
        self.retrieval: dict[str, dict[str, str]] = {}
        #: by name: the ids of the properties
        self.keys: dict[str, frozenset[str]] = {}
        #: the names of keys by their ids
        self.names: dict[str, str] = {}
        for element in root.iter(f"{{{BPMN}}}correlationProperty"):
            self._property(element)
        for element in root.iter(f"{{{BPMN}}}correlationKey"):
            self._key(element)
        for element in root.iter(f"{{{BPMN}}}correlationSubscription"):
            if self._named(element) not in self.keys:
                told = said("The correlation key '{name}' doesn't exist.", name=self._named(element))
                findings.tell(element, told, said("Choose one."))

    def of(self, element: Element, message: str, context: Mapping[str, str]) -> Correlation | None:
        """How an element's message is correlated, None where its file says nothing of that.

        `message`: its id; `context`: by property, what the element itself says that it must be.
        """
        retrieval = self.retrieval.get(message, {})
        for name in sorted(context.keys() - retrieval.keys()):
            told = said("No correlation property '{name}' says where it stands in the message.", name=name)
            self.findings.tell(element, told, said("Give the property an expression for this message, or remove it."))
        if not retrieval:
            return None
        keys = [name for name, properties in self.keys.items() if properties & retrieval.keys()]
        if len(keys) > 1:
            told = said("Its message belongs to several correlation keys: {names}.", names=sorted(keys))
            self.findings.tell(element, told, said("Use a message of its own for each."))
        key = keys[0] if keys else MAIN_KEY
        properties = self.keys.get(key, frozenset(retrieval))
        for name in sorted(properties - retrieval.keys()):
            told = said("The correlation property '{name}' doesn't say where it stands in the message.", name=name)
            self.findings.tell(element, told, said("Give the property an expression for this message."))
        given = {**self._subscribed(element, key), **context}
        wanted = {name: text for name, text in given.items() if name in properties}
        for name in sorted(properties - wanted.keys() if wanted else ()):
            told = said("It doesn't say what the correlation property '{name}' must be.", name=name)
            self.findings.tell(element, told, said("Say it for all properties of the key, or for none."))
        if not keys and not wanted and local(element) not in THROWING and self._differ(retrieval.keys()):
            told = said("What its message has to have isn't known: other messages have other correlation properties.")
            remedy = said("Draw a correlation key of those that all have, or say what the properties must be.")
            self.findings.tell(element, told, remedy)
        return Correlation(key, {name: retrieval[name] for name in sorted(properties & retrieval.keys())}, wanted)

    def _differ(self, properties: Set[str]) -> bool:
        """Whether another message has some of the properties and not all of them, or more."""
        return any(others.keys() & properties and others.keys() != properties for others in self.retrieval.values())

    def _property(self, element: Element) -> None:
        for part in element.findall(f"{{{BPMN}}}correlationPropertyRetrievalExpression"):
            text = self._expression(element, part, ("messagePath", "formalExpression"))
            if text:
                self.retrieval.setdefault(part.get("messageRef", ""), {})[element.get("id", "")] = text

    def _key(self, element: Element) -> None:
        name = element.get("name", "") or element.get("id", "")
        references = element.findall(f"{{{BPMN}}}correlationPropertyRef")
        self.keys[name] = frozenset((reference.text or "").strip() for reference in references)
        self.names[element.get("id", "")] = name

    def _subscribed(self, element: Element, key: str) -> dict[str, str]:
        """What the process around says that the properties of a key must be (context-based correlation)."""
        process = next((around for around in element.iterancestors() if local(around) == "process"), None)
        found: dict[str, str] = {}
        if process is None:
            return found
        for subscription in process.findall(f"{{{BPMN}}}correlationSubscription"):
            if self._named(subscription) != key:
                continue
            for binding in subscription.findall(f"{{{BPMN}}}correlationPropertyBinding"):
                text = self._expression(process, binding, ("dataPath", "formalExpression"))
                found[binding.get("correlationPropertyRef", "")] = text
        return found

    def _named(self, subscription: Element) -> str:
        """The name of the key that a subscription refers to."""
        reference = subscription.get("correlationKeyRef", "")
        return self.names.get(reference, reference)

    def _expression(self, holder: Element, part: Element, names: tuple[str, ...]) -> str:
        found = next(_parts(part, names), None)
        if found is None or not (found.text or "").strip():
            told = said("A correlation expression is empty.")
            self.findings.tell(holder, told, said("Write where the value stands: order_id."))
            return ""
        self.findings.refuse_language(found, holder)
        return (found.text or "").strip()


def _parts(part: Element, names: tuple[str, ...]) -> Iterator[Element]:
    return (child for child in part if local(child) in names)
