"""What is said of an instance that is to go on by another version: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.domain.effects import Effect, UserTaskOpened

#: safe: it moves as it is; choice: somebody has to say where to; impossible: it stays
Kind = Literal["safe", "choice", "impossible"]
#: where tokens go whose elements are gone: (process, element) → element of the same process
Mapped = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Option:
    """An element of the new version to which a token could go."""

    element: str
    label: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What keeps an instance from moving as it is."""

    kind: Literal["choice", "impossible"]
    #: why, for a process owner
    problem: str
    #: where, as the old version has it; empty for the whole instance, or its ticket
    process: str = ""
    element: str = ""
    label: str = ""
    #: of a choice: where the token could go, in the order of the file
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """An instance as the new version goes on with it, and what is to be written beside its state."""

    state: bytes
    #: timers and subscriptions that are new, changed or gone; none where the element says what it said
    effects: tuple[Effect, ...]
    #: by token: since when the timers of `effects` run, which new durations count from
    since: Mapping[int, datetime]
    #: every open user task, as the new version shows it
    user_tasks: tuple[UserTaskOpened, ...]
    #: by token: the element that it stands at now, of those that stood elsewhere
    elements: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an instance can go on by another version; `moved` where it can as it is."""

    findings: tuple[Finding, ...] = ()
    moved: Moved | None = None

    @property
    def kind(self) -> Kind:
        """The worst of what was found."""
        kinds = {finding.kind for finding in self.findings}
        return "impossible" if "impossible" in kinds else "choice" if kinds else "safe"
