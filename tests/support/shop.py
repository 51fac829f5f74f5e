"""A small package for tests of jobs, mails and lists: a shop that asks a partner for a price and tells its customer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import event

from engine.commands import tickets
from engine.commands.engine import Engine, EngineSettings
from engine.commands.packages import deployments
from engine.commands.people import accounts, companies, tokens
from engine.domain.actors import SYSTEM, Actor
from engine.job_handlers.values import HandlerSettings
from engine.storage.database import Database
from engine.worker import Worker
from tests.support.clock import VirtualClock

TOML = b"""
id = "shop"
language = "en"
title = { en = "Shop" }
process = "order"
time_zone = "Europe/Rome"
calendar = "24x7"
number = "S-{sequence:03}"

[[statuses]]
key = "working"
kind = "waiting_us"
colour = "#112233"
label = { en = "In the works" }

[[statuses]]
key = "done"
kind = "closed"
colour = "#112233"
label = { en = "Done" }

[[request_types]]
key = "repair"
label = { en = "Repair" }

[[departments]]
key = "bikes"
label = { en = "Bikes" }

[[departments]]
key = "boats"
label = { en = "Boats" }

[[fields]]
key = "price"
type = "number"
label = { en = "Price" }
visible_to = ["customer", "staff"]
given_by = ["customer", "staff"]

[[fields]]
key = "margin"
type = "number"
label = { en = "Margin" }
visible_to = ["staff"]
given_by = ["staff"]

[[roles]]
key = "boss"
label = { en = "Boss" }
kind = "staff"
sees = "all"
may = [
    "open_ticket", "open_ticket_for", "note", "note_internal", "edit_policy", "deploy", "operate", "accounts", "decide",
]

[[roles]]
key = "mechanic"
label = { en = "Mechanic" }
kind = "staff"
sees = "departments"
may = ["note", "note_internal"]

[[roles]]
key = "client"
label = { en = "Client" }
kind = "customer"
sees = "own_company"
may = ["open_ticket", "note"]

[lanes]
"Boss" = ["boss"]

[mail]
from = "The Shop <shop@example.com>"
note = "note"
"""

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def _properties(**properties: str) -> str:
    rows = "".join(f'<camunda:property name="{name}" value="{value}" />' for name, value in properties.items())
    return f"<extensionElements><camunda:properties>{rows}</camunda:properties></extensionElements>"


def diagram(url: str) -> bytes:
    """Start, mail, webhook (its error NO_CREDIT and its failure are caught), a user task, mail, end."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {NAMESPACES} id="d" targetNamespace="shop">
  <error id="no_credit" name="No credit" errorCode="NO_CREDIT" />
  <process id="order" isExecutable="true">
    <startEvent id="begin"><outgoing>f1</outgoing></startEvent>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="ask" />
    <serviceTask id="ask" name="Ask the partner" camunda:type="external" camunda:topic="webhook">
      <extensionElements>
        <camunda:properties>
          <camunda:property name="status" value="working" />
          <camunda:property name="mail" value="received" />
          <camunda:property name="mailTo" value="requester" />
        </camunda:properties>
        <camunda:inputOutput>
          <camunda:inputParameter name="url">{url}</camunda:inputParameter>
          <camunda:inputParameter name="subject">=ticket.subject</camunda:inputParameter>
        </camunda:inputOutput>
      </extensionElements>
      <incoming>f1</incoming><outgoing>f2</outgoing>
    </serviceTask>
    <boundaryEvent id="poor" name="No credit" attachedToRef="ask"><outgoing>f3</outgoing>
      <errorEventDefinition id="e1" errorRef="no_credit" /></boundaryEvent>
    <sequenceFlow id="f2" sourceRef="ask" targetRef="check" />
    <sequenceFlow id="f3" sourceRef="poor" targetRef="sorry" />
    <userTask id="check" name="Check">{_properties(groups="boss")}
      <incoming>f2</incoming><outgoing>f4</outgoing></userTask>
    <sequenceFlow id="f4" sourceRef="check" targetRef="ready" />
    <endEvent id="ready" name="Ready">{_properties(status="done", mail="ready")}<incoming>f4</incoming></endEvent>
    <endEvent id="sorry" name="Sorry">{_properties(status="done")}<incoming>f3</incoming></endEvent>
  </process>
