"""What can go wrong, as the field names it. How it is told over HTTP is `web/problems.py`'s business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.domain.said import said

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file of a package, said so that its owner can mend it."""

    #: path of the file inside the package, or as it was given
    file: str
    #: what is wrong, in a process owner's words
    problem: str
    #: what to do about it
    remedy: str
    #: id of the BPMN element, DMN rule or form field; empty where the file as a whole is meant
    element: str = ""
    #: what the element is called on the diagram
    label: str = ""
    #: 1-based line in the file, 0 where none can be told
    line: int = 0
    severity: Severity = "error"


class IterError(Exception):
    """Base of every error that Iter raises on purpose. Its text is fit for the person who caused it."""

    #: stable name of the kind of error; part of the API
    code = "error"


class Invalid(IterError):
    """The input can't be accepted as it is; `fields` says why, per field."""

    code = "invalid"

    def __init__(self, message: str, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.fields: dict[str, list[str]] = {name: list(texts) for name, texts in (fields or {}).items()}


class TooLarge(Invalid):
    """What was handed in is larger than a setting allows."""

    code = "too-large"


class NotFound(IterError):
    """What was asked for doesn't exist, or isn't visible to who asks: the two are told alike."""

    code = "not-found"


class Forbidden(IterError):
    """Who asks may see the thing, but not do this with it."""

    code = "forbidden"


class Unauthorized(IterError):
    """Who asks isn't known: a wrong password, a token that doesn't count (any more)."""

    code = "unauthorized"


class Throttled(IterError):
    """Too many attempts; the next counts after `retry_after` seconds."""

    code = "throttled"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Conflict(IterError):
    """The thing is no longer in the state that the request supposes.

    `retry_after`: seconds after which the same request may succeed; None where waiting doesn't help.
    """

    code = "conflict"

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(IterError):
    """A deployment was refused; `problems` holds all reasons, found in one pass."""

    code = "refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"Refused with {len(problems)} problem(s): " + "; ".join(p.problem for p in problems[:3]))
        self.problems = tuple(problems)


class StepFailed(IterError):
    """A step could not be taken; the old state stands, and the caller records an incident at `element`."""

    code = "step-failed"

    def __init__(self, element: str, problem: str, token: int | None = None) -> None:
        super().__init__(said("{element}: {problem}", element=element, problem=problem) if element else problem)
        self.element, self.problem, self.token = element, problem, token
        #: effects of the step up to here, for who shows how far it came; none of them counts
        self.happened: tuple[Any, ...] = ()


class CorruptState(IterError):
    """A stored state isn't in a format that this version knows, or contradicts its definitions."""

    code = "corrupt-state"
