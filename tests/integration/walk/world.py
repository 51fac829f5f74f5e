"""Two packages, three companies, and somebody for every role, with a mark in each text that is foreign to somebody.

A mark found in an answer says whose data leaked. What is foreign to whom stands in `visitors`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from engine.commands import messages, notes, tickets, user_tasks
from engine.commands.engine import Engine
from engine.commands.files import attachments
from engine.commands.packages import migrations
from engine.commands.packages.folders import deploy_folder
from engine.commands.people import accounts, companies, drafts, sessions, tokens, views
from engine.commands.people.passwords import hash_password
from engine.commands.stepping import StepKept
from engine.domain.actors import SYSTEM, Actor, Membership
from engine.storage.tables import Account, Attachment, Deployment, Incident, Instance, Job, Mail, UserTask
from engine.worker import Worker
from tests.support.clock import VirtualClock
from tests.support.processes import ROOT

HOME, ELSEWHERE = "mrdoc", "klempner"
PASSWORD = "correct horse battery"

#: what a company tells in its tickets; who its people are; what staff says of its tickets among themselves
TICKETS, PEOPLE, INSIDE = "xqtickets", "xqpeople", "xqinside"
#: what only its owner may see: drafts, unsent files, tokens; and sessions, which who manages people sees as well
PRIVATE, DEVICE = "xqprivate", "xqdevice"
#: companies of customers: ours, a rival in the same package, one of the other package
OURS, RIVAL, FAR = "acme", "rival", "far"
WORDS = ("acme", "rival", "far")


def mark(kind: str, whose: str) -> str:
    """A word that stands nowhere else: `xqticketsrival`."""
    return kind + whose


@dataclass
class Case:
    """A ticket with what hangs on it."""

    ticket: int
    #: the user task that staff has to do
    task: int
    instance: str
    attachment: int
    #: that customers don't see
    hidden_attachment: int
    job: str
    mail: str
    incident: int
    #: a user task for the customer; 0 where there is none
    decision: int = 0


@dataclass
class World:
    """Everything, by name."""

    engine: Engine
    #: stands behind every text that somebody wrote
    tail: str = ""
    people: dict[str, Actor] = field(default_factory=dict)
    companies: dict[str, int] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    deployments: dict[str, int] = field(default_factory=dict)
    #: a migration of each package
    migrations: dict[str, int] = field(default_factory=dict)
    #: a session, a token, an unsent file and a saved view of somebody's, by their name
    sessions: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    uploads: dict[str, int] = field(default_factory=dict)
    views: dict[str, int] = field(default_factory=dict)
    #: what signs somebody in: the session's secret, the session's CSRF token, a bearer token
    secrets: dict[str, str] = field(default_factory=dict)
    csrf: dict[str, str] = field(default_factory=dict)
    bearers: dict[str, str] = field(default_factory=dict)
    #: all rows of each table, as they were last looked at
    content: dict[str, list[str]] = field(default_factory=dict)

    def first(self, column: Any, *where: Any) -> Any:
        """A value of the first row that fits."""
        with self.engine.database.read() as tx:
            return tx.execute(select(column).where(*where).limit(1)).scalar_one()


#: name → role, departments, company; staff without one. The second of a kind has private things
STAFF = {
    "agent": ("agent", ["crm"]), "agent2": ("agent", ["crm"]), "site": ("agent", ["site"]),
    "quotes": ("agent", ["quotes"]),
    "pm": ("pm", []), "manager": ("manager", []), "owner": ("owner", []), "operator": ("operator", []),
}  # fmt: skip
CUSTOMERS = {
    "customer": ("customer", OURS), "customer2": ("customer", OURS), "approver": ("approver", OURS),
    "rival": ("customer", RIVAL),
}  # fmt: skip
FAR_PEOPLE = {"guest": ("kunde", FAR), "planner": ("disponent", ""), "fitter": ("monteur", "")}


def build(engine: Engine, clock: VirtualClock, home: Path = ROOT / "workflows" / HOME, tail: str = "") -> World:
    """Makes it all by commands; `home`: the folder of the package at home."""
    world = World(engine, tail)
    for folder in (home, ROOT / "tests" / "packages" / ELSEWHERE):
        deploy_folder(engine, folder)
        world.deployments[folder.name] = world.first(Deployment.id, Deployment.package_id == folder.name)
        world.migrations[folder.name] = migrations.start(engine, SYSTEM, folder.name, 1, {})
    _populate(world)
    for name in WORDS:
        world.cases[name] = _far_case(world) if name == FAR else _case(world, name)
        clock.advance(minutes=7)
    Worker(engine).tick()
    for name, case in world.cases.items():
        world.cases[name] = _with_mail(world, case)
    for name in ("customer2", "agent2", "guest", "rival"):
        _keep_private(world, name)
    for name in world.people:
        _sign_in(world, name)
    return world


def _populate(world: World) -> None:
    for name in WORDS:
        world.companies[name] = companies.create(
            world.engine, SYSTEM, name=f"{mark(PEOPLE, name)} Ltd{world.tail}", vat_number=f"IT{mark(PEOPLE, name)}",
            reference=mark(PEOPLE, name), services=[mark(PEOPLE, name) + world.tail],
        )  # fmt: skip
    for name, (role, departments) in STAFF.items():
        _person(world, name, HOME, role, departments, "")
    for name, (role, company) in CUSTOMERS.items():
        _person(world, name, HOME, role, [], company)
    for name, (role, company) in FAR_PEOPLE.items():
        _person(world, name, ELSEWHERE, role, ["heizung", "notdienst"] if role == "monteur" else [], company)
    world.people["administrator"] = Actor(
        accounts.create(world.engine, SYSTEM, email="root@home.example", name="Root", kind="staff", administrator=True),
        "Root", "root@home.example", administrator=True,
    )  # fmt: skip
    with world.engine.database.begin() as tx:
        tx.execute(update(Account).values(password_hash=hash_password(PASSWORD)))


def _person(world: World, name: str, package: str, role: str, departments: list[str], company: str) -> None:
    whose = company or ("" if package == HOME else FAR)
    called = f"{mark(PEOPLE, whose) if whose else 'Staff'} {name.title()}{world.tail}"
    email = f"{name}@{mark(PEOPLE, whose) if whose else 'home'}.example"
    kind: Any = "customer" if company else "staff"
    number = accounts.create(
        world.engine, SYSTEM, email=email, name=called, kind=kind, company=world.companies.get(company)
    )
    accounts.set_memberships(world.engine, SYSTEM, number, package, {role: departments})
    membership = Membership(package, role, tuple(departments))
    world.people[name] = Actor(number, called, email, kind, world.companies.get(company), (membership,))


def _case(world: World, whose: str) -> Case:
    """A ticket that somebody works on, another whose quote waits for the customer's decision."""
    engine, people = world.engine, world.people
    customer, department = (people["customer"], "crm") if whose == OURS else (people["rival"], "site")
    agent = people["agent"] if whose == OURS else people["site"]
    told, inside = mark(TICKETS, whose) + world.tail, mark(INSIDE, whose) + world.tail
    ticket_id = tickets.open(engine, customer, HOME, f"{told} subject", f"{told} text").ticket_id
    _complete(world, ticket_id, "check_request", "pm", complete="yes", category=f"bug_{department}")
    _complete(world, ticket_id, "assign", "pm", assignee=agent.id, instructions=f"{inside} instructions")
    notes.add(engine, ticket_id, agent, f"{told} note", True, "customer")
    notes.add(engine, ticket_id, people["pm"], f"{inside} note", False)
    tickets.edit(engine, people["pm"], ticket_id, {"solution": f"{told} solution", "delay_cause": f"{inside} cause"})
    try:
        messages.publish(
            engine, HOME, "date_agreed", str(ticket_id), {"reason": f"{inside} reason"}, people["operator"]
        )
    except StepKept:
        pass
    return _case_of(world, ticket_id, agent, told, inside, _quote(world, customer, told))