</definitions>""".encode()


def shop(url: str = "http://127.0.0.1:9/", **more: bytes) -> dict[str, bytes]:
    """The package's files; the partner is at `url`."""
    return {
        "package.toml": TOML,
        "order.bpmn": diagram(url),
        "mail/received.txt": b"Subject: [{{ ticket.number }}] received\n\n"
        b"Dear {{ recipient.name }}, {{ ticket.subject }}\n",
        "mail/received.html": b"<p>Dear {{ recipient.name }}, {{ ticket.subject }}</p>",
        "mail/ready.txt": b"Subject: {{ ticket.status_label }}\n\n{{ price }} {{ ticket.url }}\n",
        "mail/note.txt": b"Subject: {{ note.author }} wrote\n\n{{ note.text }}\n",
        **more,
    }


@dataclass
class Shop:
    """The package deployed, with people: whoever a test needs, by a word."""

    engine: Engine
    clock: VirtualClock
    people: dict[str, Actor] = field(default_factory=dict)

    @classmethod
    def opened(cls, database: Database, clock: VirtualClock, sandbox: Any, smtp_url: str = "", url: str = "") -> Shop:
        """Deploys, and makes a boss, a mechanic for bikes, and clients of two companies."""
        handlers = HandlerSettings(smtp_url=smtp_url, webhook_private_hosts=frozenset({"127.0.0.1"}), timeout=5)
        settings = EngineSettings(handlers=handlers, base_url="https://shop.example.com")
        made = cls(Engine(database, clock, sandbox, settings), clock)
        deployments.deploy(made.engine, shop(url or "http://127.0.0.1:9/"), SYSTEM, "folder")
        red = companies.create(made.engine, SYSTEM, name="Red")
        blue = companies.create(made.engine, SYSTEM, name="Blue")
        made.join("boss", "staff", None, {"boss": []})
        made.join("mechanic", "staff", None, {"mechanic": ["bikes"]})
        made.join("anna", "customer", red, {"client": []})
        made.join("aldo", "customer", red, {"client": []})
        made.join("bruno", "customer", blue, {"client": []})
        made.join("stranger", "staff", None, {})
        return made

    def join(self, name: str, kind: Any, company: int | None, roles: dict[str, list[str]]) -> Actor:
        """An account `name@example.org`, with its roles in the shop; kept under its name."""
        account = accounts.create(
            self.engine, SYSTEM, email=f"{name}@example.org", name=name.title(), kind=kind, company=company
        )
        accounts.set_memberships(self.engine, SYSTEM, account, "shop", roles)
        self.people[name] = tokens.actor_for(self.engine, tokens.create(self.engine, SYSTEM, account_id=account).secret)
        return self.people[name]

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]

    def order(self, subject: str = "Squeaks", who: str = "anna") -> int:
        """A new ticket's id."""
        opened = tickets.open(self.engine, self[who], "shop", subject, "")
        assert not opened.problem
        return opened.ticket_id

    def tick(self, **settings: Any) -> int:
        """One round of a worker, with other settings of the handlers if any are given."""
        if settings:
            handlers = replace(self.engine.settings.handlers, **settings)
            self.engine.settings = replace(self.engine.settings, handlers=handlers)
        return Worker(self.engine).tick()

    def rows(self, statement: Any) -> list[Any]:
        """What the database says."""
        with self.engine.database.read() as tx:
            return list(tx.execute(statement).all())


class Counted:
    """Counts the statements on a database within a `with`; BEGIN, COMMIT and savepoints don't count."""

    def __init__(self, database: Database) -> None:
        self._sql = database.sql
        self.statements: list[str] = []

    def __enter__(self) -> Counted:
        event.listen(self._sql, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._sql, "before_cursor_execute", self._note)

    def _note(self, _c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split()[0] not in ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"):
            self.statements.append(statement)
