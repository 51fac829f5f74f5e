"""A DMN file while it is read: what is wrong with it is kept, by element. What can't be run is refused by name.

Nothing is left out silently: every element and attribute that would change an answer is either read or named in a
Problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from engine.domain.errors import Problem
from engine.domain.feel import FeelError
from engine.domain.said import said
from engine.spiff.parsing.xml import Element, local, namespace

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
    }
)
#: drawing and documentation: they change no answer
_SILENT = frozenset(
    {
        "association", "authorityRequirement", "description", "DMNDI", "elementCollection", "extensionElements",
        "informationItem", "inputData", "knowledgeSource", "organizationUnit", "performanceIndicator",
        "question", "allowedAnswers", "textAnnotation", "variable", "annotation", "annotationEntry",
    }
)  # fmt: skip
_TABLE_INSTEAD = said("Write a decision table instead.")
_MODELS = (said("Business knowledge models aren't supported."), said("Make it a decision that the others require."))
_REFUSED = {
    "allowedValues": (said("Allowed values of types aren't checked."), said("List them at the input or output.")),
    "businessKnowledgeModel": _MODELS,
    "context": (said("A context isn't supported."), _TABLE_INSTEAD),
    "decisionService": (said("Decision services aren't supported."), said("Remove it.")),
    "functionDefinition": (said("Functions aren't supported."), _TABLE_INSTEAD),
    "import": (said("Other models can't be imported."), said("Put the decisions into this file.")),
    "importedValues": (said("Other models can't be imported."), said("Put the decisions into this file.")),
    "invocation": (said("Invocations aren't supported."), _TABLE_INSTEAD),
    "itemDefinition": (said("Type definitions aren't checked."), said("Remove the type definition.")),
    "knowledgeRequirement": _MODELS,
    "list": (said("A list of expressions isn't supported."), said("Write it as a literal expression: [1, 2].")),
    "relation": (said("Relations aren't supported."), _TABLE_INSTEAD),
}


class Source:
    """A file, and the problems found in it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._ids: set[str] = set()

    def tell(self, element: Element, problem: str, remedy: str, label: str = "") -> None:
        """Something is wrong with an element."""
        name = label or element.get("label") or element.get("name") or ""
        identity = element.get("id", "")
        self.problems.append(Problem(self.path, problem, remedy, identity, name, line_of(element)))

    def tell_cell(self, owner: Element, cell: Element, error: FeelError, label: str) -> None:
        """A cell of a rule, or of a column, can't be read."""
        problem = said(
            "The cell {text} can't be read: {problem}", text=f"{text_of(cell).strip()[:60]!r}", problem=error.problem
        )
        line = line_of(cell) or line_of(owner)
        self.problems.append(Problem(self.path, problem, error.remedy, owner.get("id", ""), label, line))

    def own_id(self, element: Element, what: str, *, required: bool = True) -> str:
        """The element's id, which no other has."""
        key = cast(str, element.get("id", ""))
        if not key and required:
            self.tell(element, said("The {what} has no id.", what=what), said("Give it one; the diagram names it."))
        if key and key in self._ids:
            self.tell(
                element,
                said("The id '{name}' stands twice in the file.", name=key[:60]),
                said("Give one of the two another id."),
            )
        self._ids.add(key)
        return key

    def language(self, element: Element, owner: Element | None = None) -> None:
        """Refuses expression languages other than FEEL."""
        language = element.get("expressionLanguage", "")
        if language and "feel" not in language.lower():
            self.tell(
                element if owner is None else owner,
                said("The expression language '{language}' isn't supported.", language=language[:60]),
                said("Write FEEL."),
            )

    def unsupported(self, element: Element, known: set[str], owner: Element | None = None) -> None:
        """Refuses what stands in an element and isn't known there."""
        for child in _foreign(element, known):
            name = local(child)
            problem, remedy = _REFUSED.get(
                name, (said("<{name}> isn't supported here.", name=name), said("Remove it in the modeler."))
            )
            self.tell(child if child.get("id") else element if owner is None else owner, problem, remedy)


def is_refused(element: Element) -> bool:
    """Whether its name is told as one that isn't supported."""
    return local(element) in _REFUSED


def line_of(element: Element) -> int:
    """The element's line in the file; 0 where it isn't known."""
    return cast(int, element.sourceline or 0)


def named(element: Element, name: str) -> list[Element]:
    """The element's children of a name."""
    return [child for child in element if local(child) == name and namespace(child) in NAMESPACES]


def first(element: Element, name: str) -> Element | None:
    """The element's first child of a name."""
    return next(iter(named(element, name)), None)


def text_of(element: Element) -> str:
    """What stands in the element's `text`."""
    return next((child.text or "" for child in element if local(child) == "text"), "")


def foreign_attribute(element: Element, name: str) -> str:
    """The value of an attribute of another namespace, such as `camunda:inputVariable`."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}" + name)), "")


def _foreign(element: Element, known: set[str]) -> Iterator[Element]:
    for child in element:
        own = namespace(child) in NAMESPACES
        if own and local(child) not in known and local(child) not in _SILENT:
            yield child
