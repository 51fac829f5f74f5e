"""The verdict on each ticket that runs on other versions than one, read in batches: memory doesn't grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.domain.casework import Case
from engine.domain.clocks import Clock
from engine.domain.errors import CorruptState, NotFound
from engine.domain.policies import Policy
from engine.domain.said import said
from engine.queries.reading import Reader, Source
from engine.spiff.expressions import Sandbox
from engine.spiff.migrating import Mapped, TicketVerdict, Verdict, judge, judge_ticket, shape_of
from engine.storage import packages
from engine.storage.operations import migrations
from engine.storage.tickets.fields import ticket_of

#: tickets that are read together
BATCH = 500

Row = Mapping[str, Any]


class Judging(Source, Protocol):
    """What verdicts need beside what is read: timers that changed are evaluated."""

    @property
    def sandbox(self) -> Sandbox:
        """Where expressions are evaluated."""


@dataclass
class Judge:
    """Gives verdicts on the tickets of one package for one of its versions."""

    reader: Reader
    engine: Judging
    package_id: str
    deployment_id: int
    #: deployments that the tickets run on
    sources: Sequence[int]
    mapping: Mapped
    #: the deployment whose tickets alone are asked about; None: all others
    source: int | None = None
    #: by deployment and shape: what was said of the first one that stood so
    known: dict[Hashable, Verdict] = field(default_factory=dict)

    def tickets(self, after: int = 0, batch: int = BATCH) -> Iterator[tuple[Row, TicketVerdict]]:
        """The tickets above an id, in the order of their ids, each with its verdict; five statements a batch."""
        tx = self.reader.tx
        while ids := migrations.tickets_on(tx, self.package_id, self.sources, after=after, limit=batch):
            yield from self._verdicts(ids)
            after = ids[-1]

    def ended(self) -> int:
        """How many tickets of these versions are left out, for no process runs on them any more."""
        return migrations.count_ended(self.reader.tx, self.package_id, self.deployment_id, self.source)

    def _verdicts(self, ids: list[int]) -> Iterator[tuple[Row, TicketVerdict]]:
        tx = self.reader.tx
        running, clocks, mails = (defaultdict[int, list[Any]](list) for _ in range(3))
        for instance in migrations.instances(tx, ids):
            if instance["deployment_id"] != self.deployment_id:
                running[instance["ticket_id"]].append(instance)
        for ticket_id, content in migrations.clocks(tx, ids):
            clocks[ticket_id].append(Clock.from_json(content))
        for ticket_id, template in migrations.mails(tx, ids):
            mails[ticket_id].append(template)
        new, policy = self.engine.version(self.deployment_id, tx), self._policy()
        for row in migrations.tickets(tx, ids):
            case = self._case(row, clocks[row["id"]], policy)
            verdicts = {instance["id"]: self._verdict(instance, case) for instance in running[row["id"]]}
            own = self.engine.version(row["deployment_id"], tx).package.fields
            yield row, judge_ticket(case, own, verdicts, new, mails[row["id"]])

    def _verdict(self, instance: Row, case: Case) -> Verdict:
        """Of instances that stand alike, the first is judged for all."""
        try:
            shape = shape_of(instance["state"]) if instance["state"] is not None else instance["process"]
        except CorruptState:
            shape = instance["id"]
        key = (instance["deployment_id"], shape)
        if key not in self.known:
            old = self.engine.version(instance["deployment_id"], self.reader.tx)
            new = self.engine.version(self.deployment_id, self.reader.tx)
            self.known[key] = judge(
                instance["process"], instance["state"], old, new, self.mapping, case, self.engine.clock(),
                self.engine.sandbox,
            )  # fmt: skip
        return self.known[key]

    def _policy(self) -> Policy:
        row = packages.current(self.reader.tx, self.package_id)
        if row is None or row.policy_id is None:
            raise NotFound(said("The package has no policy."))
        return self.engine.policy(row.policy_id, self.reader.tx)

    def _case(self, row: Row, clocks: Sequence[Clock], policy: Policy) -> Case:
        tx, engine = self.reader.tx, self.engine
        earlier = {clock.policy_version for clock in clocks if clock.running} - {policy.version}
        return Case(
            package=engine.version(self.deployment_id, tx).package, policy=policy, ticket=ticket_of(row),
            clocks={clock.goal: clock for clock in clocks},
            earlier_policies={version: engine.policy_version(self.package_id, version, tx) for version in earlier},
        )  # fmt: skip


def judge_of(
    reader: Reader, engine: Judging, package_id: str, version: int, mapping: Mapped, source: int | None
) -> Judge:
    """The judge for a version of a package, by its number. Raises `NotFound`.

    `source`: the only version of which tickets are asked about; None: all others.
    """
    numbers = {number: _deployment(reader, package_id, number) for number in {version, source} - {None}}
    sources = migrations.sources(reader.tx, package_id, numbers[version])
    if source is not None:
        sources = [one for one in sources if one == numbers[source]]
    return Judge(
        reader, engine, package_id, numbers[version], sources, mapping, None if source is None else numbers[source]
    )


def _deployment(reader: Reader, package_id: str, version: int | None) -> int:
    row = migrations.target(reader.tx, package_id, version or 0)
    if row is None:
        raise NotFound(said("There is no such version."))
    return int(row.id)
