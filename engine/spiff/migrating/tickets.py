"""The verdict on a ticket: on all of its instances, and on what it has itself. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.domain.casework import Case, due_of, facts_of
from engine.domain.effects import Goal, TimerSet
from engine.domain.errors import Invalid
from engine.domain.fitting import misfits, unpromised
from engine.domain.said import said
from engine.spiff.expressions import Sandbox
from engine.spiff.migrating.migrating import migrate
from engine.spiff.migrating.verdicts import Finding, Kind, Mapped, Moved, Verdict
from engine.spiff.versions import PackageVersion


@dataclass(frozen=True, slots=True)
class TicketVerdict:
    """Whether a ticket can go on by another version, with all that runs on it."""

    findings: tuple[Finding, ...] = ()
    #: by instance; those that haven't begun are nowhere yet
    moved: Mapping[str, Moved] = field(default_factory=dict)
    #: by instance and token: when the timers are due that are set; None: not armed
    dues: Mapping[str, Mapping[int, datetime | None]] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """The worst of what was found."""
        return Verdict(self.findings).kind


def judge(
    process: str,
    state: bytes | None,
    old: PackageVersion,
    new: PackageVersion,
    mapping: Mapped,
    case: Case,
    now: datetime,
    sandbox: Sandbox,
) -> Verdict:
    """The verdict on an instance of a ticket (`case`); on one without a state, that hasn't begun yet, too."""
    if state is not None:
        return migrate(old.definitions, new.definitions, state, mapping, facts_of(case), now, sandbox)
    if process in new.definitions.processes:
        return Verdict()
    told = said("The new version has no process '{process}'.", process=process)
    return Verdict((Finding("impossible", told, process),))


def judge_ticket(
    case: Case,
    own: Collection[str],
    verdicts: Mapping[str, Verdict],
    new: PackageVersion,
    mails: Collection[str],
) -> TicketVerdict:
    """The verdict on a ticket as it stands under the new version (`case`), given those on its instances by their ids.

    `own`: names of the fields that its package declared; `mails`: templates of mails that are still to be written.
    """
    findings = [Finding("impossible", problem) for problem in misfits(case, own)]
    findings += [
        Finding("impossible", said("The mail '{name}' is on its way, which the new version lacks.", name=name))
        for name in sorted(set(mails) - new.mails.keys())
    ]
    moved = {key: verdict.moved for key, verdict in verdicts.items() if verdict.moved is not None}
    goals = {goal for each in moved.values() for goal in _goals(each)}
    findings += [Finding("impossible", told) for told in unpromised(case, goals)]
    findings += [finding for verdict in verdicts.values() for finding in verdict.findings]
    dues: dict[str, dict[int, datetime | None]] = {key: {} for key in moved}
    for key, each in moved.items():
        findings += _reckon(each, case, dues[key])
    return TicketVerdict(tuple(dict.fromkeys(findings)), moved, dues)


def _reckon(moved: Moved, case: Case, dues: dict[int, datetime | None]) -> Iterator[Finding]:
    """When the timers that are set are due: working time too counts from when they were set first."""
    for effect in moved.effects:
        if isinstance(effect, TimerSet):
            try:
                dues[effect.token] = due_of(effect.due, case, moved.since[effect.token])
            except Invalid as error:
                yield Finding("impossible", str(error), effect.process, effect.element, effect.element)


def _goals(moved: Moved) -> Iterator[str]:
    """The goals that the elements name at which it waits."""
    yield from (shown.goal for shown in moved.user_tasks if shown.goal)
    for effect in moved.effects:
        if isinstance(effect, TimerSet) and isinstance(effect.due, Goal):
            yield effect.due.goal