def _quote(world: World, customer: Actor, told: str) -> int:
    ticket_id = tickets.open(world.engine, customer, HOME, f"{told} quote", "").ticket_id
    _complete(world, ticket_id, "check_request", "pm", complete="yes", category="quote")
    _complete(world, ticket_id, "assign", "pm", assignee=world.people["quotes"].id)
    quoted = {"competent": "yes", "quote_text": f"{told} quoted", "quote_amount": 10, "quote_days": 1}
    _complete(world, ticket_id, "estimate", "quotes", **quoted)
    return int(world.first(UserTask.id, UserTask.ticket_id == ticket_id, UserTask.state == "open"))


def _far_case(world: World) -> Case:
    engine, guest, planner = world.engine, world.people["guest"], world.people["planner"]
    told, inside = mark(TICKETS, FAR) + world.tail, mark(INSIDE, FAR) + world.tail
    ticket_id = tickets.open(engine, guest, ELSEWHERE, f"{told} subject", f"{told} text").ticket_id
    notes.add(engine, ticket_id, guest, f"{told} note", True)
    notes.add(engine, ticket_id, planner, f"{inside} note", False)
    return _case_of(world, ticket_id, planner, told, inside, 0)


def _case_of(world: World, ticket_id: int, staff: Actor, told: str, inside: str, decision: int) -> Case:
    engine = world.engine
    shown = attachments.attach(engine, staff, ticket_id, f"{told}.txt", BytesIO(f"{told} content".encode()))
    hidden = attachments.attach(
        engine, staff, ticket_id, f"{inside}.txt", BytesIO(f"{inside} content".encode()), public=False
    )
    return Case(
        ticket_id, world.first(UserTask.id, UserTask.ticket_id == ticket_id, UserTask.state == "open"),
        world.first(Instance.id, Instance.ticket_id == ticket_id), shown.id, hidden.id, "", "", 0, decision,
    )  # fmt: skip


