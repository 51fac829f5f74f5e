"""A form as it is read: what its fields begin with, and whom its accounts may be chosen from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.commands import actions as acting
from engine.commands import tickets, user_tasks
from engine.commands.packages import deployments
from engine.commands.people import accounts
from engine.domain.actors import SYSTEM
from engine.domain.errors import Invalid
from engine.queries import actions
from engine.queries import user_tasks as reads
from tests.support.shop import NAMESPACES, Counted, Shop
from tests.support.shop import shop as shop_files

DIAGRAM = f"""<definitions {NAMESPACES} id="d" targetNamespace="shop"><process id="order" isExecutable="true">
  <startEvent id="begin"><extensionElements><camunda:properties>
    <camunda:property name="status" value="working"/><camunda:property name="set.department" value="bikes"/>
    <camunda:property name="set.margin" value="=7"/></camunda:properties></extensionElements></startEvent>
  <sequenceFlow id="f1" sourceRef="begin" targetRef="check"/>
  <userTask id="check" name="Check" camunda:formKey="check" camunda:candidateGroups="boss,client@company"/>
  <sequenceFlow id="f2" sourceRef="check" targetRef="ready"/>
  <endEvent id="ready"/></process></definitions>""".encode()

ACTION = b"""
[[actions]]
key = "again"
label = { en = "Again" }
process = "order"
roles = ["boss"]
form = "check"
"""


def chooses(key: str, group: str) -> dict[str, Any]:
    return {
        "type": "select", "key": key, "label": key, "valuesKey": f"{key}_people", "properties": {"account": group},
    }  # fmt: skip


FORM = {
    "type": "default",
    "components": [
        {"type": "textfield", "key": "ticket.subject", "label": "Subject", "readonly": True},
        {"type": "number", "key": "price", "label": "Price"},
        {"type": "number", "key": "margin", "label": "Margin"},
        {"type": "group", "label": "Who", "components": [chooses("who", "mechanic@department")]},
        chooses("friend", "client@company"),
    ],
}


@pytest.fixture
def task(shop: Shop) -> int:
    """The id of a user task with the form, on an order of Anna's that has a price."""
    return ordered(shop, ACTION)


def ordered(shop: Shop, actions: bytes) -> int:
    shop.join("boats", "staff", None, {"mechanic": ["boats"]})
    gone = shop.join("gone", "staff", None, {"mechanic": ["bikes"]})
    accounts.disable(shop.engine, SYSTEM, gone.id)
    files = shop_files()
    files |= {"order.bpmn": DIAGRAM, "forms/check.form": json.dumps(FORM).encode()}
    files["package.toml"] += actions
    deployments.deploy(shop.engine, files, SYSTEM, "folder")
    tickets.open(shop.engine, shop["anna"], "shop", "Squeaks", "", {"price": 12})
    return reads.listed(shop.engine, shop["boss"]).items[0].id


def people(shop: Shop, *names: str) -> list[dict[str, Any]]:
    return [{"label": name.title(), "value": shop[name].id} for name in names]


def test_a_form_begins_with_what_the_ticket_says_and_names_whom_to_choose(shop: Shop, task: int) -> None:
    assert reads.one(shop.engine, shop["boss"], task).values == {
        "ticket": {"subject": "Squeaks"},
        "price": 12,
        "margin": 7,
        "who_people": people(shop, "mechanic"),
        "friend_people": people(shop, "aldo", "anna"),
    }


def test_a_form_tells_nobody_what_they_may_not_see(shop: Shop, task: int) -> None:
    values = reads.one(shop.engine, shop["aldo"], task).values
    assert (values["price"], "margin" in values) == (12, False)


def test_an_actions_form_begins_likewise(shop: Shop, task: int) -> None:
    ticket = reads.one(shop.engine, shop["boss"], task).ticket
    (again,) = actions.offered(shop.engine, shop["boss"], ticket)
    assert again.values == reads.one(shop.engine, shop["boss"], task).values


def test_ten_actions_with_forms_take_no_more_statements_than_one(shop: Shop) -> None:
    ten = b"".join(ACTION.replace(b"again", b"again%d" % number) for number in range(10))
    ticket = reads.one(shop.engine, shop["boss"], ordered(shop, ten)).ticket
    with Counted(shop.engine.database) as counted:
        assert len(actions.offered(shop.engine, shop["boss"], ticket)) == 10
    # packages, ticket, messages that are waited for; for forms the whole ticket, and people
    assert len(counted.statements) == 5, "\n".join(counted.statements)
    assert "memberships.role IN" in counted.statements[-1]


def test_whoever_is_offered_is_taken_and_nobody_else(shop: Shop, task: int) -> None:
    ticket = reads.one(shop.engine, shop["boss"], task).ticket
    with pytest.raises(Invalid) as refused:
        user_tasks.complete(shop.engine, task, {"who": shop["boats"].id, "friend": shop["bruno"].id}, shop["boss"])
    assert set(refused.value.fields) == {"who", "friend"}
    acting.act(shop.engine, ticket, "again", {"who": shop["mechanic"].id, "friend": shop["aldo"].id}, shop["boss"])
    user_tasks.complete(shop.engine, task, {"who": shop["mechanic"].id, "friend": shop["aldo"].id}, shop["boss"])
