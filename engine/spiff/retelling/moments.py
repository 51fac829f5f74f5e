"""What happened, as steps of a scenario with what must be so after each: as the journal says that it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.domain.time.zones import find_zone
from engine.spiff.retelling.acts import Act
from engine.spiff.retelling.disguise import Disguise
from engine.spiff.retelling.standing import Standing, told_at
from engine.spiff.versions import PackageVersion

Step = dict[str, Any]
#: parts of a snapshot that are told only where they have changed
_WHOLE = ("status", "request_type", "open_tasks", "ended")
_PEOPLE = ("assignee", "requester")
#: the order in which expectations are written
_ORDER = ("status", "request_type", "ticket", "open_tasks", "waits_for", "deadlines", "mails", "incidents", "ended")


@dataclass
class Moment:
    """Some steps of a scenario, the last of which has the expectations."""

    steps: list[Step]
    expect: dict[str, Any]
    #: what must be so at the end, where this is the last one
    end: dict[str, Any]
    #: how many elements had been entered since the beginning
    entered: int
    remarks: list[str] = field(default_factory=list)

    def told(self) -> list[Step]:
        """The steps with the expectations."""
        if not self.expect:
            return self.steps
        last = self.steps[-1] if self.steps else {}
        return [*self.steps[:-1], {**last, "expect": self.expect}]


def moments_of(version: PackageVersion, disguise: Disguise, acts: Sequence[Act]) -> Iterator[Moment]:
    """The opening, at which nothing is done, and all that followed."""
    standing, zone, now = Standing(version.package), find_zone(version.package.time_zone), None
    for act in acts:
        before = standing.snapshot()
        mails, incidents = len(standing.mails), len(standing.incidents)
        for entry in act.entries:
            standing.take(entry)
        if act.entries[0].command == "notes.add" and version.package.mail.note:
            standing.mails.append(version.package.mail.note)
        after = standing.snapshot()
        expect = _changed(before, after) | {
            "mails": standing.mails[mails:],
            "incidents": standing.incidents[incidents:],
        }
        at = act.at.replace(microsecond=0)
        steps: list[Step] = []
        if now is not None and act.kind != "untold":
            steps = [{"until": told_at(at, zone)}] if at > now else []
            steps += [act.step] if act.step else []
        if act.kind != "untold":
            now = at if now is None else max(now, at)
        end = {**after, "waits_for": standing.waited_for(), "ticket": {}}
        yield Moment(
            steps, _shown(expect, disguise), _shown(end, disguise, whole=True), len(standing.path), act.remarks
        )


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    whole = {name: after[name] for name in _WHOLE if before[name] != after[name]}
    parts = {
        name: {key: value for key, value in after[name].items() if _other(before[name].get(key), value)}
        for name in ("ticket", "deadlines")
    }
    return whole | parts


def _other(before: Any, after: Any) -> bool:
    """Whether a field holds something else; what is empty may be null or ""."""
    return (before or None) != (after or None) or isinstance(before, bool) is not isinstance(after, bool)


def _shown(expected: Mapping[str, Any], disguise: Disguise, whole: bool = False) -> dict[str, Any]:
    """As it is written: people by their stand-ins, and nothing that says nothing."""
    shown = {**expected, "ticket": _with_people(expected.get("ticket", {}), disguise)}
    kept = ("open_tasks", "ended") if whole else ("open_tasks", "ended", "status", "request_type")
    said = {name: shown[name] for name in _ORDER if name in shown}
    return {name: value for name, value in said.items() if value not in ("", {}, [], None) or name in kept}


def _with_people(fields: Mapping[str, Any], disguise: Disguise) -> dict[str, Any]:
    return {name: disguise.person(value) if name in _PEOPLE else value for name, value in fields.items()}