def _with_mail(world: World, case: Case) -> Case:
    """The case with a job, a mail and an incident, once the worker has done what was due."""
    case.job = world.first(Job.id, Job.ticket_id == case.ticket)
    case.mail = world.first(Mail.id, Mail.ticket_id == case.ticket)
    with world.engine.database.begin() as tx:
        known = tx.execute(select(Incident.id).where(Incident.ticket_id == case.ticket)).scalar()
        case.incident = known or _incident(world, tx, case)
        inside = next(mark(INSIDE, name) for name, other in world.cases.items() if other is case)
        tx.execute(update(Incident).where(Incident.id == case.incident).values(problem=f"{inside} problem{world.tail}"))
    return case


def _incident(world: World, tx: Any, case: Case) -> int:
    """As a job that failed for good leaves one."""
    from engine.storage.operations import incidents

    row = {
        "kind": "job", "cause": "job", "package_id": ELSEWHERE, "ticket_id": case.ticket, "instance_id": case.instance,
        "token": None, "element": "", "problem": "", "event": None, "job_id": case.job, "mail_id": None,
        "message_id": None, "state": "open", "raised_at": world.engine.clock(), "raised_by": 0,
    }  # fmt: skip
    return int(incidents.put(tx, row))


def _complete(world: World, ticket_id: int, element: str, by: str, **data: Any) -> None:
    task = world.first(
        UserTask.id, UserTask.ticket_id == ticket_id, UserTask.element == element, UserTask.state == "open"
    )
    user_tasks.complete(world.engine, task, data, world.people[by])


def _keep_private(world: World, name: str) -> None:
    """A draft at every kind of place, an unsent file, a token and a session, all with marks."""
    engine, actor, private = world.engine, world.people[name], mark(PRIVATE, name) + world.tail
    for case in world.cases.values():
        for place in (f"note:{case.ticket}", f"user-task:{case.task}", f"action:{case.ticket}:withdraw"):
            drafts.keep(engine, actor, place, {"text": private, "solution": private})
    for package in (HOME, ELSEWHERE):
        drafts.keep(engine, actor, f"ticket:{package}", {"subject": private, "text": private})
        attachments.upload(engine, actor, f"ticket:{package}", f"{private}.txt", BytesIO(private.encode()))
    world.uploads[name] = world.first(Attachment.id, Attachment.author_id == actor.id, Attachment.ticket_id.is_(None))
    world.views[name] = views.save(engine, actor, private[: views.NAME], f"text={private}", standard=False)
    issued = tokens.create(engine, SYSTEM, name=f"{private} token", lifetime=timedelta(days=9), account_id=actor.id)
    world.tokens[name] = issued.id
    begun = sessions.begin(engine, actor.email, PASSWORD, agent=f"{mark(DEVICE, name)} browser{world.tail}")
    world.sessions[name] = sessions.signed_in(engine, begun.secret).session


def _sign_in(world: World, name: str) -> None:
    begun = sessions.begin(world.engine, world.people[name].email, PASSWORD, agent="Walk")
    world.secrets[name] = begun.secret
    signed_in = sessions.signed_in(world.engine, begun.secret)
    world.csrf[name] = signed_in.csrf
    world.views.setdefault(name, views.save(world.engine, world.people[name], "Mine", "status=open"))
    world.sessions.setdefault(name, signed_in.session)
    issued = tokens.create(world.engine, SYSTEM, name="walk", account_id=world.people[name].id)
    world.bearers[name] = issued.secret
    world.tokens.setdefault(name, issued.id)
