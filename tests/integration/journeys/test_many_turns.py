"""M4: the quote loop turned four hundred times in process: the last turn costs what the tenth did."""

from __future__ import annotations

from sqlalchemy import select

from engine.commands import tickets, user_tasks
from engine.commands.engine import Engine
from engine.commands.packages import deployments
from engine.commands.packages.folders import read_folder
from engine.commands.people import accounts, companies, tokens
from engine.domain.actors import SYSTEM
from engine.storage.tables import Instance, UserTask
from tests.support.journeys import PACKAGE, instant
from tests.support.processes import ROOT
from tests.support.statements import counting

TURNS = 400
QUOTE = {"competent": "yes", "quote_text": "Una nuova pagina", "quote_amount": 800, "quote_days": 3}
REVISION = {"decision": "revise", "changes": "Ancora un po' meno"}


def test_m4_the_four_hundredth_turn_costs_what_the_tenth_did(database, clock, sandbox):
    clock.set(instant("2026-03-02 10:00"))
    engine = Engine(database, clock, sandbox)
    deployments.deploy(engine, read_folder(ROOT / "workflows" / PACKAGE), SYSTEM, "folder")
    carla, paola, quirino = _people(engine)
    tickets.open(engine, carla, PACKAGE, "Una nuova pagina", "")

    def done(actor, **data):
        with database.read() as tx:
            (task,) = tx.execute(select(UserTask.id).where(UserTask.state == "open")).scalars()
        user_tasks.complete(engine, task, data, actor)

    def turn():
        done(quirino, **QUOTE)
        done(carla, **REVISION)

    done(paola, complete="yes", category="quote")
    done(paola, assignee=quirino.id)
    costs = {}
    for number in range(1, TURNS + 1):
        with counting(database) as counted:
            turn()
        costs[number] = (len(counted), _state_size(database))
    (statements, size), (first_statements, first_size) = costs[TURNS], costs[10]
    assert statements == first_statements
    assert abs(size - first_size) <= 0.02 * first_size


def _people(engine):
    """A customer, the PM and somebody who makes quotes."""
    company = companies.create(engine, SYSTEM, name="Rossi")
    for name, employer, role, departments in (
        ("carla", company, "customer", []), ("paola", None, "pm", []), ("quirino", None, "agent", ["quotes"])
    ):  # fmt: skip
        kind = "customer" if employer else "staff"
        account = accounts.create(
            engine, SYSTEM, email=f"{name}@example.org", name=name.title(), kind=kind, company=employer
        )
        accounts.set_memberships(engine, SYSTEM, account, PACKAGE, {role: departments})
        yield tokens.actor_for(engine, tokens.create(engine, SYSTEM, account_id=account).secret)


def _state_size(database):
    """Bytes that the only instance's state takes."""
    with database.read() as tx:
        return len(tx.execute(select(Instance.state)).scalar_one())
