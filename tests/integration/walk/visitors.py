"""Who walks, what is foreign to each of them, and by which values of a path that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.integration.walk.world import (
    DEVICE,
    ELSEWHERE,
    FAR,
    HOME,
    INSIDE,
    OURS,
    PEOPLE,
    PRIVATE,
    RIVAL,
    TICKETS,
    Case,
    World,
    mark,
)

NOBODY = "nobody"
CUSTOMERS = frozenset({"customer", "approver", "rival"})
STAFF = frozenset({"agent", "pm", "manager", "owner", "operator", "administrator"})
SIGNED_IN = STAFF | CUSTOMERS
EVERYBODY = SIGNED_IN | {NOBODY}
#: see all tickets of the package
ALL_SEEING = STAFF - {"agent"}
OPERATORS = frozenset({"operator", "administrator"})
PEOPLE_MANAGERS = frozenset({"manager", "administrator"})
ADMINISTRATORS = frozenset({"administrator"})

WITH_SECRETS = ("customer2", "agent2", "guest", "rival")
MISSING_ID, MISSING_KEY = 987654321, "3f2b9c1e-0000-4000-8000-00000000dead"
Value = int | str


@dataclass(frozen=True)
class Visitor:
    """Somebody who walks every route."""

    name: str
    world: World

    @property
    def near(self) -> Case:
        """The case whose ticket they may see."""
        return self.world.cases[RIVAL if self.name == "rival" else OURS]

    @property
    def far(self) -> list[Case]:
        """The cases whose tickets they may not see."""
        if self.name == "administrator":
            return []
        names = {"rival": (OURS, FAR), **dict.fromkeys(ALL_SEEING, (FAR,))}.get(self.name, (RIVAL, FAR))
        return [self.world.cases[name] for name in names]

    @property
    def foreign_marks(self) -> list[str]:
        """Words that no answer to them may hold."""
        return sorted(_foreign(self.name))

    def near_values(self) -> dict[str, Value]:
        """For each name in a path, a value that is theirs, or that they may see."""
        case, world = self.near, self.world
        me = self.name if self.name != NOBODY else "customer"
        is_customer = self.name in CUSTOMERS
        return {
            "ticket_id": case.ticket, "user_task_id": case.decision if is_customer else case.task,
            "instance_id": case.instance, "instance": case.instance, "attachment_id": case.attachment,
            "incident_id": case.incident, "job_id": case.job, "mail_id": case.mail,
            "account_id": world.people[me].id if is_customer else world.people["customer"].id,
            "company_id": world.companies[RIVAL if self.name == "rival" else OURS],
            "session_id": world.sessions[me], "token_id": world.tokens[me], "view_id": world.views.get(me, 1),
            "job": case.job, "mail": case.mail, "upload_id": world.uploads.get(me, MISSING_ID),
            "package": HOME, "package_id": HOME, "deployment_id": world.deployments[HOME], "version": 1,
            "migration_id": world.migrations[HOME],
            "place": f"note:{case.ticket}", "action": "withdraw" if is_customer else "agree_date",
        }  # fmt: skip

    def foreign_values(self) -> dict[str, list[Value]]:
        """For each name in a path, the values that are as good as missing to them."""
        world, far = self.world, self.far
        if self.name == "administrator":
            return {"view_id": [world.views[name] for name in WITH_SECRETS if name in world.views]}
        other = [name for name in WITH_SECRETS if name != self.name]
        values: dict[str, list[Value]] = {
            "ticket_id": [case.ticket for case in far],
            "user_task_id": [case.task for case in far] + [case.decision for case in far if case.decision],
            "instance_id": [case.instance for case in far], "instance": [case.instance for case in far],
            "attachment_id": [case.attachment for case in far] + [case.hidden_attachment for case in far],
            "incident_id": [case.incident for case in far], "job_id": [case.job for case in far],
            "mail_id": [case.mail for case in far],
            "token_id": [world.tokens[name] for name in other],
            "view_id": [world.views[name] for name in other if name in world.views],
            "upload_id": [world.uploads[name] for name in other],
            "job": [case.job for case in far], "mail": [case.mail for case in far],
            "package": [ELSEWHERE], "package_id": [ELSEWHERE], "deployment_id": [world.deployments[ELSEWHERE]],
            "migration_id": [world.migrations[ELSEWHERE]],
        }  # fmt: skip
        if self.name not in PEOPLE_MANAGERS:
            values["session_id"] = [world.sessions[name] for name in other]
            values["account_id"] = [world.people[name].id for name in ("guest", "planner")]
            values["company_id"] = [world.companies[FAR]]
        if self.name in CUSTOMERS | {NOBODY}:
            values["attachment_id"].append(self.near.hidden_attachment)
            values["account_id"] += [world.people["agent"].id, world.people["customer2"].id]
            values["company_id"].append(world.companies[OURS if self.name == "rival" else RIVAL])
        return values


def _foreign(name: str) -> Iterable[str]:
    private = {mark(PRIVATE, owner) for owner in WITH_SECRETS if owner != name}
    if name not in PEOPLE_MANAGERS:
        private |= {mark(DEVICE, owner) for owner in WITH_SECRETS if owner != name}
    if name == "administrator":
        return private
    far = {mark(kind, FAR) for kind in (TICKETS, PEOPLE, INSIDE)}
    if name in PEOPLE_MANAGERS:
        return private | far - {mark(PEOPLE, FAR)}
    if name in ALL_SEEING:
        return private | far
    if name == "agent":  # may open tickets for the people of all companies of the package, and so knows their names
        return private | far | {mark(TICKETS, RIVAL), mark(INSIDE, RIVAL)}
    if name == "rival":
        return private | far | {mark(kind, OURS) for kind in (TICKETS, PEOPLE, INSIDE)} | {mark(INSIDE, RIVAL)}
    everything = private | far | {mark(kind, RIVAL) for kind in (TICKETS, PEOPLE, INSIDE)} | {mark(INSIDE, OURS)}
    return everything | ({mark(TICKETS, OURS), mark(PEOPLE, OURS)} if name == NOBODY else set())


def missing(names: Iterable[str], near: Mapping[str, Value]) -> dict[str, Value]:
    """Values of the same kinds that nothing has."""
    return {name: MISSING_ID if isinstance(near[name], int) else MISSING_KEY for name in names}
