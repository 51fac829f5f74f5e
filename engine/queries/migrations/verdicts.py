"""What would become of the open tickets if they went to another version: counted, and ticket by ticket."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from engine.domain.actors import Actor
from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.domain.storable import read_id
from engine.domain.visibility import sees
from engine.queries.migrations.judging import BATCH, Judging, judge_of
from engine.queries.packages.standing import owned_package
from engine.queries.paging import Page
from engine.queries.reading import reading
from engine.spiff.migrating import Finding, Kind, Mapped, Option

#: groups that are told, those of the most tickets first
MOST_GROUPS = 200
#: tickets of a page
MOST = 100


@dataclass(frozen=True, slots=True)
class Group:
    """Tickets that the same keeps from moving as they are. A ticket is in a group for each reason."""

    verdict: Kind
    problem: str
    #: where, as their version has it; empty for what concerns the ticket itself
    process: str
    element: str
    label: str
    #: of a choice: where their tokens could go
    options: tuple[Option, ...]
    tickets: int


@dataclass(frozen=True, slots=True)
class Check:
    """The open tickets of a package that run on other versions than one, counted by what would become of them."""

    package: str
    version: int
    deployment_id: int
    tickets: int
    safe: int
    choice: int
    impossible: int
    groups: tuple[Group, ...]
    #: tickets of those versions that are left out, for no process runs on them any more
    ended: int


@dataclass(frozen=True, slots=True)
class TicketCheck:
    """One of these tickets. `subject` is empty where the reader doesn't see it."""

    ticket: int
    number: str
    subject: str
    verdict: Kind
    findings: tuple[Finding, ...]


def check(
    engine: Judging, actor: Actor, package_id: str, version: int, mapping: Mapped, *, source: int | None = None
) -> Check:
    """What would become of all tickets that run on other versions of a package (or on one, `source`).

    For who may deploy it. Tickets whose processes stand alike are judged once: a timer that can't be evaluated on one
    of them alone shows only when that is moved. Raises `NotFound`.
    """
    with reading(engine, actor) as reader:
        owned_package(reader, package_id)
        judge = judge_of(reader, engine, package_id, version, mapping, source)
        kinds, reasons = Counter[Kind](), Counter[Finding]()
        for _, verdict in judge.tickets():
            kinds[verdict.kind] += 1
            reasons.update(verdict.findings)
        groups = tuple(_group(finding, tickets) for finding, tickets in reasons.most_common(MOST_GROUPS))
        counts = (kinds["safe"], kinds["choice"], kinds["impossible"])
        return Check(package_id, version, judge.deployment_id, sum(counts), *counts, groups, judge.ended())


def tickets(
    engine: Judging,
    actor: Actor,
    package_id: str,
    version: int,
    mapping: Mapped,
    *,
    source: int | None = None,
    verdict: Kind | None = None,
    limit: int = 25,
    cursor: str | None = None,
) -> Page[TicketCheck]:
    """The same ticket by ticket, a page at a time; `verdict`: those of one kind. Raises `NotFound`, `Invalid`."""
    limit, after = max(1, min(limit, MOST)), _place(cursor)
    with reading(engine, actor) as reader:
        package = owned_package(reader, package_id)
        judge = judge_of(reader, engine, package_id, version, mapping, source)
        found: list[TicketCheck] = []
        for row, judged in judge.tickets(after, batch=MOST if verdict is None else BATCH):
            if verdict in (None, judged.kind):
                subject = row["subject"] if sees(actor, package, row) else ""
                found.append(TicketCheck(row["id"], row["number"], subject, judged.kind, judged.findings))
            if len(found) > limit:
                break
        return Page(found[:limit], str(found[limit - 1].ticket) if len(found) > limit else None)


def _group(finding: Finding, tickets: int) -> Group:
    where = (finding.process, finding.element, finding.label)
    return Group(finding.kind, finding.problem, *where, finding.options, tickets)


def _place(cursor: str | None) -> int:
    place = read_id(cursor) if cursor else 0
    if place is None:
        told = said("Use the `next` of the page before.")
        raise Invalid(said("The cursor isn't one of this list."), {"cursor": [told]})
    return place
