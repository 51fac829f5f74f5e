"""Actions: what people may do with a ticket beside their user tasks, as its package says."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.commands import actions
from engine.queries import actions as reads
from engine.queries.reading import reading
from web.http.operations import Call, Input, Output, Routes, example

routes = Routes("actions")

OFFERED = "/tickets/<id:ticket_id>/actions"


class ActionData(Input):
    """What the action's form asks for, by key."""

    model_config = example({"data": {"reason": "Sold the bicycle"}})

    data: dict[str, Any] = Field(default_factory=dict)


class Action(Output):
    """Something that the reader may do now; `form` is its form-js schema, `values` what that begins with."""

    key: str
    label: str
    form: dict[str, Any] | None
    values: dict[str, Any]


class Actions(Output):
    """All actions that are offered."""

    items: list[Action]


class Acted(Output):
    """`delivered`: the ticket's process got the action's message; `started`: the action's process runs."""

    outcome: Literal["delivered", "started"]


@routes.add("GET", OFFERED, scope="read", gives=Actions)
def offered(call: Call, ticket_id: int) -> Any:
    """List the actions that one may take on a ticket now."""
    with reading(call.engine, call.actor, call.language):
        return {"items": reads.offered(call.engine, call.actor, ticket_id)}


@routes.add("POST", "/tickets/<id:ticket_id>/actions/<key:action>", scope="write", body=ActionData, gives=Acted)
def act(call: Call, ticket_id: int, action: str, body: ActionData) -> Any:
    """Take an action on a ticket.

    Its data are checked against the action's form: 422 with a text per field.
    """
    return {"outcome": actions.act(call.engine, ticket_id, action, body.data, call.actor)}
